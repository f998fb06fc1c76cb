create or replace function internal.key_gate(p_job_type text, p_partition_key text) returns text
language plpgsql immutable parallel safe set search_path = ''
as $$
begin
    return 'key:' || p_job_type || ':' || p_partition_key;
end
$$;
comment on function internal.key_gate(text, text) is
'What jobs of one type and key are held by. Two pairs may share a name; whoever follows it compares both.';
revoke all on function internal.key_gate(text, text) from public;

create or replace function internal.most_per_key(p_job_type text) returns integer
language plpgsql stable set search_path = ''
as $$
begin
    return coalesce(
        (
            select l.most_per_key
            from public.worker_limits l
            where l.scope = 'type' and l.name = p_job_type and l.most_per_key is not null
            order by l.source desc -- operator before code
            limit 1
        ),
        1
    );
end
$$;
comment on function internal.most_per_key(text) is 'How many jobs of a type with the same key may run at once: 1 unless something else is set.';
revoke all on function internal.most_per_key(text) from public;

create or replace function internal.types_in_sight(p_types text[], p_rows tid[], p_queues text[]) returns text[]
language plpgsql stable set search_path = ''
as $$
begin
    return array(
        select t.name
        from unnest(p_types) t (name)
        where exists (
            select from public.worker_jobs j where j.held_by = 'type:' || t.name and j.queue = any (p_queues)
        )
        union
        select j.job_type
        from unnest(p_rows) r (row)
        inner join public.worker_jobs j on j.ctid = r.row
        where j.job_type = any (p_types)
    );
end
$$;
comment on function internal.types_in_sight(text[], tid[], text[]) is
'Those of the types that a claim has before it: in the rows it picked, or held.';
revoke all on function internal.types_in_sight(text[], tid[], text[]) from public;

create or replace function internal.count_starts(p_rows tid[], p_gates text[], p_at timestamptz) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    with rates as materialized (
        select l.name, make_interval(secs => l.rate_seconds) as period, make_interval(secs => l.rate_seconds / 100) as slot
        from unnest(p_gates) g (gate)
        cross join lateral internal.limit_now('type', substr(g.gate, 6)) l
        where g.gate like 'type:%' and l.rate_count is not null
    ), gone as (
        delete from public.worker_rate_starts s using rates r where s.job_type = r.name and s.until <= p_at - r.period
    )
    insert into public.worker_rate_starts as s (job_type, until, started)
    select r.name, date_bin(r.slot, p_at, 'epoch'::timestamptz) + r.slot, count(*)
    from unnest(p_rows) p (row)
    inner join public.worker_jobs j on j.ctid = p.row
    inner join rates r on r.name = j.job_type
    group by r.name, r.slot
    on conflict (job_type, until) do update set started = s.started + excluded.started;
end
$$;
comment on function internal.count_starts(tid[], text[], timestamptz) is
'Notes how many runs of each type with a rate start now. In hundredths of the period, each counted to its end: never more than the rate in any period, and at worst one hundredth later than it allows.';
revoke all on function internal.count_starts(tid[], text[], timestamptz) from public;

create or replace function internal.count_runs() returns void
language plpgsql volatile set search_path = ''
as $$
begin
    update public.worker_jobs j
    set limited = true
    where j.ctid = any (array(
        select r.ctid
        from public.worker_jobs r
        where r.status = 'running'
            and not r.limited
            and exists (
                select
                from public.worker_limits l
                where (l.scope = 'type' and l.name = r.job_type) or (l.scope = 'queue' and l.name = r.queue)
            )
        -- A row that somebody holds ends now, or will be there at the next sweep.
        for no key update skip locked
    ));
end
$$;
comment on function internal.count_runs() is 'Counts the runs that were claimed before their type or queue had a limit.';
revoke all on function internal.count_runs() from public;

create or replace function internal.runs_ended(p_types text[], p_keys text[], p_queues text[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_told integer;
begin
    with opened as (
        update public.worker_jobs j
        set held_by = 'turn'
        where j.ctid = any (array(
            select n.row
            from (
                select e.job_type, e.partition_key, count(*) as ended
                from unnest(p_types, p_keys) e (job_type, partition_key)
                group by e.job_type, e.partition_key
                order by e.job_type, e.partition_key -- two ends wait for each other, but not in a circle
            ) e
            cross join lateral (
                select h.ctid as row
                from public.worker_jobs h
                where h.held_by = internal.key_gate(e.job_type, e.partition_key)
                    and h.job_type = e.job_type
                    and h.partition_key = e.partition_key
                order by h.queue, h.priority, h.next_run_at, h.id
                limit e.ended
                -- Not past locked ones: a claim that found them free a moment ago keeps its locks on them although
                -- they are held now, and nobody would come back for them. It waits for nobody, so this is short.
                for update
            ) n
        ))
        returning j.queue
    )
    select count(pg_notify('jobs', q.queue)) into v_told
    from (
        select o.queue from opened o
        union
        select q.queue from unnest(p_queues) q (queue)
    ) q;
end
$$;
comment on function internal.runs_ended(text[], text[], text[]) is
'After runs that counted against a limit: it is the turn of the next jobs of their keys, and their queues are told. In a statement after the one that ended them, because that one may have waited for a claim that was just holding a job because of them.';
revoke all on function internal.runs_ended(text[], text[], text[]) from public;
