-- A claim as the worker makes it, in one round trip: becomes its caller, acts and answers, as internal.feed_page_json()
-- does. The login may call it; whoever reaches it could also set role and claims one by one.
create or replace function internal.jobs_claim(
    p_claims text, p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamptz
) returns text
language plpgsql volatile set search_path = ''
as $$
begin
    perform set_config('request.jwt.claims', p_claims, true), set_config('role', p_claims::jsonb ->> 'role', true);
    -- One JSON text, because decoding five hundred rows one by one costs more than the claim. Each job an array,
    -- because nine names a job are half of the bytes. A claim that cannot be read takes its worker along, so whatever
    -- somebody has put into a job is read: its payload only as its own run begins.
    return (
        select json_build_object(
            'at', now(),
            'goes_on', current_setting('rambla.claim_goes_on', true) = 'yes',
            'jobs', coalesce(
                json_agg(json_build_array(
                    j.id, j.run_no, j.job_type, j.queue, j.priority, j.next_run_at, j.payload::text,
                    j.attempt, j.max_attempts
                )),
                '[]'
            )
        )::text
        from public.worker_claim_jobs(p_worker_id, p_queues, p_limit, p_low_water) j
    );
end
$$;
comment on function internal.jobs_claim(text, uuid, text[], integer, timestamptz) is
'worker_claim_jobs() for whom the claims name, as JSON: the time, whether a further claim would find more, and each job as an array of its columns, its payload as text.';
revoke all on function internal.jobs_claim(text, uuid, text[], integer, timestamptz) from public;

create or replace function internal.jobs_claim_json(
    p_claims text, p_worker_id uuid, p_queues text[], p_limit integer, p_low_water timestamptz
) returns text
language plpgsql volatile set search_path = ''
as $$
begin
    perform set_config('request.jwt.claims', p_claims, true), set_config('role', p_claims::jsonb ->> 'role', true);
    return (
        select json_build_object(
            'at', now(),
            'goes_on', current_setting('rambla.claim_goes_on', true) = 'yes',
            'jobs', coalesce(json_agg(j), '[]')
        )::text
        from public.worker_claim_jobs(p_worker_id, p_queues, p_limit, p_low_water) j
    );
end
$$;
comment on function internal.jobs_claim_json(text, uuid, text[], integer, timestamptz) is
'The same with each job as an object, for workers of release 0.1.0 while a later one is rolled out.';
revoke all on function internal.jobs_claim_json(text, uuid, text[], integer, timestamptz) from public;
