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

create or replace function internal.feed_seen_ranked(
    p internal.feed_context, p_mode text, p_item_type text, out ids uuid[], out authors integer[]
)
language plpgsql stable set search_path = ''
as $$
declare
    v_tired constant internal.feed_tired[] := p.tired;
begin
    with found as (
        select i.item_id, i.author_id,
            i.rank_key + case
                when v_tired is null then 0 else internal.feed_damp_of(v_tired, i.item_id, i.author_id)
            end as score
        from (select distinct u.item_id from unnest(p.seen[:400]) u (item_id)) s
        join public.feed_items i on i.item_id = s.item_id
        where i.item_type = p_item_type
            and i.live
            and i.author_id <> p.viewer_id
            and i.author_id not in (select unnest(p.silenced))
            and (
                (i.visibility = 'public' and p_mode <> 'following')
                or exists (
                    select from public.follows f where f.follower_id = p.viewer_id and f.followee_id = i.author_id
                )
            )
    )
    select array_agg(f.item_id order by f.score desc, f.item_id desc),
        array_agg(f.author order by f.score desc, f.item_id desc)
    into ids, authors
    from (
        select f.item_id, f.score, dense_rank() over (order by f.author_id) as author
        from found f
        where f.score > '-infinity'
    ) f;
end
$$;
comment on function internal.feed_seen_ranked(internal.feed_context, text, text) is
'What the viewer has seen, by score: the end of a new slate.';
revoke all on function internal.feed_seen_ranked(internal.feed_context, text, text) from public;
