create or replace function public.worker_redrive(p_job_id bigint, p_at timestamptz default now()) returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_dead public.dead_letter_queue;
begin
    perform internal.require_service();
    delete from public.dead_letter_queue d where d.job_id = p_job_id returning d.* into v_dead;
    if not found then
        perform internal.refuse_job(p_job_id, false);
    end if;
    -- run_no stays: a run that was thought dead must not come back as this one.
    insert into public.worker_jobs (
        id, job_type, queue, priority, payload, max_attempts, run_no, next_run_at, idempotency_key, partition_key,
        is_parent, on_parent_failure, last_error, redrives, created_at, history
    ) overriding system value
    values (
        v_dead.job_id, v_dead.job_type, v_dead.queue, v_dead.priority, v_dead.payload, v_dead.max_attempts,
        v_dead.run_no, p_at, v_dead.idempotency_key, v_dead.partition_key,
        exists (select from public.worker_job_parents e where e.parent_id = p_job_id),
        (select 'wait' from public.worker_job_parents e where e.child_id = p_job_id limit 1), v_dead.last_error,
        v_dead.redrives + 1, v_dead.created_at,
        internal.job_history(v_dead.history, jsonb_build_object(
            'at', p_at, 'outcome', 'redriven', 'attempt', v_dead.attempts, 'run_no', v_dead.run_no
        ))
    );
    perform internal.audit('job.redrive', p_job_id::text, jsonb_build_object('job_type', v_dead.job_type));
    return p_job_id;
end
$$;
comment on function public.worker_redrive(bigint, timestamptz) is
'Moves a dead letter back into the queue under its own id, with all its attempts before it again and its history kept.';
revoke all on function public.worker_redrive(bigint, timestamptz) from public;
grant execute on function public.worker_redrive(bigint, timestamptz) to authenticated, service_role;
