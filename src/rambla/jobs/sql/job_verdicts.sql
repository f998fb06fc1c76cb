create or replace function internal.job_verdicts(
    p_rows tid[],
    p_gates text[],
    p_rooms bigint[],
    p_types text[],
    p_keys text[],
    p_ours boolean[],
    p_limit integer
) returns table ("row" tid, held_by text, runs boolean, lane text, left_out boolean)
language plpgsql volatile set search_path = ''
as $$
begin
    return query
    with given as materialized (
        select r.place, r.row, j.job_type, j.partition_key, j.queue, j.held_by
        from unnest(p_rows) with ordinality r (row, place)
        inner join public.worker_jobs j on j.ctid = r.row
    ), rooms as materialized (
        select * from unnest(p_gates, p_rooms) r (gate, room)
    ), keys as materialized (
        select
            k.job_type,
            k.partition_key,
            k.ours,
            internal.most_per_key(k.job_type) as most,
            (
                select count(*)
                from public.worker_jobs j
                where j.limited
                    and j.worker_id is not null
                    and j.run_no > 0
                    and j.job_type = k.job_type
                    and j.partition_key = k.partition_key
            ) as running,
            -- Runs that cannot end before this claim does: their end will see what is held because of them.
            (
                select count(*)
                from (
                    select
                    from public.worker_jobs j
                    where j.limited
                        and j.worker_id is not null
                        and j.run_no > 0
                        and j.job_type = k.job_type
                        and j.partition_key = k.partition_key
                    for share skip locked
                ) w
            ) as witnesses
        from unnest(p_types, p_keys, p_ours) k (job_type, partition_key, ours)
    ), by_key as (
        select
            g.*,
            k.most,
            k.ours,
            k.witnesses,
            g.partition_key is not null and k.ours is null as left_out,
            g.partition_key is null
            or coalesce(
                k.ours
                and row_number() over (partition by g.job_type, g.partition_key order by g.place) <= k.most - k.running,
                false
            ) as key_fits
        from given g
        left join keys k on k.job_type = g.job_type and k.partition_key = g.partition_key
    ), by_type as (
        select
            b.*,
            r.gate as type_gate,
            r.gate is null
            or r.room is null
            or count(*) filter (where b.key_fits) over (partition by b.job_type order by b.place) <= r.room as type_fits
        from by_key b
        left join rooms r on r.gate = 'type:' || b.job_type
    ), by_queue as (
        select
            b.*,
            b.key_fits and b.type_fits
            and (
                r.gate is null
                or r.room is null
                or count(*) filter (where b.key_fits and b.type_fits) over (partition by b.queue order by b.place)
                <= r.room
            ) as fits
        from by_type b
        left join rooms r on r.gate = 'queue:' || b.queue
    ), cut as (
        select b.*, b.fits and count(*) filter (where b.fits) over (order by b.place) <= p_limit as runs
        from by_queue b
    )
    select
        c.row,
        c.held_by,
        c.runs,
        case
            when c.key_fits and c.type_fits then c.held_by
            when c.key_fits then c.type_gate
            when c.left_out then c.held_by
            when c.ours and c.witnesses + count(*) filter (where c.runs) over (partition by c.job_type, c.partition_key) >= c.most
                then internal.key_gate(c.job_type, c.partition_key)
            -- Another claim has this key now. What stayed in the ready lane could be behind a low-water mark by
            -- the next claim.
            else coalesce(c.held_by, 'turn')
        end,
        c.left_out
    from cut c;
end
$$;
comment on function internal.job_verdicts(tid[], text[], bigint[], text[], text[], boolean[], integer) is
'Goes through rows in the order of a claim: who runs within the limits of key, type and queue, who waits for what, and whose key was too much for this claim.';
revoke all on function internal.job_verdicts(tid[], text[], bigint[], text[], text[], boolean[], integer) from public;
