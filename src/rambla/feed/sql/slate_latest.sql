-- Newest first is a promise: nothing is ranked, spread, mixed with the shop, or put behind because it was seen.
create or replace function internal.feed_slate_latest(p_slate public.feed_slates, p internal.feed_context)
returns public.feed_slates
language plpgsql stable set search_path = ''
as $$
declare
    v_slate public.feed_slates := p_slate;
    v_each constant integer := greatest(8, 512 / greatest(1, cardinality(p.followees)));
begin
    v_slate.complete := true;
    with found as (
        select i.item_id, i.published_at as at, 1::smallint as reason
        from unnest(p.followees) f (author_id)
        cross join lateral (
            select i.item_id, i.published_at
            from public.feed_items i
            where i.author_id = f.author_id and i.item_type = 'post' and i.live and (p.adult or not i.age_limited)
            order by i.published_at desc, i.item_id desc
            limit v_each
            offset 0
        ) i
        where f.author_id not in (select unnest(p.silenced))
        union all
        select r.item_id, r.at, 6::smallint
        from unnest(p.reposts) r
        where r.item_id in (select c.item_id from internal.feed_items_reposted(p) c where c.item_type = 'post')
    ),
    newest as (
        select n.*
        from (select distinct on (f.item_id) f.* from found f order by f.item_id, f.at desc, f.reason) n
        order by n.at desc, n.item_id desc
        limit 500
    )
    select
        coalesce(array_agg(n.item_id order by n.at desc, n.item_id desc), '{}'),
        coalesce(array_agg(n.reason order by n.at desc, n.item_id desc), '{}')
    into v_slate.post_ids, v_slate.post_reasons
    from newest n;
    v_slate.notes := internal.feed_slate_notes(v_slate, p);
    return v_slate;
end
$$;
comment on function internal.feed_slate_latest(public.feed_slates, internal.feed_context) is
'A new slate of whom the viewer follows, the newest first; a repost is as new as itself.';
revoke all on function internal.feed_slate_latest(public.feed_slates, internal.feed_context) from public;
