create or replace function public.worker_reopen(p_after text default '', p_limit integer default 1000)
returns text
language plpgsql volatile security definer set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
    v_gates text[];
    v_types text[];
    v_keys text[];
begin
    perform internal.require_service();
    if not pg_try_advisory_xact_lock(hashtextextended('worker_reopen', 0)) then
        return p_after;
    end if;
    perform internal.count_runs();

    -- From gate to gate, whatever number of jobs each holds.
    with recursive gates (gate) as (
        select (select min(j.held_by) from public.worker_jobs j where j.held_by > p_after)
        union all
        select (select min(j.held_by) from public.worker_jobs j where j.held_by > g.gate)
        from gates g
        where g.gate is not null
    )
    select array_agg(g.gate) into v_gates
    from (select g.gate from gates g where g.gate is not null limit p_limit) g;

    insert into public.worker_limits (scope, name, source)
    select 'type', substr(g.gate, 6), 'code'
    from unnest(v_gates) g (gate)
    where g.gate like 'type:%'
    on conflict do nothing;
    delete from public.worker_limits l
    where l.scope = 'type'
        and l.source = 'code'
        and num_nonnulls(l.most_running, l.most_per_key, l.rate_count) = 0
        and not exists (select from public.worker_jobs j where j.held_by = 'type:' || l.name);

    select array_agg(k.job_type), array_agg(k.partition_key) into v_types, v_keys
    from unnest(v_gates) g (gate)
    cross join lateral (
        select j.job_type, j.partition_key from public.worker_jobs j where j.held_by = g.gate order by j.queue limit 1
    ) k
    where g.gate like 'key:%'
        and internal.most_per_key(k.job_type) > (
            select count(*)
            from public.worker_jobs j
            where j.limited
                and j.worker_id is not null
                and j.run_no > 0
                and j.job_type = k.job_type
                and j.partition_key = k.partition_key
        );
    perform internal.runs_ended(v_types, v_keys, null);
    return case when cardinality(v_gates) = p_limit then v_gates[p_limit] else '' end;
end
$$;
comment on function public.worker_reopen(text, integer) is
'Opens gates that hold jobs though they need not: of types whose limit is gone, of keys of which nothing runs. Workers call it every few seconds; it looks at p_limit gates after p_after, and returns where to go on, an empty text at the end.';
revoke all on function public.worker_reopen(text, integer) from public;
grant execute on function public.worker_reopen(text, integer) to authenticated, service_role;
