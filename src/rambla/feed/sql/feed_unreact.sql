create or replace function public.feed_unreact(p_item_id uuid, p_kind text) returns void
language sql volatile set search_path = ''
as $$
    delete from public.feed_reactions r
    where r.user_id = auth.uid() and r.item_id = p_item_id and r.kind = p_kind
$$;
comment on function public.feed_unreact(uuid, text) is 'Takes the caller''s like or save back.';
revoke all on function public.feed_unreact(uuid, text) from public;
grant execute on function public.feed_unreact(uuid, text) to authenticated;
