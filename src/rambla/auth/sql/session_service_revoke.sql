create or replace function public.session_service_revoke(p_id uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    delete from internal.sessions s where s.user_id is null and s.id = p_id;
    if not found then
        raise sqlstate 'PT404' using message = 'There is no such token.', detail = 'not_found';
    end if;
    perform internal.audit('session.revoke', 'service', jsonb_build_object('session', p_id));
end
$$;
comment on function public.session_service_revoke(uuid) is
'Ends the token of a program, for admins and the service; server processes notice within five seconds.';
revoke all on function public.session_service_revoke(uuid) from public;
grant execute on function public.session_service_revoke(uuid) to authenticated, service_role;
