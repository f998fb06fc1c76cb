create or replace function public.feed_unhide(p_item_id uuid) returns void
language sql volatile set search_path = ''
as $$ delete from public.feed_hides h where h.user_id = auth.uid() and h.item_id = p_item_id $$;
comment on function public.feed_unhide(uuid) is 'Lets a hidden item be shown again.';
revoke all on function public.feed_unhide(uuid) from public;
grant execute on function public.feed_unhide(uuid) to authenticated;
