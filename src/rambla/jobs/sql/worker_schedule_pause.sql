create or replace function public.worker_schedule_pause(
    p_name text, p_reason text default '', p_at timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    update public.worker_schedules s
    set paused_at = coalesce(s.paused_at, p_at), paused_by = auth.uid(), pause_reason = left(p_reason, 500)
    where s.name = p_name;
    if not found then
        raise sqlstate 'PT404' using message = format('There is no schedule %s.', p_name), detail = 'not_found';
    end if;
    perform internal.audit('schedule.pause', p_name, jsonb_build_object('reason', p_reason));
end
$$;
comment on function public.worker_schedule_pause(text, text, timestamptz) is
'Stops a schedule: its ticks give no jobs. What runs goes on.';
revoke all on function public.worker_schedule_pause(text, text, timestamptz) from public;
grant execute on function public.worker_schedule_pause(text, text, timestamptz) to authenticated, service_role;
