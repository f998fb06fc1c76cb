create or replace function public.worker_snooze(
    p_job_id bigint, p_run_no integer, p_seconds double precision, p_at timestamptz default now()
) returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_job public.worker_jobs;
begin
    perform internal.require_service();
    update public.worker_jobs j
    set status = 'pending',
        attempts = j.attempts - 1,
        worker_id = null,
        next_run_at = p_at + make_interval(secs => greatest(p_seconds, 0))
    where j.id = p_job_id and j.run_no = p_run_no and j.status = 'running'
    returning j.* into v_job;
    if not found then
        perform internal.refuse_job(p_job_id, true);
    end if;
    if v_job.limited then
        perform internal.runs_ended(array[v_job.job_type], array[v_job.partition_key], array[v_job.queue]);
    end if;
    return v_job.next_run_at;
end
$$;
comment on function public.worker_snooze(bigint, integer, double precision, timestamptz) is
'Puts a running job off and gives its attempt back. Returns when it runs again.';
revoke all on function public.worker_snooze(bigint, integer, double precision, timestamptz) from public;
grant execute on function public.worker_snooze(bigint, integer, double precision, timestamptz)
to authenticated, service_role;
