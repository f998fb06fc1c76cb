create or replace function public.worker_complete_jobs(
    p_ids bigint[],
    p_run_nos integer[] default null,
    p_results jsonb[] default null,
    p_at timestamptz default now()
) returns setof bigint
language plpgsql volatile security definer set search_path = ''
-- As in worker_claim_jobs(): by the primary key, whatever the statistics said when the plan was made.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_bitmapscan = off set enable_nestloop = off set enable_mergejoin = off
as $$
declare
    v_ids bigint[];
    v_types text[];
    v_keys text[];
    v_queues text[];
    v_parents bigint[];
begin
    perform internal.require_service();
    with done as (
        update public.worker_jobs j
        set status = 'completed', finished_at = p_at, worker_id = null, result = a.result, last_error = null
        from unnest(p_ids, p_run_nos, p_results) a (id, run_no, result)
        where j.id = any (p_ids)
            and j.id = a.id
            and (p_run_nos is null or j.run_no = a.run_no)
            -- Which is to say, running; saying so would offer the planner another index.
            and j.worker_id is not null
        returning j.id, j.job_type, j.partition_key, j.queue, j.limited, j.is_parent
    )
    select
        array_agg(d.id),
        array_agg(d.job_type) filter (where d.partition_key is not null),
        array_agg(d.partition_key) filter (where d.partition_key is not null),
        array_agg(distinct d.queue) filter (where d.limited),
        array_agg(d.id) filter (where d.is_parent)
    into v_ids, v_types, v_keys, v_queues, v_parents
    from done d;

    if v_queues is not null then
        perform internal.runs_ended(v_types, v_keys, v_queues);
    end if;
    if v_parents is not null then
        perform internal.parents_completed(v_parents, p_at);
    end if;
    return query select unnest(v_ids);
end
$$;
comment on function public.worker_complete_jobs(bigint[], integer[], jsonb[], timestamptz) is
'Completes jobs and returns the ids of those it completed. One that is missing from the answer belongs to another run by now. Without p_run_nos, for a person at a prompt, it completes whatever run there is.';
revoke all on function public.worker_complete_jobs(bigint[], integer[], jsonb[], timestamptz) from public;
grant execute on function public.worker_complete_jobs(bigint[], integer[], jsonb[], timestamptz)
to authenticated, service_role;
