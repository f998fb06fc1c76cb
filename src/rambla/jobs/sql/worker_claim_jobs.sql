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
-- Planned once a session, because planning costs as much as a claim of one. A plan that was made while the table was
-- small must not read all of it later.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
    c_rounds constant integer := 10; -- of at least 500 jobs that have to wait, before the next claim goes on
    v_queues text[];
    v_counted text[];
    v_types text[];
    v_waiting boolean;
    v_look integer := p_limit;
    v_rows tid[];
    v_limited boolean;
    v_moved integer := 0;
    v_left_out boolean := false;
    v_keys integer := 100; -- that one claim may lock; all locks share one table of the server
    v_locked integer;
    v_claimed integer;
    v_left integer := p_limit;
begin
    perform internal.require_service();
    if p_worker_id is null or p_limit not between 1 and 5000 then
        raise sqlstate 'PT400' using message = 'A claim names its worker and takes 1 to 5000 jobs.', detail = 'invalid_value';
    end if;

    -- Whoever claims is alive; a worker without a heartbeat would look like one lost in a crash.
    insert into public.worker_heartbeats (worker_id, started_at, beat_at, queues)
    values (p_worker_id, p_at, p_at, p_queues)
    on conflict do nothing;

    v_queues := array(
        select q.queue
        from unnest(p_queues) with ordinality q (queue, place)
        where not exists (select from public.worker_pauses s where s.scope = 'queue' and s.name = q.queue)
        order by q.place
    );
    v_counted := array(
        select distinct l.name from public.worker_limits l where l.scope = 'queue' and l.name = any (v_queues)
    );
    v_types := array(
        select l.name from public.worker_limits l where l.scope = 'type'
        union
        select s.name from public.worker_pauses s where s.scope = 'type'
    );
    v_waiting := exists (
        select
        from public.worker_jobs j
        where j.held_by = any ('turn'::text || array(select 'type:' || t.name from unnest(v_types) t (name)))
            and j.queue = any (v_queues)
    );

    for v_round in 1..c_rounds loop
        with lanes as materialized (
            select l.queue, l.priority
            from unnest(v_queues) with ordinality q (queue, place)
            inner join public.worker_lanes l on l.queue = q.queue
            where q.queue <> all (v_counted)
            order by q.place, l.priority
        ), picked as materialized (
            -- Not a subquery of the update: the planner may run a subquery twice and take more than the limit.
            select c.*
            from lanes
            cross join lateral (
                select j.ctid as row, j.partition_key is not null or j.job_type = any (v_types) as limited
                from public.worker_jobs j
                where j.status = 'pending'
                    and j.held_by is null
                    and j.queue = lanes.queue
                    and j.priority = lanes.priority
                    and j.next_run_at <= p_at
                    and j.next_run_at >= coalesce(p_low_water, '-infinity')
                order by j.next_run_at, j.id
                limit v_look
                for update skip locked
            ) c
            limit v_look
        )
        select array_agg(p.row), coalesce(bool_or(p.limited), false) into v_rows, v_limited from picked p;

        v_limited := v_limited or v_waiting or v_counted <> '{}';
        if v_limited then
            select a.admitted, a.moved, a.locked, a.left_out into v_rows, v_moved, v_locked, v_left_out
            from internal.admit_jobs(v_rows, v_queues, v_types, v_counted, v_left, v_keys, p_at) a;
            v_keys := v_keys - v_locked;
        else
            v_rows := v_rows[:v_left]; -- a later round has looked further than it may take
        end if;

        return query
        with claimed as (
            update public.worker_jobs j
            set status = 'running',
                attempts = j.attempts + 1,
                run_no = j.run_no + 1,
                worker_id = p_worker_id,
                started_at = p_at,
                held_by = null,
                limited = j.limited
                or v_limited
                and (j.partition_key is not null or j.job_type = any (v_types) or j.queue = any (v_counted))
            -- By their place on disk, which cannot change while this transaction holds their locks.
            where j.ctid = any (v_rows)
            returning
                j.id, j.run_no, j.job_type, j.queue, j.priority, j.next_run_at, j.payload, j.attempts, j.max_attempts
        )
        select * from claimed c
        order by array_position(p_queues, c.queue), c.priority, c.next_run_at, c.id;

        get diagnostics v_claimed = row_count;
        v_left := v_left - v_claimed;
        exit when not v_limited or v_moved = 0 or v_left_out or v_left = 0;
        v_look := greatest(p_limit, 500);
    end loop;
    if v_limited and (v_left_out or (v_moved > 0 and v_left > 0)) then
        -- This claim has not seen all, and its worker must not take it for all there is.
        perform set_config('rambla.claim_goes_on', 'yes', true);
    end if;
end
$$;
comment on function public.worker_claim_jobs(uuid, text[], integer, timestamptz, timestamptz) is
'Takes up to p_limit due jobs for a worker: queues in the order given, then by priority, next_run_at and id. Skips what others hold, and keeps within the limits of queues, types and keys: what has to wait is held, out of the way of the next claim. Counts the attempt and raises run_no, which every later call about this run must show. p_low_water skips what is known to be dead at the front of the index; null looks at everything.';
revoke all on function public.worker_claim_jobs(uuid, text[], integer, timestamptz, timestamptz) from public;
grant execute on function public.worker_claim_jobs(uuid, text[], integer, timestamptz, timestamptz)
to authenticated, service_role;
