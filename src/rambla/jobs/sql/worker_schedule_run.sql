create or replace function public.worker_schedule_run(p_name text, p_at timestamptz default now()) returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_schedule public.worker_schedules;
    v_id bigint;
begin
    perform internal.require_service();
    select s.* into v_schedule from public.worker_schedules s where s.name = p_name for update;
    if not found then
        raise sqlstate 'PT404' using message = format('There is no schedule %s.', p_name), detail = 'not_found';
    end if;
    v_id := internal.enqueue(
        v_schedule.job_type, v_schedule.payload, null, v_schedule.queue, v_schedule.priority, p_at,
        v_schedule.max_attempts, p_at => p_at
    );
    update public.worker_schedules s set last_job_id = v_id where s.name = p_name;
    perform internal.audit('schedule.run', p_name, jsonb_build_object('job_id', v_id));
    return v_id;
end
$$;
comment on function public.worker_schedule_run(text, timestamptz) is
'Enqueues the job of a schedule now, besides its ticks and also while it is paused. Returns its id.';
revoke all on function public.worker_schedule_run(text, timestamptz) from public;
grant execute on function public.worker_schedule_run(text, timestamptz) to authenticated, service_role;
