create or replace function public.worker_cancel(
    p_job_id bigint, p_reason text default '', p_run_no integer default null, p_at timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_job public.worker_jobs;
begin
    perform internal.require_service();
    update public.worker_jobs j
    set status = 'cancelled',
        finished_at = p_at,
        worker_id = null,
        held_by = null,
        last_error = left(p_reason, 10000),
        history = internal.job_history(j.history, internal.job_event(j, 'cancelled', left(p_reason, 10000), p_at))
    where j.id = p_job_id
        and ((p_run_no is null and j.status in ('pending', 'running')) or (j.status = 'running' and j.run_no = p_run_no))
    returning j.* into v_job;
    if not found then
        perform internal.refuse_job(p_job_id, p_run_no is not null);
    end if;
    if v_job.limited or v_job.partition_key is not null then
        perform internal.runs_ended(array[v_job.job_type], array[v_job.partition_key], array[v_job.queue]);
    end if;
    if v_job.is_parent then
        perform internal.parents_failed(array[v_job.id], p_at);
    end if;
    if p_run_no is null then
        perform internal.audit('job.cancel', p_job_id::text, jsonb_build_object('reason', p_reason));
    end if;
end
$$;
comment on function public.worker_cancel(bigint, text, integer, timestamptz) is
'Cancels a job that waits or runs. The worker that runs it notices at its next heartbeat; whatever it reports then is refused. With p_run_no it is the handler itself that gives up.';
revoke all on function public.worker_cancel(bigint, text, integer, timestamptz) from public;
grant execute on function public.worker_cancel(bigint, text, integer, timestamptz) to authenticated, service_role;
