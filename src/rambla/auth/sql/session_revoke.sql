create or replace function public.session_revoke(p_id uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    delete from internal.sessions s where s.user_id = auth.uid() and s.id = p_id;
    if not found then
        raise sqlstate 'PT404' using message = 'There is nothing here that you may see.', detail = 'not_found';
    end if;
    perform internal.audit('session.revoke', auth.uid()::text, jsonb_build_object('session', p_id));
end
$$;
comment on function public.session_revoke(uuid) is
'Ends one of the caller''s sessions by its id; somebody else''s is as absent as none.';
revoke all on function public.session_revoke(uuid) from public;
grant execute on function public.session_revoke(uuid) to authenticated;
