-- figures: jobs and workers, bounded by what worker_stats counts
select
    coalesce(sum(s.jobs) filter (where s.state = 'ready'), 0)::bigint as ready,
    coalesce(sum(s.jobs) filter (where s.state = 'running'), 0)::bigint as running,
    coalesce(sum(s.jobs) filter (where s.state = 'dead'), 0)::bigint as dead,
    (select count(*) from public.worker_heartbeats h where h.beat_at > now() - interval '20 seconds') as workers,
    min(s.oldest_at) filter (where s.state = 'ready') as oldest_ready,
    min(s.oldest_at) filter (where s.state = 'dead') as oldest_dead
from public.worker_stats() s;

-- facts: what the database says of itself
select
    'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1) as server,
    pg_database_size(current_database()) as size_bytes,
    (select count(*) from pg_stat_activity a where a.datname = current_database()) as connections,
    (
        select min(a.xact_start) from pg_stat_activity a
        where a.datname = current_database() and a.pid <> pg_backend_pid()
    ) as oldest_transaction;

-- deeds: a page of the audit log
select a.id, a.at, a.actor_id, p.display_name as actor, a.action, a.subject, a.details
from public.audit_log a
left join public.profiles p on p.id = a.actor_id
where %(before)s::bigint is null or a.id < %(before)s
order by a.id desc
limit %(limit)s;
