create or replace function public.notif_mark_all_read(
    p_up_to_seq bigint default null, p_lane text default null, p_at timestamptz default now()
) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_changed integer;
begin
    if not internal.notif_lock(auth.uid()) then
        return 0;
    end if;
    update public.notifications n
    set read_at = p_at, seen_at = coalesce(n.seen_at, p_at)
    where n.user_id = auth.uid()
        and n.unread
        and n.seq <= coalesce(p_up_to_seq, n.seq)
        and n.lane = coalesce(p_lane, n.lane);
    get diagnostics v_changed = row_count;
    return v_changed;
end
$$;
comment on function public.notif_mark_all_read(bigint, text, timestamptz) is
'Marks all of the caller''s notifications, or those of one lane, as read and returns how many were not. p_up_to_seq is the newest one the person saw: what came since stays unread.';
revoke all on function public.notif_mark_all_read(bigint, text, timestamptz) from public;
grant execute on function public.notif_mark_all_read(bigint, text, timestamptz) to authenticated;
