create or replace function public.feed_candidates(
    p_viewer uuid, p_mode text, p_extras jsonb default '[]', p_limit integer default 200, p_at timestamptz default now()
) returns table (item_id uuid, item_type text, author_id uuid, tags text[], reason text, published_at timestamptz)
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
declare
    v_slate public.feed_slates;
begin
    perform internal.require_service();
    v_slate := internal.feed_slate_build(
        p_viewer, internal.feed_mode(p_viewer, p_mode), 1, internal.feed_extras(p_extras), least(p_at, now())
    );
    return query
    select i.item_id, i.item_type, i.author_id, i.tags, (internal.feed_reasons())[s.reason], i.published_at
    from (
        select u.item_id, u.reason, u.n * 5 as nth
        from unnest(v_slate.post_ids, v_slate.post_reasons) with ordinality u (item_id, reason, n)
        union all
        select u.item_id, u.reason, u.n * 20 + 1
        from unnest(v_slate.shop_ids, v_slate.shop_reasons) with ordinality u (item_id, reason, n)
    ) s
    join public.feed_items i on i.item_id = s.item_id
    order by s.nth
    limit least(p_limit, 500);
end
$$;
comment on function public.feed_candidates(uuid, text, jsonb, integer, timestamptz) is
'What a new slate of a viewer would begin with, for extensions to score. Nothing is stored. For admins and the service.';
revoke all on function public.feed_candidates(uuid, text, jsonb, integer, timestamptz) from public;
grant execute on function public.feed_candidates(uuid, text, jsonb, integer, timestamptz) to authenticated, service_role;
