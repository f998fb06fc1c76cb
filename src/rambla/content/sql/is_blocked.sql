create or replace function public.is_blocked(p_user_id uuid) returns boolean
language sql stable security definer set search_path = '' set row_security = off
as $$
    select exists (
        select from public.blocks b where b.user_id = auth.uid() and b.blocked_id = p_user_id
    ) or exists (
        select from public.blocks b where b.user_id = p_user_id and b.blocked_id = auth.uid()
    )
$$;
comment on function public.is_blocked(uuid) is
'Whether the caller and that person have blocked one another, in either direction; policies ask it.';
revoke all on function public.is_blocked(uuid) from public;
grant execute on function public.is_blocked(uuid) to authenticated;
