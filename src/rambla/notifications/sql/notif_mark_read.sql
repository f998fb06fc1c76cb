create or replace function public.notif_mark_read(p_ids uuid[], p_at timestamptz default now()) returns integer
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
    where n.user_id = auth.uid() and n.id = any (p_ids) and n.read_at is null;
    get diagnostics v_changed = row_count;
    return v_changed;
end
$$;
comment on function public.notif_mark_read(uuid[], timestamptz) is
'Marks the caller''s own among these notifications as read and returns how many were not.';
revoke all on function public.notif_mark_read(uuid[], timestamptz) from public;
grant execute on function public.notif_mark_read(uuid[], timestamptz) to authenticated;
