create or replace function public.worker_enqueue(
    p_job_type text,
    p_payload jsonb default '{}'::jsonb,
    p_idempotency_key text default null,
    p_queue text default 'default',
    p_priority integer default 0,
    p_next_run_at timestamptz default null,
    p_max_attempts integer default null,
    p_partition_key text default null,
    p_after bigint[] default null,
    p_on_parent_failure text default null,
    p_tags text[] default '{}',
    p_unique text default 'forever',
    p_at timestamptz default now()
) returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    return internal.enqueue(
        p_job_type, p_payload, p_idempotency_key, p_queue, p_priority, p_next_run_at, p_max_attempts, p_partition_key,
        p_after, p_on_parent_failure, p_tags, p_unique, p_at
    );
end
$$;
comment on function public.worker_enqueue(
    text, jsonb, text, text, integer, timestamptz, integer, text, bigint[], text, text[], text, timestamptz
) is
'Enqueues a job and returns its id. It exists when the caller''s transaction commits. The same idempotency key returns the same id while the job waits, runs, has completed, lies in the dead letters and after it was pruned. How long a key counts is p_unique: forever; pending, which is until its job has completed, was cancelled or died; or a period such as 1 hour from the job that has it. Without p_max_attempts the type''s own number holds, else 5. Lower priorities run first. Jobs of one type and p_partition_key run one at a time. A job with p_after runs when all of those have completed; when one of them dies or is cancelled it goes on waiting, or with p_on_parent_failure = ''cancel'' it is cancelled too.';
revoke all on function public.worker_enqueue(
    text, jsonb, text, text, integer, timestamptz, integer, text, bigint[], text, text[], text, timestamptz
) from public;
grant execute on function public.worker_enqueue(
    text, jsonb, text, text, integer, timestamptz, integer, text, bigint[], text, text[], text, timestamptz
)
to authenticated, service_role;
