create or replace function public.worker_pause(
    p_queue text, p_reason text default '', p_at timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    insert into public.worker_queue_pauses as s (queue, reason, paused_by, paused_at)
    values (p_queue, p_reason, auth.uid(), p_at)
    on conflict (queue) do update set reason = excluded.reason, paused_by = excluded.paused_by;
    perform internal.audit('queue.pause', p_queue, jsonb_build_object('reason', p_reason));
end
$$;
comment on function public.worker_pause(text, text, timestamptz) is
'Stops claims from a queue; what runs goes on.';
revoke all on function public.worker_pause(text, text, timestamptz) from public;
grant execute on function public.worker_pause(text, text, timestamptz) to authenticated, service_role;
