create or replace function public.worker_beat(
    p_worker_id uuid,
    p_held bigint[] default null,
    p_run_nos integer[] default null,
    p_host text default null,
    p_pid integer default null,
    p_concurrency integer default null,
    p_queues text[] default null,
    p_job_types text[] default null,
    p_at timestamptz default now()
) returns setof bigint
language plpgsql volatile security definer set search_path = ''
set enable_seqscan = off
as $$
begin
    perform internal.require_service();
    insert into public.worker_heartbeats as h (
        worker_id, started_at, beat_at, host, pid, concurrency, queues, job_types
    )
    values (
        p_worker_id, p_at, p_at, coalesce(p_host, ''), p_pid, p_concurrency, coalesce(p_queues, '{}'),
        coalesce(p_job_types, '{}')
    )
    on conflict (worker_id) do update
    set beat_at = excluded.beat_at,
        host = coalesce(p_host, h.host),
        pid = coalesce(p_pid, h.pid),
        concurrency = coalesce(p_concurrency, h.concurrency),
        queues = coalesce(p_queues, h.queues),
        job_types = coalesce(p_job_types, h.job_types);
    if p_held is null then
        return;
    end if;

    -- A claim whose answer was lost on the way: the worker is alive and does not know that it has the job.
    perform public.worker_release(array_agg(j.id), array_agg(j.run_no))
    from public.worker_jobs j
    where j.worker_id = p_worker_id
        and j.status = 'running'
        and j.started_at <= p_at - (internal.setting('jobs_lease') #>> '{}')::interval
        and j.id <> all (p_held);

    return query
    select a.id
    from unnest(p_held, p_run_nos) a (id, run_no)
    left join public.worker_jobs j
        on j.id = any (p_held) and j.id = a.id and j.run_no = a.run_no and j.worker_id is not null
    where j.id is null;
end
$$;
comment on function public.worker_beat(uuid, bigint[], integer[], text, integer, integer, text[], text[], timestamptz) is
'Says that a worker is alive. With the jobs it holds, it returns those that are not its own any more (cancelled, or given to another), and releases the ones that it does not know of.';
revoke all on function public.worker_beat(uuid, bigint[], integer[], text, integer, integer, text[], text[], timestamptz)
from public;
grant execute on function
public.worker_beat(uuid, bigint[], integer[], text, integer, integer, text[], text[], timestamptz)
to authenticated, service_role;
