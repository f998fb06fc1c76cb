create or replace function public.viewer_shell()
returns table (
    id uuid, name text, handle text, avatar_url text, is_admin boolean,
    unread integer, timezone text, locale text, cart_count integer
)
language sql stable security definer set search_path = ''
as $$
    select
        p.id,
        p.display_name,
        p.handle,
        p.avatar_url,
        public.has_role('admin'),
        public.notif_unread_count(),
        p.timezone,
        p.locale,
        (select coalesce(sum(c.quantity), 0)::integer from public.shopping_cart_items c where c.user_id = p.id)
    from public.profiles p
    where p.id = auth.uid()
$$;
comment on function public.viewer_shell() is
'What the frame of every page shows of the caller, in one row; no row for a visitor.';
revoke all on function public.viewer_shell() from public;
grant execute on function public.viewer_shell() to anon, authenticated, service_role;
