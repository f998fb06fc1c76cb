create or replace function internal.job_candidates(
    p_rows tid[], p_queues text[], p_gates text[], p_rooms bigint[], p_limit integer, p_at timestamptz
) returns tid[]
language plpgsql volatile set search_path = ''
as $$
begin
    return (
        with rooms as materialized (
            select r.gate, least(p_limit, r.room) as room
            from unnest(p_gates, p_rooms) r (gate, room)
            where r.room > 0 or r.room is null
        ), ready as materialized (
            select j.ctid as row, j.queue, j.priority, j.next_run_at, j.id
            from unnest(p_rows) r (row)
            inner join public.worker_jobs j on j.ctid = r.row
        ), counted as materialized (
            select c.*
            from rooms
            inner join public.worker_lanes l on rooms.gate = 'queue:' || l.queue
            cross join lateral (
                select j.ctid as row, j.queue, j.priority, j.next_run_at, j.id
                from public.worker_jobs j
                where j.status = 'pending'
                    and j.held_by is null
                    and j.queue = l.queue
                    and j.priority = l.priority
                    and j.next_run_at <= p_at
                order by j.next_run_at, j.id
                limit rooms.room
                for update skip locked
            ) c
        ), held as materialized (
            select h.*
            from rooms g
            cross join unnest(p_queues) q (queue)
            cross join lateral (
                select j.ctid as row, j.queue, j.priority, j.next_run_at, j.id
                from public.worker_jobs j
                where j.held_by = g.gate -- which a queue's never is
                    and j.queue = q.queue and j.next_run_at <= p_at
                order by j.priority, j.next_run_at, j.id
                limit g.room
                for update skip locked
            ) h
        )
        select array_agg(a.row order by array_position(p_queues, a.queue), a.priority, a.next_run_at, a.id)
        from (
            select * from ready
            union all
            select * from counted
            union all
            select * from held
        ) a
    );
end
$$;
comment on function internal.job_candidates(tid[], text[], text[], bigint[], integer, timestamptz) is
'The rows that a claim has picked, and with them those that were held and for which there may be room now, locked and in the order of a claim.';
revoke all on function internal.job_candidates(tid[], text[], text[], bigint[], integer, timestamptz) from public;
