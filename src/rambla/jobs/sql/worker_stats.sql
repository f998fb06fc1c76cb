create or replace function public.worker_stats(p_at timestamptz default now())
returns table (queue text, job_type text, state text, jobs bigint, oldest_at timestamptz, capped boolean)
language plpgsql stable security definer set search_path = ''
set enable_seqscan = off
as $$
declare
    -- No viewer may cost more than this many rows of a queue that has run full.
    c_most constant integer := 20000;
begin
    perform internal.require_service();
    return query
    with counted (queue, job_type, state, at, part) as (
        select l.queue, r.job_type, 'ready', r.next_run_at, format('ready %s %s', l.queue, l.priority)
        from public.worker_lanes l
        cross join lateral (
            select j.job_type, j.next_run_at
            from public.worker_jobs j
            where j.status = 'pending' and j.held_by is null
                and j.queue = l.queue and j.priority = l.priority and j.next_run_at <= p_at
            order by j.next_run_at
            limit c_most
        ) r
        union all
        select l.queue, r.job_type, 'scheduled', r.next_run_at, format('scheduled %s %s', l.queue, l.priority)
        from public.worker_lanes l
        cross join lateral (
            select j.job_type, j.next_run_at
            from public.worker_jobs j
            where j.status = 'pending' and j.held_by is null
                and j.queue = l.queue and j.priority = l.priority and j.next_run_at > p_at
            order by j.next_run_at
            limit c_most
        ) r
        union all
        select h.queue, h.job_type, case h.held_by when 'turn' then 'ready' else 'held' end, h.next_run_at, 'held'
        from (
            select j.queue, j.job_type, j.held_by, j.next_run_at from public.worker_jobs j where j.held_by is not null limit c_most
        ) h
        union all
        select j.queue, j.job_type, 'running', j.started_at, 'running'
        from public.worker_jobs j
        where j.status = 'running'
        union all
        select r.queue, r.job_type, 'completed', r.finished_at, 'completed'
        from (
            select j.queue, j.job_type, j.finished_at
            from internal.job_types_over() t (job_type)
            cross join lateral (
                select o.queue, o.job_type, o.finished_at
                from public.worker_jobs o
                where o.job_type = t.job_type
                    and o.status = 'completed'
                    and o.status in ('completed', 'cancelled')
                    and o.finished_at > p_at - interval '1 hour'
                order by o.finished_at desc
                limit c_most
            ) j
            limit c_most
        ) r
        union all
        select r.queue, r.job_type, 'dead', r.died_at, 'dead'
        from (select d.queue, d.job_type, d.died_at from public.dead_letter_queue d order by d.died_at limit c_most) r
    ), grouped as (
        select c.queue, c.job_type, c.state, c.part, count(*) as jobs, min(c.at) as oldest_at
        from counted c
        group by c.queue, c.job_type, c.state, c.part
    ), parts as (
        select g.*, sum(g.jobs) over (partition by g.part) >= c_most as is_capped
        from grouped g
    )
    select p.queue, p.job_type, p.state, sum(p.jobs)::bigint, min(p.oldest_at), bool_or(p.is_capped)
    from parts p
    group by p.queue, p.job_type, p.state
    order by p.queue, p.job_type, p.state;
end
$$;
comment on function public.worker_stats(timestamptz) is
'How many jobs of each queue and type are ready, scheduled, held (by a limit, a pause or their parents), running, completed in the last hour, or dead, and since when the oldest. Counts stop at 20000 of a kind and say so in capped.';
revoke all on function public.worker_stats(timestamptz) from public;
grant execute on function public.worker_stats(timestamptz) to authenticated, service_role;
