create or replace function public.feed_unreact(p_item_id uuid, p_kind text) returns bigint
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    delete from public.feed_reactions r
    where r.user_id = auth.uid() and r.item_id = p_item_id and r.kind = p_kind;
    -- One may always take back; only of what one may see is there a count to tell.
    return case when internal.feed_is_visible(p_item_id) then internal.feed_reaction_count(p_item_id, p_kind) end;
end
$$;
comment on function public.feed_unreact(uuid, text) is
'Takes the caller''s like or save back and returns how many are left; null for what they may not see any more.';
revoke all on function public.feed_unreact(uuid, text) from public;
grant execute on function public.feed_unreact(uuid, text) to authenticated;
