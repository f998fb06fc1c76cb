create or replace function internal.feed_silenced(p_viewer uuid) returns uuid[]
language plpgsql stable set search_path = ''
as $$
begin
    return array(
        select b.blocked_id from public.blocks b where b.user_id = p_viewer
        union all
        select b.user_id from public.blocks b where b.blocked_id = p_viewer
        union all
        select m.muted_id from public.mutes m where m.user_id = p_viewer
    );
end
$$;
comment on function internal.feed_silenced(uuid) is 'People whom a viewer has blocked, was blocked by, or has muted.';
revoke all on function internal.feed_silenced(uuid) from public;

-- Filter and mix. What is eligible is asked now; what is not is replaced from deeper in the slate. The k-th shop item
-- stands behind the page's 4k-th post: with four posts of its own page before each, no page has more than a fifth of
-- them and no fifty rows in a row more than ten, wherever pages end (docs/explanation/feed.md).
create or replace function internal.feed_page(
    p_viewer uuid, p_slate public.feed_slates, p_posts integer, p_shop integer, p_limit integer, p_at timestamptz
) returns table (
    item_id uuid,
    item_type text,
    score double precision,
    reason text,
    author_id uuid
)
language plpgsql stable rows 50 set search_path = ''
as $$
declare
    v_gone_since constant timestamptz := internal.feed_gone_since(p_at);
    v_unheard constant uuid[] := internal.feed_unheard(p_viewer, v_gone_since);
    v_tired_tags constant text[] := array(
        select f.subject
        from public.feed_fatigues f
        where f.viewer_id = p_viewer and f.subject_type = 'tag' and f.since > v_gone_since
    );
    v_adult constant boolean := internal.is_adult(p_viewer);
    v_muted constant text := internal.feed_muted(p_viewer);
    v_reasons constant text[] := internal.feed_reasons();
    v_post_reasons constant smallint[] := p_slate.post_reasons;
    v_shop_reasons constant smallint[] := p_slate.shop_reasons;
begin
    return query
    with post as materialized (
        select u.item_id, i.author_id, p_posts + u.n as place, row_number() over (order by u.n) as nth
        from unnest(p_slate.post_ids[p_posts + 1:]) with ordinality u (item_id, n)
        join public.feed_items i on i.item_id = u.item_id
        where i.live
            and i.author_id <> p_viewer
            and i.author_id not in (select unnest(v_unheard))
            and not i.tags && v_tired_tags
            and (v_adult or not i.age_limited)
            and (
                (i.visibility = 'public' and p_slate.mode <> 'following')
                or exists (
                    select from public.follows f where f.follower_id = p_viewer and f.followee_id = i.author_id
                )
            )
            and not exists (
                select
                from public.feed_hides h
                where h.user_id = p_viewer and h.item_id = u.item_id
                    and (h.reason = 'hidden' or h.created_at > v_gone_since)
            )
            and (v_muted is null or not internal.feed_speaks_of(u.item_id, v_muted))
        order by u.n
        limit p_limit
    ),
    shop as materialized (
        select u.item_id, i.author_id, p_shop + u.n as place, row_number() over (order by u.n) as nth
        from unnest(p_slate.shop_ids[p_shop + 1:]) with ordinality u (item_id, n)
        join public.feed_items i on i.item_id = u.item_id
        where i.live
            and i.in_stock
            and i.author_id <> p_viewer
            and i.author_id not in (select unnest(v_unheard))
            and not i.tags && v_tired_tags
            and (v_adult or not i.age_limited)
            and not exists (
                select
                from public.feed_hides h
                where h.user_id = p_viewer and h.item_id = u.item_id
                    and (h.reason = 'hidden' or h.created_at > v_gone_since)
            )
            and not exists (
                select from public.shopping_cart_items c where c.user_id = p_viewer and c.item_id = u.item_id
            )
            and not exists (
                select from public.owned_items o where o.user_id = p_viewer and o.item_id = u.item_id
            )
            and (v_muted is null or not internal.feed_speaks_of(u.item_id, v_muted))
        order by u.n
        limit p_limit / 5
    ),
    mixed as (
        select 'post' as item_type, p.item_id, p.author_id, p.nth * 2 as nth, p.place as post_place, null::bigint as shop_place
        from post p
        union all
        select 'shop_item', s.item_id, s.author_id, s.nth * 8 + 1, null, s.place
        from shop s
        where s.nth * 4 <= (select count(*) from post)
        order by nth
        limit p_limit
    )
    select m.item_id, m.item_type,
        (
            p_slate.epoch * 2097152 + 2097151
            - coalesce(max(m.post_place) over so_far, p_posts) * 512
            - coalesce(max(m.shop_place) over so_far, p_shop)
        )::double precision,
        v_reasons[coalesce(v_post_reasons[m.post_place], v_shop_reasons[m.shop_place])],
        m.author_id
    from mixed m
    window so_far as (order by m.nth)
    order by m.nth;
end
$$;
comment on function internal.feed_page(uuid, public.feed_slates, integer, integer, integer, timestamptz) is
'The next rows of a slate for its viewer, as the world is now.';
revoke all on function internal.feed_page(uuid, public.feed_slates, integer, integer, integer, timestamptz) from public;
