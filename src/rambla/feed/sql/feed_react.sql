create or replace function public.feed_react(p_item_id uuid, p_kind text, p_at timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    if coalesce(p_kind not in ('like', 'save'), true) then
        raise sqlstate 'PT400' using
            message = 'There is no such reaction.', detail = 'invalid_value', hint = 'Reactions are like and save.';
    end if;
    perform internal.feed_require_visible(p_item_id);
    insert into public.feed_reactions (user_id, item_id, kind, created_at)
    values (auth.uid(), p_item_id, p_kind, least(p_at, now()))
    on conflict (user_id, item_id, kind) do nothing;
    if found then
        perform internal.feed_warm(
            auth.uid(), array[p_item_id], array[case p_kind when 'like' then 1 else 2 end], least(p_at, now())
        );
    end if;
end
$$;
comment on function public.feed_react(uuid, text, timestamptz) is 'Likes or saves an item for the caller; twice is once.';
revoke all on function public.feed_react(uuid, text, timestamptz) from public;
grant execute on function public.feed_react(uuid, text, timestamptz) to authenticated;
