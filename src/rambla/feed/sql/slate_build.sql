create or replace function internal.feed_posts_ranked(
    p internal.feed_context, p_mode text, out ids uuid[], out authors integer[], out reasons smallint[]
)
language plpgsql stable set search_path = ''
as $$
declare
    v_decay constant double precision := (p.weights).diversity_decay;
    v_floor constant double precision := (p.weights).diversity_floor;
    v_tired constant internal.feed_tired[] := p.tired;
    v_muted constant text := p.muted;
begin
    with found as (
        select distinct on (c.item_id) c.*
        from (
            select *
            from internal.feed_posts_by_authors(p, p_mode = 'following', case p_mode when 'following' then 512 else 320 end)
            where p_mode <> 'trending'
            union all
            select * from internal.feed_items_by_tags(p, 'post') where p_mode = 'for_you'
            union all
            select * from internal.feed_posts_by_new_authors(p) where p_mode = 'for_you'
            union all
            select * from internal.feed_posts_trending(p, case p_mode when 'trending' then 500 else 400 end)
            where p_mode <> 'following'
        ) c
        where c.author_id <> p.viewer_id
            and c.author_id not in (select unnest(p.silenced))
            and c.item_id not in (select unnest(p.unwanted))
            and (v_muted is null or not internal.feed_speaks_of(c.item_id, v_muted))
        order by c.item_id, c.score desc, c.reason
    ),
    damped as (
        select f.item_id, f.author_id, f.reason,
            f.score + case
                when v_tired is null then 0 else internal.feed_damp_of(v_tired, f.item_id, f.author_id)
            end as score
        from found f
    ),
    decayed as (
        select f.item_id, f.reason, dense_rank() over (order by f.author_id) as author,
            f.score + ln(
                (1 - v_floor) * v_decay ^ (
                    row_number() over (partition by f.author_id order by f.score desc, f.item_id desc) - 1
                ) + v_floor
            ) as score
        from damped f
        where f.score > '-infinity'
    )
    select array_agg(d.item_id), array_agg(d.author), array_agg(d.reason)
    into ids, authors, reasons
    from (select * from decayed d order by d.score desc, d.item_id desc limit 500) d;
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
declare
    v_tired constant internal.feed_tired[] := p.tired;
    v_muted constant text := p.muted;
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
            and (v_muted is null or not internal.feed_speaks_of(c.item_id, v_muted))
        order by c.item_id, c.score desc, c.reason
    ),
    damped as (
        select f.item_id, f.author_id, f.reason,
            f.score + case
                when v_tired is null then 0 else internal.feed_damp_of(v_tired, f.item_id, f.author_id)
            end as score
        from found f
    )
    select array_agg(f.item_id), array_agg(f.author), array_agg(f.reason)
    into ids, authors, reasons
    from (
        select f.item_id, f.reason, dense_rank() over (order by f.author_id) as author
        from damped f
        where f.score > '-infinity'
        order by f.score desc, f.item_id desc
        limit 125
    ) f;
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
    v_slate public.feed_slates;
    -- Variables of their own: an array inside a record is unpacked again for each element that is asked of it.
    v_ids uuid[];
    v_authors integer[];
    v_reasons smallint[];
begin
    v_slate.viewer_id := p_viewer;
    v_slate.mode := p_mode;
    v_slate.epoch := p_epoch;
    v_slate.weights_version := (v_context.weights).version;

    -- At most two of an author in twenty posts. Shop items are seen one in five, so four of them are as far apart.
    select r.ids, r.authors, r.reasons into v_ids, v_authors, v_reasons
    from internal.feed_posts_ranked(v_context, p_mode) r;
    select coalesce(array_agg(v_ids[o.i]), '{}'), coalesce(array_agg(v_reasons[o.i]), '{}')
    into v_slate.post_ids, v_slate.post_reasons
    from unnest(internal.feed_spread(v_authors, 20)) o (i);

    select r.ids, r.authors, r.reasons into v_ids, v_authors, v_reasons
    from internal.feed_shop_ranked(v_context, p_mode) r;
    select coalesce(array_agg(v_ids[o.i]), '{}'), coalesce(array_agg(v_reasons[o.i]), '{}')
    into v_slate.shop_ids, v_slate.shop_reasons
    from unnest(internal.feed_spread(v_authors, 4)) o (i);
    return case when v_context.seen = '{}' then v_slate else internal.feed_slate_with_seen(v_slate, v_context) end;
end
$$;
comment on function internal.feed_slate_build(uuid, text, bigint, timestamptz) is
'Candidates, score, diversity: what the viewer will read, as of now. Writes nothing.';
revoke all on function internal.feed_slate_build(uuid, text, bigint, timestamptz) from public;

create or replace function internal.feed_slate_with_seen(p_slate public.feed_slates, p internal.feed_context)
returns public.feed_slates
language plpgsql stable set search_path = ''
as $$
declare
    v_seen constant smallint := array_position(internal.feed_reasons(), 'seen');
    v_slate public.feed_slates := p_slate;
    v_ids uuid[];
    v_authors integer[];
begin
    select r.ids, r.authors into v_ids, v_authors from internal.feed_seen_ranked(p, p_slate.mode, 'post') r;
    v_slate.post_ids := v_slate.post_ids || array(
        select v_ids[o.i] from unnest(internal.feed_spread(v_authors, 20)) o (i)
    );
    v_slate.post_reasons := v_slate.post_reasons || array_fill(v_seen, array[coalesce(cardinality(v_ids), 0)]);

    if p_slate.mode <> 'following' then
        select r.ids, r.authors into v_ids, v_authors from internal.feed_seen_ranked(p, p_slate.mode, 'shop_item') r;
        v_slate.shop_ids := v_slate.shop_ids || array(
            select v_ids[o.i] from unnest(internal.feed_spread(v_authors, 4)) o (i) limit 256
        );
        v_slate.shop_reasons := v_slate.shop_reasons
            || array_fill(v_seen, array[least(coalesce(cardinality(v_ids), 0), 256)]);
    end if;
    return v_slate;
end
$$;
comment on function internal.feed_slate_with_seen(public.feed_slates, internal.feed_context) is
'A new slate with what the viewer has seen behind everything else.';
revoke all on function internal.feed_slate_with_seen(public.feed_slates, internal.feed_context) from public;
