create or replace function public.worker_register(p_types jsonb, p_schedules jsonb default '[]'::jsonb) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    insert into public.worker_job_types as t (
        job_type, queue, max_attempts, timeout_seconds, backoff_base, backoff_factor, backoff_cap, jitter,
        keep_completed, keep_cancelled, keep_dead
    )
    select
        g.job_type, g.queue, g.max_attempts, g.timeout_seconds, g.backoff_base, g.backoff_factor, g.backoff_cap, g.jitter,
        g.keep_completed, g.keep_cancelled, g.keep_dead
    from jsonb_to_recordset(p_types) g (
        job_type text, queue text, max_attempts integer, timeout_seconds double precision,
        backoff_base double precision, backoff_factor double precision, backoff_cap double precision,
        jitter double precision, keep_completed interval, keep_cancelled interval, keep_dead interval
    )
    order by g.job_type
    on conflict (job_type) do update
    set queue = excluded.queue,
        max_attempts = excluded.max_attempts,
        timeout_seconds = excluded.timeout_seconds,
        backoff_base = excluded.backoff_base,
        backoff_factor = excluded.backoff_factor,
        backoff_cap = excluded.backoff_cap,
        jitter = excluded.jitter,
        keep_completed = excluded.keep_completed,
        keep_cancelled = excluded.keep_cancelled,
        keep_dead = excluded.keep_dead
    where (t.queue, t.max_attempts, t.timeout_seconds, t.backoff_base, t.backoff_factor, t.backoff_cap, t.jitter,
            t.keep_completed, t.keep_cancelled, t.keep_dead)
        is distinct from (
            excluded.queue, excluded.max_attempts, excluded.timeout_seconds, excluded.backoff_base,
            excluded.backoff_factor, excluded.backoff_cap, excluded.jitter, excluded.keep_completed,
            excluded.keep_cancelled, excluded.keep_dead
        );

    perform internal.register_limits(p_types);
    insert into public.worker_schedules as s (
        name, cron, timezone, job_type, payload, queue, priority, max_attempts, missed
    )
    select g.name, g.cron, g.timezone, g.job_type, g.payload, g.queue, g.priority, g.max_attempts, g.missed
    from jsonb_to_recordset(p_schedules) g (
        name text, cron text, timezone text, job_type text, payload jsonb, queue text, priority integer,
        max_attempts integer, missed text
    )
    order by g.name
    on conflict (name) do update
    set cron = excluded.cron,
        timezone = excluded.timezone,
        job_type = excluded.job_type,
        payload = excluded.payload,
        queue = excluded.queue,
        priority = excluded.priority,
        max_attempts = excluded.max_attempts,
        missed = excluded.missed;
end
$$;
comment on function public.worker_register(jsonb, jsonb) is
'Writes down what a worker''s code says about its job types, their limits and schedules. What an operator has set with worker_limit_set() stands above it; whether a schedule is paused, and its last tick, stay as they are.';
revoke all on function public.worker_register(jsonb, jsonb) from public;
grant execute on function public.worker_register(jsonb, jsonb) to authenticated, service_role;
