create or replace function public.session_revoke_others(p_token_hash bytea) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ended integer;
begin
    delete from internal.sessions s where s.user_id = auth.uid() and s.token_hash <> p_token_hash;
    get diagnostics v_ended = row_count;
    if v_ended > 0 then
        perform internal.audit('session.revoke', auth.uid()::text, jsonb_build_object('others', v_ended));
    end if;
    return v_ended;
end
$$;
comment on function public.session_revoke_others(bytea) is
'Ends all of the caller''s sessions but the one with this token, and says how many.';
revoke all on function public.session_revoke_others(bytea) from public;
grant execute on function public.session_revoke_others(bytea) to authenticated;
