create or replace function public.feed_unrepost(p_item_id uuid) returns bigint
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    delete from public.feed_reposts r where r.user_id = auth.uid() and r.item_id = p_item_id;
    -- As with a reaction: one may always take back, but hears only of what one may see.
    return case when internal.feed_is_visible(p_item_id) then internal.feed_repost_count(p_item_id) end;
end
$$;
comment on function public.feed_unrepost(uuid) is
'Takes the caller''s repost back and returns how many are left; null for what they may not see any more.';
revoke all on function public.feed_unrepost(uuid) from public;
grant execute on function public.feed_unrepost(uuid) to authenticated;
