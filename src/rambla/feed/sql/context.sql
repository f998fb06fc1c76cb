create or replace function internal.feed_context(p_viewer uuid, p_at timestamptz) returns internal.feed_context
language sql stable set search_path = ''
as $$
    select (
        p_viewer,
        p_at,
        internal.feed_unheard(p_viewer, g.since),
        array(
            select h.item_id
            from public.feed_hides h
            where h.user_id = p_viewer and (h.reason = 'hidden' or h.created_at > g.since)
            union
            select c.item_id from public.shopping_cart_items c where c.user_id = p_viewer
            union
            select o.item_id from public.owned_items o where o.user_id = p_viewer
            union
            select unnest(s.seen)
        ),
        s.seen,
        internal.feed_tired(p_viewer, w, p_at),
        internal.is_adult(p_viewer),
        internal.feed_muted(p_viewer),
        w
    )::internal.feed_context
    from internal.feed_weights() w, internal.feed_gone_since(p_at) g (since), internal.feed_seen(p_viewer, p_at) s (seen)
$$;
comment on function internal.feed_context(uuid, timestamptz) is 'What every stage of a new slate needs to know.';
revoke all on function internal.feed_context(uuid, timestamptz) from public;
