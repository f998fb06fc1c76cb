create or replace function internal.fail_jobs(
    p_ids bigint[], p_run_nos integer[], p_errors text[], p_outcomes text[], p_final boolean[], p_at timestamptz
) returns table (job_id bigint, next_run_at timestamptz)
language plpgsql volatile set search_path = ''
as $$
declare
    v_ids bigint[];
    v_moments timestamptz[];
    v_types text[];
    v_keys text[];
    v_queues text[];
    v_parents bigint[];
begin
    with given as (
        select *
        from unnest(p_ids, p_run_nos, p_errors, p_outcomes, p_final) g (id, run_no, error, outcome, final)
    ), own as materialized (
        select
            j.id,
            j.job_type,
            j.attempts + (j.status = 'pending')::integer as attempts,
            j.run_no + (j.status = 'pending')::integer as run_no,
            case when j.status = 'pending' then p_at else j.started_at end as started_at,
            j.worker_id,
            left(g.error, 10000) as error,
            g.outcome,
            j.attempts + (j.status = 'pending')::integer < j.max_attempts and not g.final as again
        from public.worker_jobs j
        inner join given g on g.id = j.id
        where j.id = any (p_ids)
            and ((j.status = 'running' and j.run_no = g.run_no)
            -- Without a run_no, a job that nobody has claimed is claimed and failed in one step.
            or (g.run_no is null and j.status in ('pending', 'running')))
        order by j.id
        for update of j
    ), noted as materialized (
        select
            o.*,
            jsonb_build_object(
                'at', p_at, 'outcome', o.outcome, 'attempt', o.attempts, 'run_no', o.run_no, 'error', o.error,
                'started_at', o.started_at, 'worker_id', o.worker_id
            ) as event
        from own o
    ), retried as (
        update public.worker_jobs j
        set status = 'pending',
            attempts = n.attempts,
            run_no = n.run_no,
            started_at = n.started_at,
            worker_id = null,
            -- One that failed while it was held is for later now; only its parents are still to be waited for.
            held_by = case when j.held_by = 'parents' then 'parents' end,
            last_error = n.error,
            progress = null,
            progress_note = null,
            history = internal.job_history(j.history, n.event),
            -- The first loss of a worker is rarely the job's fault; a job that kills its workers waits from the second.
            next_run_at = p_at + case
                when n.outcome <> 'lost' then internal.job_backoff(j.job_type, n.attempts)
                when n.attempts > 1 then internal.job_backoff(j.job_type, n.attempts - 1)
                else interval '0'
            end
        from noted n
        where j.id = any (p_ids) and j.id = n.id and n.again
        returning j.id, j.next_run_at, j.job_type, j.partition_key, j.queue, j.limited, false as orphans
    ), gone as (
        delete from public.worker_jobs j
        using noted n
        where j.id = any (p_ids) and j.id = n.id and not n.again
        returning j.*, n.attempts as tried, n.run_no as run, n.started_at as began, n.error as why, n.event
    ), buried as (
        insert into public.dead_letter_queue as d (
            job_id, job_type, queue, priority, payload, tags, attempts, max_attempts, run_no, idempotency_key,
            partition_key, last_error, history, redrives, created_at, started_at, died_at
        )
        select
            g.id, g.job_type, g.queue, g.priority, g.payload, g.tags, g.tried, g.max_attempts, g.run, g.idempotency_key,
            g.partition_key, g.why, internal.job_history(g.history, g.event), g.redrives, g.created_at, g.began, p_at
        from gone g
    ), ended as (
        select r.* from retried r
        union all
        select g.id, null, g.job_type, g.partition_key, g.queue, g.limited, g.is_parent from gone g
    )
    select
        array_agg(e.id),
        array_agg(e.next_run_at),
        array_agg(e.job_type) filter (where e.partition_key is not null),
        array_agg(e.partition_key) filter (where e.partition_key is not null),
        array_agg(distinct e.queue) filter (where e.limited or e.partition_key is not null),
        array_agg(e.id) filter (where e.orphans)
    into v_ids, v_moments, v_types, v_keys, v_queues, v_parents
    from ended e;

    if v_queues is not null then
        perform internal.runs_ended(v_types, v_keys, v_queues);
    end if;
    if v_parents is not null then
        perform internal.parents_failed(v_parents, p_at);
    end if;
    return query select * from unnest(v_ids, v_moments);
end
$$;
comment on function internal.fail_jobs(bigint[], integer[], text[], text[], boolean[], timestamptz) is
'Ends attempts that did not succeed: another one later, or the dead letters, in one statement. Returns those that were the caller''s to end, with when they run again, null for a dead letter.';
revoke all on function internal.fail_jobs(bigint[], integer[], text[], text[], boolean[], timestamptz) from public;
