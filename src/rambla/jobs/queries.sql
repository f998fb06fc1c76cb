-- claim: in one round trip
select internal.jobs_claim(%(claims)s, %(worker_id)s, %(queues)s, %(limit)s, %(low_water)s);

-- complete: the ids that were ours to complete, in one round trip
select internal.jobs_complete_json(%(claims)s, %(ids)s::bigint[], %(run_nos)s::integer[], %(results)s::text[]);

-- complete_one: in the handler's own transaction
select count(*)
from public.worker_complete_jobs(
    array[%(id)s::bigint], array[%(run_no)s::integer], null, coalesce(%(at)s::timestamptz, now())
);

-- fail: the ids that were ours to fail
select coalesce(json_agg(f.job_id), '[]')::text from public.worker_fail_jobs(%(failures)s::jsonb) f;

-- release: the ids that were ours to give back
select coalesce(json_agg(r), '[]')::text from public.worker_release(%(ids)s::bigint[], %(run_nos)s::integer[]) r;

-- snooze: put off by its handler
select public.worker_snooze(%(id)s, %(run_no)s, %(seconds)s);

-- give_up: cancelled by its handler
select public.worker_cancel(%(id)s, %(reason)s, %(run_no)s);

-- progress: how far a run is
select public.worker_progress(%(id)s, %(run_no)s, %(percent)s, %(note)s);

-- beat: the jobs that are not ours any more
select coalesce(json_agg(b), '[]')::text
from public.worker_beat(
    %(worker_id)s, %(held)s::bigint[], %(run_nos)s::integer[], %(host)s, %(pid)s, %(concurrency)s, %(queues)s, %(types)s
) b;

-- leave: a worker that stopped
select public.worker_leave(%(worker_id)s);

-- rescue: end the attempts of silent workers
select public.worker_rescue();

-- reopen: where to go on
select public.worker_reopen(%(after)s);

-- prune: delete what was kept long enough
select public.worker_prune(%(limit)s);

-- register: what the code says about types and schedules
select public.worker_register(%(types)s::jsonb, %(schedules)s::jsonb);

-- schedules: those that run, and the database's time
select s.name, s.cron, s.timezone, s.missed, s.last_tick, now() as at
from public.worker_schedules s
where s.paused_at is null
order by s.name;

-- all_schedules: those that are paused too
select s.name, s.cron, s.timezone, s.job_type, s.queue, s.missed, s.last_tick, s.last_job_id, s.paused_at, s.pause_reason
from public.worker_schedules s
order by s.name
limit 1000;

-- schedule_run: its job now, besides its ticks
select public.worker_schedule_run(%(name)s) as id;

-- schedule_pause: no more ticks
select public.worker_schedule_pause(%(name)s, %(reason)s);

-- schedule_resume: ticks again
select public.worker_schedule_resume(%(name)s);

-- tick: the job of one tick
select public.worker_tick(%(name)s, %(tick)s);

-- enqueue_apart: in a transaction of its own
select internal.jobs_enqueue_apart(
    %(claims)s, %(job_type)s, %(payload)s::jsonb, %(idempotency_key)s, %(queue)s, %(priority)s, %(next_run_at)s,
    %(max_attempts)s, %(partition_key)s, %(after)s::bigint[], %(on_parent_failure)s, %(tags)s::text[], %(unique)s::text
) as id;

-- enqueue_many: ids in the order of the jobs
select e.id, e.created, e.same_payload from public.worker_enqueue_many(%(jobs)s::jsonb) e;

-- parents: what a job came after, and what came of it
select j.id, j.job_type, j.status, j.result
from public.worker_job_parents e
inner join public.worker_jobs j on j.id = e.parent_id
where e.child_id = %(id)s
union all
select d.job_id, d.job_type, 'dead', null
from public.worker_job_parents e
inner join public.dead_letter_queue d on d.job_id = e.parent_id
where e.child_id = %(id)s
order by id;

-- retry: run now
select public.worker_retry(%(id)s);

-- redrive: a dead letter back into the queue
select public.worker_redrive(%(id)s);

-- redrive_count: what a redrive of a filter would move
select public.worker_redrive_count(%(filter)s::jsonb) as letters;

-- redrive_all: the job that moves them
select public.worker_redrive_all(%(filter)s::jsonb) as id;

-- redrive_batch: a step of that job
select public.worker_redrive_batch(%(filter)s::jsonb, %(limit)s);

-- cancel: by a person
select public.worker_cancel(%(id)s, %(reason)s);

