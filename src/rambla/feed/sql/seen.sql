-- What was seen stands behind what was not, and is never left out: who has seen everything reads it again.
create or replace function internal.feed_seen(p_viewer uuid, p_at timestamptz) returns uuid[]
language plpgsql stable set search_path = ''
as $$
begin
    return array(
        select f.item_id
        from public.feed_firsts f
        where f.viewer_id = p_viewer
            and f.at > p_at - make_interval(days => internal.setting('feed_seen_days')::integer)
        order by f.at desc
        limit 2000
    );
end
$$;
comment on function internal.feed_seen(uuid, timestamptz) is 'The items that a viewer has seen lately, the newest first.';
revoke all on function internal.feed_seen(uuid, timestamptz) from public;

-- Looked up once for both kinds of items.
drop function if exists internal.feed_seen_ranked(internal.feed_context, text, text);
create or replace function internal.feed_seen_ranked(
    p internal.feed_context, p_mode text,
    out post_ids uuid[], out post_authors integer[], out shop_ids uuid[], out shop_authors integer[]
)
language plpgsql stable set search_path = ''
as $$
declare
    v_tired constant internal.feed_tired[] := p.tired;
begin
    with found as (
        select i.item_type, i.item_id, i.author_id,
            i.rank_key + case
                when v_tired is null then 0 else internal.feed_damp_of(v_tired, i.item_id, i.author_id)
            end as score
        from (select distinct u.item_id from unnest(p.seen[:400]) u (item_id)) s
        cross join lateral (select * from public.feed_items i where i.item_id = s.item_id offset 0) i
        where i.live
            and i.author_id <> p.viewer_id
            and i.author_id not in (select unnest(p.silenced))
            and (
                (i.visibility = 'public' and p_mode <> 'following')
                or exists (
                    select from public.follows f where f.follower_id = p.viewer_id and f.followee_id = i.author_id
                )
            )
    )
    select array_agg(f.item_id) filter (where f.item_type = 'post'),
        array_agg(f.author) filter (where f.item_type = 'post'),
        array_agg(f.item_id) filter (where f.item_type = 'shop_item'),
        array_agg(f.author) filter (where f.item_type = 'shop_item')
    into post_ids, post_authors, shop_ids, shop_authors
    from (
        select f.item_type, f.item_id, dense_rank() over (order by f.author_id)::integer as author
        from found f
        where f.score > '-infinity'
        order by f.score desc, f.item_id desc
    ) f;
end
$$;
comment on function internal.feed_seen_ranked(internal.feed_context, text) is
'What the viewer has seen, by score: the end of a new slate.';
revoke all on function internal.feed_seen_ranked(internal.feed_context, text) from public;
