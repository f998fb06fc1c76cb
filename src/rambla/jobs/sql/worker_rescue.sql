create or replace function public.worker_rescue(p_limit integer default 500, p_at timestamptz default now())
returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_silent_since timestamptz := p_at - (internal.setting('jobs_lease') #>> '{}')::interval;
    v_rescued integer;
begin
    perform internal.require_service();
    if not pg_try_advisory_xact_lock(1785684595) then -- "jobs" in ASCII: one sweep at a time is enough
        return 0;
    end if;

    -- A crash of the server empties the unlogged heartbeats. Whoever is missing gets one lease to speak up.
    insert into public.worker_heartbeats (worker_id, started_at, beat_at)
    select distinct j.worker_id, p_at, p_at
    from public.worker_jobs j
    where j.status = 'running'
        and not exists (select from public.worker_heartbeats h where h.worker_id = j.worker_id)
    on conflict do nothing;

    with lost as materialized (
        select j.id, j.run_no, format('Worker %s was not heard of since %s.', h.worker_id, h.beat_at) as error
        from public.worker_heartbeats h
        inner join public.worker_jobs j on j.worker_id = h.worker_id and j.status = 'running'
        where h.beat_at <= v_silent_since
        order by j.id
        limit p_limit
        for update of j skip locked
    )
    select count(*) into v_rescued
    from (
        select
            array_agg(l.id) as ids, array_agg(l.run_no) as run_nos, array_agg(l.error) as errors,
            array_agg('lost'::text) as outcomes, array_agg(false) as finals
        from lost l
    ) a
    cross join lateral internal.fail_jobs(a.ids, a.run_nos, a.errors, a.outcomes, a.finals, p_at) f;

    delete from public.worker_heartbeats h
    where h.beat_at < p_at - interval '1 hour'
        and not exists (select from public.worker_jobs j where j.worker_id = h.worker_id and j.status = 'running');
    return v_rescued;
end
$$;
comment on function public.worker_rescue(integer, timestamptz) is
'Ends the attempts of workers that fell silent, by their heartbeat and never by the age of a job. The first loss runs again at once, later ones after the backoff; at max_attempts the job is a dead letter. Returns how many it ended.';
revoke all on function public.worker_rescue(integer, timestamptz) from public;
grant execute on function public.worker_rescue(integer, timestamptz) to authenticated, service_role;
