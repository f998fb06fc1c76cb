create or replace function internal.register_limits(p_types jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    -- A type without a limit gets no row; one that had a limit keeps an empty one, see internal.gate_opened().
    insert into public.worker_limits as l (scope, name, source, most_running, most_per_key, rate_count, rate_seconds)
    select 'type', g.job_type, 'code', g.most_running, g.most_per_key, g.rate_count, g.rate_seconds
    from jsonb_to_recordset(p_types) g (
        job_type text, most_running integer, most_per_key integer, rate_count integer, rate_seconds double precision
    )
    where num_nonnulls(g.most_running, g.most_per_key, g.rate_count) > 0
        or exists (
            select from public.worker_limits o where o.scope = 'type' and o.name = g.job_type and o.source = 'code'
        )
    order by g.job_type
    on conflict (scope, name, source) do update
    set most_running = excluded.most_running,
        most_per_key = excluded.most_per_key,
        rate_count = excluded.rate_count,
        rate_seconds = excluded.rate_seconds,
        set_at = now()
    where (l.most_running, l.most_per_key, l.rate_count, l.rate_seconds)
        is distinct from (excluded.most_running, excluded.most_per_key, excluded.rate_count, excluded.rate_seconds);
    perform internal.count_runs();
end
$$;
comment on function internal.register_limits(jsonb) is 'Writes down the limits that a worker''s code gives its types.';
revoke all on function internal.register_limits(jsonb) from public;
