create or replace function public.session_end(p_token_hash bytea) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_session record;
begin
    delete from internal.sessions s
    where s.token_hash = p_token_hash and (s.user_id = auth.uid() or auth.role() = 'service_role')
    returning s.id, s.user_id into v_session;
    if found then
        perform internal.audit(
            'session.end', coalesce(v_session.user_id::text, 'service'), jsonb_build_object('session', v_session.id)
        );
    end if;
    return v_session.id is not null;
end
$$;
comment on function public.session_end(bytea) is 'Ends the caller''s session with this token; false when it had ended already.';
revoke all on function public.session_end(bytea) from public;
grant execute on function public.session_end(bytea) to authenticated, service_role;
