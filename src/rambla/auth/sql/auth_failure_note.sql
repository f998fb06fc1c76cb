create or replace function public.auth_failure_note(p_user_id uuid, p_details jsonb) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    -- Never the name as it was typed: people type passwords into that field.
    perform internal.audit('sign_in.fail', coalesce(p_user_id::text, ''), p_details);
end
$$;
comment on function public.auth_failure_note(uuid, jsonb) is
'Writes into the audit log that somebody failed to sign in, as whom if such a person exists, and from where.';
revoke all on function public.auth_failure_note(uuid, jsonb) from public;
grant execute on function public.auth_failure_note(uuid, jsonb) to service_role;
