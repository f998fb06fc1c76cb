create or replace function internal.feed_posts_ranked(
    p internal.feed_context, p_mode text, out ids uuid[], out authors integer[], out reasons smallint[]
)
language plpgsql stable set search_path = ''
as $$
begin
    with found as (
        select distinct on (c.item_id) c.*
        from (
            select * from internal.feed_posts_by_authors(p, p_mode = 'following') where p_mode <> 'trending'
            union all
            select * from internal.feed_items_by_tags(p, 'post') where p_mode = 'for_you'
            union all
            select * from internal.feed_posts_by_new_authors(p) where p_mode = 'for_you'
            union all
            select * from internal.feed_posts_trending(p, 500) where p_mode <> 'following'
        ) c
        where c.author_id <> p.viewer_id
            and c.author_id not in (select unnest(p.silenced))
            and c.item_id not in (select unnest(p.unwanted))
        order by c.item_id, c.score desc, c.reason
    ),
    decayed as (
        select f.item_id, f.author_id, f.reason,
            f.score + ln(
                (1 - (p.weights).diversity_floor) * (p.weights).diversity_decay ^ (
                    row_number() over (partition by f.author_id order by f.score desc, f.item_id desc) - 1
                ) + (p.weights).diversity_floor
            ) as score
        from found f
    ),
    best as (
        select d.* from decayed d order by d.score desc, d.item_id desc limit 500
    ),
    placed as (
        select b.item_id, b.reason, dense_rank() over (order by b.author_id) as author,
            row_number() over (order by b.score desc, b.item_id desc) as place
        from best b
    )
    select array_agg(b.item_id order by b.place), array_agg(b.author order by b.place),
        array_agg(b.reason order by b.place)
    into ids, authors, reasons
    from placed b;
end
$$;
comment on function internal.feed_posts_ranked(internal.feed_context, text) is
'The posts of a new slate by score; each further post of an author counts less.';
revoke all on function internal.feed_posts_ranked(internal.feed_context, text) from public;

create or replace function internal.feed_shop_ranked(
    p internal.feed_context, p_mode text, out ids uuid[], out authors integer[], out reasons smallint[]
)
language plpgsql stable set search_path = ''
as $$
begin
    with found as (
        select distinct on (c.item_id) c.*
        from (
            select * from internal.feed_shop_items_offered(p, 160) where p_mode <> 'following'
            union all
            select * from internal.feed_items_by_tags(p, 'shop_item') where p_mode = 'for_you'
        ) c
        where c.author_id <> p.viewer_id
            and c.author_id not in (select unnest(p.silenced))
            and c.item_id not in (select unnest(p.unwanted))
        order by c.item_id, c.score desc, c.reason
    ),
    best as (
        select f.* from found f order by f.score desc, f.item_id desc limit 125
    ),
    placed as (
        select b.item_id, b.reason, dense_rank() over (order by b.author_id) as author,
            row_number() over (order by b.score desc, b.item_id desc) as place
        from best b
    )
    select array_agg(b.item_id order by b.place), array_agg(b.author order by b.place),
        array_agg(b.reason order by b.place)
    into ids, authors, reasons
    from placed b;
end
$$;
comment on function internal.feed_shop_ranked(internal.feed_context, text) is 'The shop items of a new slate by score.';
revoke all on function internal.feed_shop_ranked(internal.feed_context, text) from public;

create or replace function internal.feed_slate_build(p_viewer uuid, p_mode text, p_epoch bigint, p_at timestamptz)
returns public.feed_slates
language plpgsql stable set search_path = ''
as $$
declare
    v_context constant internal.feed_context := internal.feed_context(p_viewer, p_at);
    v_posts record;
    v_shop record;
    v_slate public.feed_slates;
begin
    select * into v_posts from internal.feed_posts_ranked(v_context, p_mode);
    select * into v_shop from internal.feed_shop_ranked(v_context, p_mode);
    v_slate.viewer_id := p_viewer;
    v_slate.mode := p_mode;
    v_slate.epoch := p_epoch;
    v_slate.weights_version := (v_context.weights).version;
    -- At most two of an author in twenty posts; shop items are spread as they are seen, one in five.
    select coalesce(array_agg(v_posts.ids[o.i] order by o.n), '{}'),
        coalesce(array_agg(v_posts.reasons[o.i] order by o.n), '{}')
    into v_slate.post_ids, v_slate.post_reasons
    from unnest(internal.feed_spread(v_posts.authors, 20, 16)) with ordinality o (i, n);
    select coalesce(array_agg(v_shop.ids[o.i] order by o.n), '{}'),
        coalesce(array_agg(v_shop.reasons[o.i] order by o.n), '{}')
    into v_slate.shop_ids, v_slate.shop_reasons
    from unnest(internal.feed_spread(v_shop.authors, 4, 16)) with ordinality o (i, n);
    return v_slate;
end
$$;
comment on function internal.feed_slate_build(uuid, text, bigint, timestamptz) is
'Candidates, score, diversity: what the viewer will read, as of now. Writes nothing.';
revoke all on function internal.feed_slate_build(uuid, text, bigint, timestamptz) from public;
