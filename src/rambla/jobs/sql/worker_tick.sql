create or replace function public.worker_tick(p_name text, p_tick timestamptz) returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_schedule public.worker_schedules;
    v_id bigint;
begin
    perform internal.require_service();
    select s.* into v_schedule from public.worker_schedules s where s.name = p_name for update;
    if not found or v_schedule.paused_at is not null or p_tick <= v_schedule.last_tick then
        return null;
    end if;
    v_id := internal.enqueue(
        v_schedule.job_type,
        v_schedule.payload,
        format('schedule:%s:%s', p_name, extract(epoch from p_tick)::bigint),
        v_schedule.queue,
        v_schedule.priority,
        p_tick,
        v_schedule.max_attempts
    );
    update public.worker_schedules s set last_tick = p_tick, last_job_id = v_id where s.name = p_name;
    return v_id;
end
$$;
comment on function public.worker_tick(text, timestamptz) is
'Enqueues the job of one tick of a schedule, once however many workers ask. Returns its id, null when the tick was taken or the schedule is paused.';
revoke all on function public.worker_tick(text, timestamptz) from public;
grant execute on function public.worker_tick(text, timestamptz) to authenticated, service_role;
