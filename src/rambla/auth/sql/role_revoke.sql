create or replace function public.role_revoke(p_user_id uuid, p_role text) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    -- All admins are locked in one order: two who remove each other at once would leave nobody.
    perform from public.user_roles r where r.role = 'admin' order by r.user_id for update;
    delete from public.user_roles r where r.user_id = p_user_id and r.role = p_role;
    if not found then
        return false;
    end if;
    if p_role = 'admin' and not exists (select from public.user_roles r where r.role = 'admin') then
        raise sqlstate 'PT409' using
            message = 'This is the last admin.', detail = 'conflict', hint = 'Make somebody else an admin first.';
    end if;
    perform internal.audit('role.revoke', p_user_id::text, jsonb_build_object('role', p_role));
    return true;
end
$$;
comment on function public.role_revoke(uuid, text) is
'Takes a role from a person, from their next call on; false when they had it not. The last admin stays one.';
revoke all on function public.role_revoke(uuid, text) from public;
grant execute on function public.role_revoke(uuid, text) to authenticated, service_role;
