create or replace function public.has_role(p_role text, p_user_id uuid default auth.uid()) returns boolean
language sql stable security definer set search_path = '' set row_security = off
as $$
    select exists (
        select
        from public.user_roles r
        where r.user_id = p_user_id
            and r.role = p_role
            -- Others' roles are nobody's business but an admin's, and answer as if there were none.
            and (
                p_user_id = auth.uid()
                or auth.role() = 'service_role'
                or exists (select from public.user_roles a where a.user_id = auth.uid() and a.role = 'admin')
            )
    )
$$;
comment on function public.has_role(text, uuid) is
'Whether a person holds a role right now. Gates every admin function; a role taken away is gone at the next call.';
revoke all on function public.has_role(text, uuid) from public;
grant execute on function public.has_role(text, uuid) to anon, authenticated, service_role;
