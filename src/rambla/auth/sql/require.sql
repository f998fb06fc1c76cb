create or replace function internal.require_service() returns void
language plpgsql stable set search_path = ''
as $$
begin
    if auth.role() is distinct from 'service_role' and not public.has_role('admin') then
        raise sqlstate 'PT403' using message = 'You may not do this.', detail = 'forbidden';
    end if;
end
$$;
comment on function internal.require_service() is 'Refuses everybody but the service and admins.';
revoke all on function internal.require_service() from public;

create or replace function internal.require_may_act_for(p_user_id uuid) returns void
language plpgsql stable set search_path = ''
as $$
begin
    if not coalesce(internal.may_act_for(p_user_id), false) then
        raise sqlstate 'PT403' using message = 'You may not do this.', detail = 'forbidden';
    end if;
end
$$;
comment on function internal.require_may_act_for(uuid) is
'Refuses a caller who acts for somebody else without being the service or an admin.';
revoke all on function internal.require_may_act_for(uuid) from public;
