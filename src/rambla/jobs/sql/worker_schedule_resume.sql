create or replace function public.worker_schedule_resume(p_name text, p_at timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_schedule public.worker_schedules;
begin
    perform internal.require_service();
    select s.* into v_schedule from public.worker_schedules s where s.name = p_name for update;
    if not found then
        raise sqlstate 'PT404' using message = format('There is no schedule %s.', p_name), detail = 'not_found';
    elsif v_schedule.paused_at is not null then
        -- The ticks of the pause were not missed: somebody wanted none of them.
        update public.worker_schedules s
        set paused_at = null, paused_by = null, pause_reason = null, last_tick = greatest(s.last_tick, p_at)
        where s.name = p_name;
        perform internal.audit('schedule.resume', p_name);
    end if;
end
$$;
comment on function public.worker_schedule_resume(text, timestamptz) is
'Lets a paused schedule tick again, from now on: the ticks of the pause are gone, whatever it says about missed ones.';
revoke all on function public.worker_schedule_resume(text, timestamptz) from public;
grant execute on function public.worker_schedule_resume(text, timestamptz) to authenticated, service_role;
