create or replace function internal.explain_limits(p_job public.worker_jobs, p_at timestamptz) returns setof text
language plpgsql stable set search_path = ''
as $$
declare
    v_pause public.worker_pauses;
    v_limit public.worker_limits;
    v_started bigint;
begin
    for v_pause in
        select s.*
        from public.worker_pauses s
        where (s.scope, s.name) in (('queue', p_job.queue), ('type', p_job.job_type))
        order by s.scope
    loop
        return next format('The %s %s is paused since %s: %s', v_pause.scope, v_pause.name, date_trunc('second', v_pause.paused_at), v_pause.reason);
    end loop;

    for v_limit in
        select l.* from internal.limit_now('queue', p_job.queue) l
        union all
        select l.* from internal.limit_now('type', p_job.job_type) l
    loop
        return query
        select format('The %s %s runs at most %s at once, and these run: %s.', v_limit.scope, v_limit.name, v_limit.most_running, r.jobs)
        from internal.running_jobs(v_limit.scope, v_limit.name, null) r
        where r.jobs_count >= v_limit.most_running;

        select sum(s.started) into v_started
        from public.worker_rate_starts s
        where s.job_type = v_limit.name and s.until > p_at - make_interval(secs => v_limit.rate_seconds);
        if v_started >= v_limit.rate_count then
            return next format(
                'The type %s starts at most %s in %s seconds, and has started %s.',
                v_limit.name, v_limit.rate_count, v_limit.rate_seconds, v_started
            );
        end if;
    end loop;

    return query
    select format(
        'At most %s of the type %s with the key %s at once, and these run: %s.',
        internal.most_per_key(p_job.job_type), p_job.job_type, p_job.partition_key, r.jobs
    )
    from internal.running_jobs('type', p_job.job_type, p_job.partition_key) r
    where p_job.partition_key is not null and r.jobs_count >= internal.most_per_key(p_job.job_type);
end
$$;
comment on function internal.explain_limits(public.worker_jobs, timestamptz) is
'Which pauses and limits stand in the way of a job, and who runs in its place.';
revoke all on function internal.explain_limits(public.worker_jobs, timestamptz) from public;

create or replace function internal.running_jobs(
    p_scope text, p_name text, p_key text, out jobs_count bigint, out jobs text
)
language plpgsql stable set search_path = ''
as $$
begin
    select count(*), string_agg(format('%s on worker %s', r.id, r.worker_id), ', ' order by r.id) filter (where r.place <= 10)
    into jobs_count, jobs
    from (
        select j.id, j.worker_id, row_number() over (order by j.id) as place
        from public.worker_jobs j
        where j.status = 'running'
            and j.limited
            and case when p_scope = 'queue' then j.queue else j.job_type end = p_name
            and (p_key is null or j.partition_key = p_key)
    ) r;
end
$$;
comment on function internal.running_jobs(text, text, text) is
'How many runs count against a limit, and the first ten with their workers.';
revoke all on function internal.running_jobs(text, text, text) from public;

create or replace function internal.explain_parents(p_job public.worker_jobs) returns setof text
language plpgsql stable set search_path = ''
as $$
begin
    if p_job.held_by is distinct from 'parents' then
        return;
    end if;
    return next format('It waits for %s of its parents to complete.', p_job.parents_left);
    return query
    select format(
        case p.status
            when 'dead' then 'Job %s, its parent, is a dead letter. Redrive it, or run this one now without it.'
            when 'cancelled' then 'Job %s, its parent, was cancelled. Retry it, or run this one now without it.'
            else 'Job %s, its parent, is %s.'
        end,
        p.id, p.status
    )
    from (
        select j.id, j.status
        from public.worker_job_parents e
        inner join public.worker_jobs j on j.id = e.parent_id
        where e.child_id = p_job.id and j.status <> 'completed'
        union all
        select d.job_id, 'dead'
        from public.worker_job_parents e
        inner join public.dead_letter_queue d on d.job_id = e.parent_id
        where e.child_id = p_job.id
    ) p
    order by array_position(array['dead', 'cancelled', 'running', 'pending'], p.status), p.id
    limit 10;
end
$$;
comment on function internal.explain_parents(public.worker_jobs) is
'Which parents a job waits for, those first that will not complete by themselves.';
revoke all on function internal.explain_parents(public.worker_jobs) from public;
