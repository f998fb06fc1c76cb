create or replace function public.content_removals(p_limit integer default 100) returns table (
    item_id uuid,
    item_type text,
    author_handle text,
    author_name text,
    words text,
    reason text
)
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_service();
    return query
    select r.item_id, r.item_type, a.handle, a.display_name, left(r.words, 200), r.reason
    from (
        select p.id as item_id, 'post' as item_type, p.author_id, coalesce(nullif(p.title, ''), p.body) as words,
            p.removal_reason as reason, p.created_at
        from public.posts p
        where p.removal_reason is not null
        union all
        select s.id, 'shop_item', s.seller_id, s.title, s.removal_reason, s.created_at
        from public.shop_items s
        where s.removal_reason is not null
    ) r
    join public.profiles a on a.id = r.author_id
    order by r.created_at desc, r.item_id
    limit least(p_limit, 1000);
end
$$;
comment on function public.content_removals(integer) is
'What moderators have removed and not restored, the youngest content first. For admins and the service.';
revoke all on function public.content_removals(integer) from public;
grant execute on function public.content_removals(integer) to authenticated, service_role;
