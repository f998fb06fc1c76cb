create or replace function internal.job_rooms(p_types text[], p_queues text[], p_at timestamptz)
returns table (gate text, room bigint)
language plpgsql volatile set search_path = ''
as $$
declare
    v_ours text[];
begin
    -- A try, because a claim that waits could be part of a deadlock. Whoever has the lock takes what fits.
    select array_agg(g.gate) into v_ours
    from (
        select 'type:' || t.name from unnest(p_types) t (name)
        union all
        select 'queue:' || q.name from unnest(p_queues) q (name)
    ) g (gate)
    where pg_try_advisory_xact_lock(hashtextextended(g.gate, 0));

    -- Counted in a statement of its own, which sees what the last holder of the lock has committed.
    return query
    select
        'type:' || t.name,
        case
            when s.name is not null or ('type:' || t.name) = any (v_ours) is not true then 0
            else least(
                l.most_running - (
                    select count(*)
                    from public.worker_jobs j
                    where j.limited and j.worker_id is not null and j.run_no > 0 and j.job_type = t.name
                ),
                l.rate_count - (
                    select coalesce(sum(r.started), 0)::bigint
                    from public.worker_rate_starts r
                    where r.job_type = t.name and r.until > p_at - make_interval(secs => l.rate_seconds)
                )
            )
        end
    from unnest(p_types) t (name)
    left join public.worker_pauses s on s.scope = 'type' and s.name = t.name
    left join lateral internal.limit_now('type', t.name) l on true
    union all
    select
        'queue:' || q.name,
        case
            when ('queue:' || q.name) = any (v_ours) is not true then 0
            else l.most_running - (
                select count(*)
                from public.worker_jobs j
                where j.limited and j.worker_id is not null and j.attempts > 0 and j.queue = q.name
            )
        end
    from unnest(p_queues) q (name)
    left join lateral internal.limit_now('queue', q.name) l on true;
end
$$;
comment on function internal.job_rooms(text[], text[], timestamptz) is
'How many more jobs of each type and queue may start, null for any number. Locks their gates until the transaction ends; a gate that another claim has is closed, and so is a paused type''s.';
revoke all on function internal.job_rooms(text[], text[], timestamptz) from public;
