create or replace function internal.admit_jobs(
    p_rows tid[],
    p_queues text[],
    p_types text[],
    p_counted text[],
    p_limit integer,
    p_most_keys integer,
    p_at timestamptz,
    out admitted tid[],
    out moved integer,
    out locked integer,
    out left_out boolean
)
language plpgsql volatile set search_path = ''
-- How many rows are wanted of a gate decides the plan: not the caller's generic ones.
set plan_cache_mode = auto
as $$
declare
    v_gates text[];
    v_rooms bigint[];
    v_open text[];
    v_type_gates text[];
    v_type_rooms bigint[];
    v_rows tid[];
    v_types text[];
    v_keys text[];
    v_ours boolean[];
    v_moving tid[];
    v_lanes text[];
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise sqlstate 'PT400' using
            message = 'A claim with limits must see what others have committed: it runs in READ COMMITTED.',
            detail = 'invalid_value';
    end if;
    select 'turn'::text || array_agg(r.gate), null::bigint || array_agg(r.room) into v_gates, v_rooms
    from internal.job_rooms('{}', p_counted, p_at) r;
    -- What is held in a full queue cannot run, and would take the locks of keys from what can.
    v_open := array(
        select q.queue
        from unnest(p_queues) with ordinality q (queue, place)
        where not exists (
            select from unnest(v_gates, v_rooms) r (gate, room) where r.gate = 'queue:' || q.queue and r.room <= 0
        )
        order by q.place
    );
    v_rows := internal.job_candidates(p_rows, v_open, v_gates, v_rooms, p_limit, p_at);

    -- Only now it is known which types are among them, and from here on only those may be.
    select array_agg(r.gate), array_agg(r.room) into v_type_gates, v_type_rooms
    from internal.job_rooms(internal.types_in_sight(p_types, v_rows, v_open), '{}', p_at) r;
    v_rows := internal.job_candidates(v_rows, v_open, v_type_gates, v_type_rooms, p_limit, p_at);
    v_gates := v_gates || v_type_gates;
    v_rooms := v_rooms || v_type_rooms;

    select
        array_agg(k.job_type),
        array_agg(k.partition_key),
        array_agg(pg_try_advisory_xact_lock(hashtextextended(internal.key_gate(k.job_type, k.partition_key), 0)))
    into v_types, v_keys, v_ours
    from (
        select j.job_type, j.partition_key
        from unnest(v_rows) with ordinality r (row, place)
        inner join public.worker_jobs j on j.ctid = r.row
        where j.partition_key is not null
        group by j.job_type, j.partition_key
        order by min(r.place)
        limit p_most_keys
    ) k;

    select
        array_agg(v.row) filter (where v.runs),
        array_agg(v.row) filter (where not v.runs and v.lane is distinct from v.held_by),
        array_agg(v.lane) filter (where not v.runs and v.lane is distinct from v.held_by),
        bool_or(v.left_out)
    into admitted, v_moving, v_lanes, left_out
    from internal.job_verdicts(v_rows, v_gates, v_rooms, v_types, v_keys, v_ours, p_limit) v;

    update public.worker_jobs j
    set held_by = m.lane
    from unnest(v_moving, v_lanes) m (row, lane)
    where j.ctid = m.row;
    get diagnostics moved = row_count;
    locked := coalesce(cardinality(v_keys), 0);
    perform internal.count_starts(admitted, v_gates, p_at);
end
$$;
comment on function internal.admit_jobs(tid[], text[], text[], text[], integer, integer, timestamptz) is
'Which of the picked rows, and of those that were held, may run within every limit. Moves the others out of the way of the next claim, and says how many it moved, how many keys it has locked, and whether it has left some out because there were more.';
revoke all on function internal.admit_jobs(tid[], text[], text[], text[], integer, integer, timestamptz) from public;
