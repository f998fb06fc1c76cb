create or replace function public.notif_unread_count() returns integer
language sql stable set search_path = ''
as $$
    select coalesce((select s.unread from public.notification_states s where s.user_id = (select auth.uid())), 0)
$$;
comment on function public.notif_unread_count() is
'How many of the caller''s notifications are unread: one row is read, however many there are.';
revoke all on function public.notif_unread_count() from public;
grant execute on function public.notif_unread_count() to authenticated;
