-- See internal.jobs_claim().
create or replace function internal.jobs_enqueue_apart(
    p_claims text, p_job_type text, p_payload jsonb, p_idempotency_key text, p_queue text, p_priority integer,
    p_next_run_at timestamptz, p_max_attempts integer, p_partition_key text, p_after bigint[],
    p_on_parent_failure text, p_tags text[], p_unique text
) returns bigint
language plpgsql volatile set search_path = ''
as $$
begin
    perform set_config('request.jwt.claims', p_claims, true), set_config('role', p_claims::jsonb ->> 'role', true);
    return public.worker_enqueue(
        p_job_type, p_payload, p_idempotency_key, p_queue, p_priority, p_next_run_at, p_max_attempts,
        p_partition_key, p_after, p_on_parent_failure, p_tags, p_unique
    );
end
$$;
comment on function internal.jobs_enqueue_apart(
    text, text, jsonb, text, text, integer, timestamptz, integer, text, bigint[], text, text[], text
) is
'worker_enqueue() for whom the claims name.';
revoke all on function internal.jobs_enqueue_apart(
    text, text, jsonb, text, text, integer, timestamptz, integer, text, bigint[], text, text[], text
) from public;
