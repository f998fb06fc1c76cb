create or replace function public.worker_retry(p_job_id bigint, p_at timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_queue text;
begin
    perform internal.require_service();
    if exists (select from public.dead_letter_queue d where d.job_id = p_job_id) then
        perform public.worker_redrive(p_job_id, p_at);
        return;
    end if;
    update public.worker_jobs j
    set status = 'pending',
        next_run_at = least(j.next_run_at, p_at),
        attempts = case when j.status = 'cancelled' then 0 else j.attempts end,
        finished_at = null,
        held_by = null,
        -- A key that has come to another job meanwhile stays there.
        idempotency_key = (
            select k.idempotency_key
            from public.worker_job_keys k
            where k.idempotency_key = j.idempotency_key and k.job_id = j.id
        ),
        history = internal.job_history(j.history, internal.job_event(j, 'retried', null, p_at))
    where j.id = p_job_id and j.status in ('pending', 'cancelled')
    returning j.queue into v_queue;
    if not found then
        perform internal.refuse_job(p_job_id, false);
    end if;
    perform pg_notify('jobs', v_queue);
    perform internal.audit('job.retry', p_job_id::text);
end
$$;
comment on function public.worker_retry(bigint, timestamptz) is
'Runs a job now: one that waits for its next attempt or for its parents, one that was cancelled, or a dead letter. Limits still hold.';
revoke all on function public.worker_retry(bigint, timestamptz) from public;
grant execute on function public.worker_retry(bigint, timestamptz) to authenticated, service_role;
