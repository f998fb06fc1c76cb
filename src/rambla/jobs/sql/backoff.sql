create or replace function internal.job_backoff(p_job_type text, p_attempts integer) returns interval
language sql volatile set search_path = ''
as $$
    select make_interval(
        -- Attempts past the fiftieth wait for the cap anyway, and the power would overflow.
        secs => least(t.cap, t.base * power(t.factor, least(p_attempts, 50) - 1)) * (1 + t.jitter * random())
    )
    from (
        select
            coalesce(max(o.backoff_base), 60) as base,
            coalesce(max(o.backoff_factor), 2) as factor,
            coalesce(max(o.backoff_cap), 2592000) as cap,
            coalesce(max(o.jitter), 0) as jitter
        from public.worker_job_types o
        where o.job_type = p_job_type
    ) t
$$;
comment on function internal.job_backoff(text, integer) is
'How long after the n-th attempt the next one waits: 60, 120, 240 seconds and so on, unless the type says otherwise.';
revoke all on function internal.job_backoff(text, integer) from public;
