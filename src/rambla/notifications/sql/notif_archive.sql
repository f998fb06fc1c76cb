create or replace function public.notif_archive(
    p_ids uuid[], p_archived boolean default true, p_at timestamptz default now()
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
    set archived_at = case when p_archived then p_at end,
        read_at = coalesce(n.read_at, p_at),
        seen_at = coalesce(n.seen_at, p_at)
    where n.user_id = auth.uid() and n.id = any (p_ids) and (n.archived_at is null) = p_archived;
    get diagnostics v_changed = row_count;
    return v_changed;
end
$$;
comment on function public.notif_archive(uuid[], boolean, timestamptz) is
'Takes the caller''s own among these notifications out of the inbox, or back with p_archived false; what is archived is read. Returns how many changed.';
revoke all on function public.notif_archive(uuid[], boolean, timestamptz) from public;
grant execute on function public.notif_archive(uuid[], boolean, timestamptz) to authenticated;
