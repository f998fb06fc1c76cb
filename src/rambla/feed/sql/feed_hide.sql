create or replace function public.feed_hide(
    p_item_id uuid, p_reason text default 'hidden', p_at timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    if coalesce(p_reason not in ('hidden', 'not_interested'), true) then
        raise sqlstate 'PT400' using
            message = 'There is no such reason.', detail = 'invalid_value',
            hint = 'Reasons are hidden and not_interested.';
    end if;
    perform internal.feed_require_visible(p_item_id);
    -- Said again once it is back, not_interested begins anew; hidden stays hidden.
    insert into public.feed_hides as h (user_id, item_id, reason, created_at)
    values (auth.uid(), p_item_id, p_reason, least(p_at, now()))
    on conflict (user_id, item_id) do update
    set reason = excluded.reason, created_at = excluded.created_at
    where h.reason = 'not_interested'
        and (
            excluded.reason = 'hidden'
            or h.created_at <= (select g.since from internal.feed_gone_since(excluded.created_at) g)
        );
    if found and p_reason = 'not_interested' then
        perform internal.feed_cool(auth.uid(), p_item_id);
    end if;
end
$$;
comment on function public.feed_hide(uuid, text, timestamptz) is
'Takes an item out of the caller''s feed, from the next call on. not_interested fades: gone for fourteen days, then counting less for 140; it also halves what the feed thinks they feel for its author and tags.';
revoke all on function public.feed_hide(uuid, text, timestamptz) from public;
grant execute on function public.feed_hide(uuid, text, timestamptz) to authenticated;
