create or replace function public.role_grant(p_user_id uuid, p_role text) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    insert into public.user_roles (user_id, role, granted_by) values (p_user_id, p_role, auth.uid())
    on conflict do nothing;
    if not found then
        return false;
    end if;
    perform internal.audit('role.grant', p_user_id::text, jsonb_build_object('role', p_role));
    return true;
end
$$;
comment on function public.role_grant(uuid, text) is
'Gives a person a role, from their next call on; false when they had it. For admins and the service.';
revoke all on function public.role_grant(uuid, text) from public;
grant execute on function public.role_grant(uuid, text) to authenticated, service_role;
