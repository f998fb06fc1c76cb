create or replace function public.worker_claim_jobs(
    p_worker_id uuid,
    p_queues text[] default array['default'],
    p_limit integer default 1,
    p_low_water timestamptz default null,
    p_at timestamptz default now()
) returns table (
    id bigint,
    run_no integer,
    job_type text,
    queue text,
    priority integer,
    next_run_at timestamptz,
    payload jsonb,
    attempt integer,
    max_attempts integer
)
language plpgsql volatile security definer set search_path = ''
-- The plan is kept for the session. One that was made while the table was small must not read all of it later.
set enable_seqscan = off set enable_bitmapscan = off
as $$
begin
    perform internal.require_service();
    if p_worker_id is null or p_limit not between 1 and 5000 then
        raise sqlstate 'PT400' using message = 'A claim names its worker and takes 1 to 5000 jobs.', detail = 'invalid_value';
    end if;

    -- Whoever claims is alive; a worker without a heartbeat would look like one lost in a crash.
    insert into public.worker_heartbeats (worker_id, started_at, beat_at, queues)
    values (p_worker_id, p_at, p_at, p_queues)
    on conflict do nothing;

    return query
    with lanes as materialized (
        select l.queue, l.priority
        from unnest(p_queues) with ordinality q (queue, place)
        inner join public.worker_lanes l on l.queue = q.queue
        where not exists (select from public.worker_queue_pauses s where s.queue = q.queue)
        order by q.place, l.priority
    ), picked as materialized (
        -- A CTE and not a subquery of the update: the planner may run a subquery twice and take more than p_limit.
        select c.ctid as row
        from lanes
        cross join lateral (
            select j.ctid
            from public.worker_jobs j
            where j.status = 'pending'
                and j.held_by is null
                and j.queue = lanes.queue
                and j.priority = lanes.priority
                and j.next_run_at <= p_at
                and j.next_run_at >= coalesce(p_low_water, '-infinity')
            order by j.next_run_at, j.id
            limit p_limit
            for update skip locked
        ) c
        limit p_limit
    ), claimed as (
        update public.worker_jobs j
        set status = 'running',
            attempts = j.attempts + 1,
            run_no = j.run_no + 1,
            worker_id = p_worker_id,
            started_at = p_at
        -- By their place on disk, which cannot change while this statement holds their locks.
        where j.ctid = any (array(select picked.row from picked))
        returning j.id, j.run_no, j.job_type, j.queue, j.priority, j.next_run_at, j.payload, j.attempts, j.max_attempts
    )
    select * from claimed c
    order by array_position(p_queues, c.queue), c.priority, c.next_run_at, c.id;
end
$$;
comment on function public.worker_claim_jobs(uuid, text[], integer, timestamptz, timestamptz) is
'Takes up to p_limit due jobs for a worker: queues in the order given, then by priority, next_run_at and id. Skips what others hold. Counts the attempt and raises run_no, which every later call about this run must show. p_low_water skips what is known to be dead at the front of the index; null looks at everything.';
revoke all on function public.worker_claim_jobs(uuid, text[], integer, timestamptz, timestamptz) from public;
grant execute on function public.worker_claim_jobs(uuid, text[], integer, timestamptz, timestamptz)
to authenticated, service_role;
