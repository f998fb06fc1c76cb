create or replace function internal.audit(p_action text, p_subject text, p_details jsonb default '{}'::jsonb)
returns void
language sql volatile set search_path = ''
as $$
    insert into public.audit_log (actor_id, action, subject, details)
    values (auth.uid(), p_action, p_subject, p_details)
$$;
comment on function internal.audit(text, text, jsonb) is 'Writes who did what into the audit log, in the caller''s transaction.';
revoke all on function internal.audit(text, text, jsonb) from public;
