create or replace function public.worker_pause(
    p_name text, p_reason text default '', p_scope text default 'queue', p_at timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    perform internal.require_scope(p_scope);
    insert into public.worker_pauses as s (scope, name, reason, paused_by, paused_at)
    values (p_scope, p_name, p_reason, auth.uid(), p_at)
    on conflict (scope, name) do update set reason = excluded.reason, paused_by = excluded.paused_by;
    perform internal.audit(p_scope || '.pause', p_name, jsonb_build_object('reason', p_reason));
end
$$;
comment on function public.worker_pause(text, text, text, timestamptz) is
'Stops claims from a queue, or with p_scope = ''type'' of a job type in every queue; what runs goes on.';
revoke all on function public.worker_pause(text, text, text, timestamptz) from public;
grant execute on function public.worker_pause(text, text, text, timestamptz) to authenticated, service_role;