-- pause: no more claims from a queue or of a type
select public.worker_pause(%(name)s, %(reason)s, %(scope)s);

-- resume: claims again
select public.worker_resume(%(name)s, %(scope)s);

-- limit: as many at once, or in a period
select public.worker_limit_set(
    %(scope)s, %(name)s, %(most_running)s, %(most_per_key)s, %(rate_count)s, %(rate_seconds)s, %(reason)s
);

-- clear_limit: what the code says holds again
select public.worker_limit_clear(%(scope)s, %(name)s);

-- stats: how much of what
select s.queue, s.job_type, s.state, s.jobs, s.oldest_at, s.capped from public.worker_stats() s;

-- workers: who was heard of in the last minute
select h.worker_id, h.host, h.pid, h.concurrency, h.queues, h.started_at, h.beat_at,
    (select count(*) from public.worker_jobs j where j.worker_id = h.worker_id and j.status = 'running') as running
from public.worker_heartbeats h
where h.beat_at > now() - interval '1 minute'
order by h.started_at
limit 100;

-- pauses: queues and types that rest
select s.scope, s.name, s.reason, s.paused_at, p.handle as paused_by
from public.worker_pauses s
left join public.profiles p on p.id = s.paused_by
order by s.scope, s.name;

-- limits: those that hold, with how many run
select l.*, p.handle as set_by_handle,
    (select count(*) from public.worker_jobs j where j.status = 'running' and j.limited
        and case l.scope when 'queue' then j.queue else j.job_type end = l.name) as running
from (
    select distinct on (l.scope, l.name) l.*
    from public.worker_limits l
    where num_nonnulls(l.most_running, l.most_per_key, l.rate_count) > 0
    order by l.scope, l.name, l.source desc
) l
left join public.profiles p on p.id = l.set_by
order by l.scope, l.name;

-- jobs: newest first, from a cursor
select j.id, j.job_type, j.queue, j.priority, j.status, j.attempts, j.max_attempts, j.idempotency_key, j.tags,
    j.next_run_at, j.created_at, j.started_at, j.finished_at, j.last_error
from public.worker_jobs j
where (%(before)s::bigint is null or j.id < %(before)s)
    and (%(status)s::text is null or j.status = %(status)s)
    and (%(type)s::text is null or j.job_type = %(type)s)
    and (%(queue)s::text is null or j.queue = %(queue)s)
    and (%(tag)s::text is null or (j.tags <> '{}' and j.tags @> array[%(tag)s::text]))
order by j.id desc
limit %(limit)s;

-- dead_letters: newest death first, from a cursor
select d.job_id as id, d.job_type, d.queue, d.priority, 'dead' as status, d.attempts, d.max_attempts,
    d.idempotency_key, d.tags, d.died_at as next_run_at, d.created_at, d.started_at, d.died_at as finished_at, d.last_error
from public.dead_letter_queue d
where (%(died_at)s::timestamptz is null or (d.died_at, d.job_id) < (%(died_at)s, %(before)s::bigint))
    and (%(job_type)s::text is null or d.job_type = %(job_type)s)
    and (%(queue)s::text is null or d.queue = %(queue)s)
    and (%(tag)s::text is null or d.tags @> array[%(tag)s::text])
    and (%(error)s::text is null or strpos(lower(d.last_error), lower(%(error)s)) > 0)
    and (%(died_from)s::timestamptz is null or d.died_at >= %(died_from)s)
    and (%(died_until)s::timestamptz is null or d.died_at <= %(died_until)s)
order by d.died_at desc, d.job_id desc
limit %(limit)s;

-- job: one, alive or dead, with its history and why it is not running
select j.id, j.job_type, j.queue, j.priority, j.status, j.attempts, j.max_attempts, j.idempotency_key, j.tags,
    j.next_run_at, j.created_at, j.started_at, j.finished_at, j.last_error, j.payload, j.result, j.run_no, j.worker_id,
    j.partition_key, j.progress, j.progress_note, j.redrives, coalesce(j.history, '[]'::jsonb) as history,
    array(select e from public.worker_explain(j.id) e) as reasons
from public.worker_jobs j
where j.id = %(id)s
union all
select d.job_id, d.job_type, d.queue, d.priority, 'dead', d.attempts, d.max_attempts, d.idempotency_key, d.tags,
    d.died_at, d.created_at, d.started_at, d.died_at, d.last_error, d.payload, null, d.run_no, null,
    d.partition_key, null, null, d.redrives, d.history,
    array(select e from public.worker_explain(d.job_id) e)
from public.dead_letter_queue d
where d.job_id = %(id)s;
