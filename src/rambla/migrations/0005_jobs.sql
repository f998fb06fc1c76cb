-- Jobs: the durable queue. A job is in worker_jobs or in dead_letter_queue, never in both and never in neither.

create table public.worker_jobs (
    id bigint generated always as identity primary key,
    job_type text not null,
    queue text not null default 'default',
    priority integer not null default 0, -- lower runs first
    payload jsonb not null default '{}'::jsonb,
    tags text[] not null default '{}',
    -- pending -> running -> completed | pending | cancelled; pending -> cancelled; cancelled -> pending.
    -- The last failure leaves the table for dead_letter_queue.
    status text not null default 'pending',
    attempts integer not null default 0,
    max_attempts integer not null default 5,
    run_no integer not null default 0,
    next_run_at timestamptz not null default now(),
    worker_id uuid,
    held_by text collate "C",
    partition_key text,
    limited boolean not null default false,
    is_parent boolean not null default false,
    parents_left integer,
    on_parent_failure text,
    idempotency_key text,
    last_error text,
    history jsonb,
    result jsonb,
    progress smallint,
    progress_note text,
    redrives integer not null default 0,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    constraint worker_jobs_job_type_length check (char_length(job_type) between 1 and 100),
    constraint worker_jobs_queue_form check (char_length(queue) between 1 and 100 and strpos(queue, ':') = 0),
    constraint worker_jobs_idempotency_key_length check (char_length(idempotency_key) between 1 and 500),
    constraint worker_jobs_tags_few check (cardinality(tags) <= 10 and array_position(tags, null) is null),
    constraint worker_jobs_tags_short check (octet_length(array_to_string(tags, ',')) <= 500),
    constraint worker_jobs_partition_key_length check (char_length(partition_key) between 1 and 200),
    constraint worker_jobs_on_parent_failure_known check (on_parent_failure in ('wait', 'cancel')),
    constraint worker_jobs_status_known check (status in ('pending', 'running', 'completed', 'cancelled')),
    constraint worker_jobs_max_attempts_in_range check (max_attempts between 1 and 1000),
    constraint worker_jobs_attempts_in_range check (attempts between 0 and max_attempts),
    constraint worker_jobs_running_has_worker check ((status = 'running') = (worker_id is not null)),
    constraint worker_jobs_only_pending_is_held check (held_by is null or status = 'pending'),
    constraint worker_jobs_finished_has_time check ((status in ('completed', 'cancelled')) = (finished_at is not null)),
    constraint worker_jobs_progress_in_range check (progress between 0 and 100)
) with (
    -- Each state is another row version and never a heap-only one, because the partial indexes name the status:
    -- so vacuum early and without pause, or a busy queue outgrows what it holds.
    fillfactor = 85,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.05,
    autovacuum_vacuum_cost_limit = 2000,
    autovacuum_vacuum_cost_delay = 1
);
comment on table public.worker_jobs is 'Jobs that wait, run, completed or were cancelled. Workers go through the worker_ functions.';
comment on column public.worker_jobs.attempts is
'Attempts started, counted at claim: a job that kills its process is counted too. A snooze or a release gives one back.';
comment on column public.worker_jobs.run_no is
'Goes up at each claim and never down: the fencing token. attempts would not do, because it is given back.';
comment on column public.worker_jobs.next_run_at is 'Not before this moment. A retry is a pending job with a later moment.';
comment on column public.worker_jobs.held_by is
'What a pending job waits for besides its time: type:x, key:x:y, parents, or its turn, which is to say that it was held and no longer is. A claim looks at the first few of a gate that has room, so any number of held jobs costs it nothing.';
comment on column public.worker_jobs.partition_key is
'Jobs of one type and key run one at a time, or as many at once as the type''s most_per_key says.';
comment on column public.worker_jobs.limited is
'Its claim has looked at a limit, so that its run counts against one. Never unset: too many in the count''s index do no harm.';
comment on column public.worker_jobs.is_parent is
'Some job comes after this one. False saves the end of every other job the look for children.';
comment on column public.worker_jobs.parents_left is 'How many of its parents have not completed; null for a job without parents.';
comment on column public.worker_jobs.history is
'What did not complete, oldest first, the last fifty: at, outcome, attempt, run_no, error, started_at, worker_id.';

-- Of those that are not over: a key may have had other jobs before. Partial, so that a job without a key pays nothing.
create unique index worker_jobs_idempotency_key_key on public.worker_jobs (idempotency_key)
where idempotency_key is not null and status in ('pending', 'running');
create index worker_jobs_ready on public.worker_jobs (queue, priority, next_run_at, id)
where status = 'pending' and held_by is null;
create index worker_jobs_held on public.worker_jobs (held_by, queue, priority, next_run_at, id)
where held_by is not null;
create index worker_jobs_running on public.worker_jobs (worker_id) where status = 'running';
-- Of running jobs, both of them. Each says so in words of its own, which its counts repeat: a plan that was made
-- while nothing ran would take either of them for the other, and read all of it.
create index worker_jobs_limited on public.worker_jobs (job_type, partition_key)
where limited and worker_id is not null and run_no > 0;
create index worker_jobs_limited_queue on public.worker_jobs (queue)
where limited and worker_id is not null and attempts > 0;
-- By type first: one that is kept for long must not stand before those that may go.
create index worker_jobs_finished on public.worker_jobs (job_type, finished_at) where status in ('completed', 'cancelled');
create index worker_jobs_tagged on public.worker_jobs using gin (tags) where tags <> '{}';

create table public.dead_letter_queue (
    job_id bigint primary key,
    job_type text not null,
    queue text not null,
    priority integer not null,
    payload jsonb not null,
    tags text[] not null default '{}',
    attempts integer not null,
    max_attempts integer not null,
    run_no integer not null,
    idempotency_key text,
    partition_key text,
    last_error text,
    history jsonb not null default '[]'::jsonb,
    redrives integer not null default 0,
    created_at timestamptz not null,
    started_at timestamptz,
    died_at timestamptz not null default now()
);
create index dead_letter_queue_recent on public.dead_letter_queue (died_at desc, job_id desc);
create index dead_letter_queue_by_type on public.dead_letter_queue (job_type, died_at);
comment on table public.dead_letter_queue is
'Jobs whose attempts are used up, or whose error no retry would help. worker_redrive() moves one back under its id.';

create table public.worker_job_keys (
    idempotency_key text primary key,
    job_id bigint not null,
    payload_hash bytea not null,
    created_at timestamptz not null default now(),
    pruned_at timestamptz,
    constraint worker_job_keys_idempotency_key_length check (char_length(idempotency_key) between 1 and 500)
);
create index worker_job_keys_pruned on public.worker_job_keys (pruned_at) where pruned_at is not null;
comment on table public.worker_job_keys is
'Which job a key belongs to. Outlives the job''s row, so that a key means the same job after it was pruned.';
comment on column public.worker_job_keys.created_at is
'When the key came to this job: from then a window of time is counted.';

create table public.worker_job_types (
    job_type text primary key,
    queue text not null default 'default',
    max_attempts integer not null default 5,
    timeout_seconds double precision,
    backoff_base double precision not null default 60,
    backoff_factor double precision not null default 2,
    backoff_cap double precision not null default 2592000,
    jitter double precision not null default 0,
    keep_completed interval,
    keep_cancelled interval,
    keep_dead interval,
    registered_at timestamptz not null default now(),
    constraint worker_job_types_max_attempts_in_range check (max_attempts between 1 and 1000),
    constraint worker_job_types_timeout_positive check (timeout_seconds > 0),
    constraint worker_job_types_backoff_in_range check (
        backoff_base >= 0 and backoff_factor between 1 and 1000 and backoff_cap between 0 and 31536000
    ),
    constraint worker_job_types_jitter_in_range check (jitter between 0 and 1),
    constraint worker_job_types_keep_positive check (
        least(keep_completed, keep_cancelled, keep_dead) >= interval '0'
    )
);
comment on table public.worker_job_types is
'How each type retries and how long it is kept, where the settings jobs_keep_... are not to hold. Workers write what their code says; a type without a row retries after 60, 120, 240 seconds.';

create table public.worker_lanes (
    queue text not null,
    priority integer not null,
    primary key (queue, priority)
);
comment on table public.worker_lanes is
'Every pair of queue and priority that was ever used, kept by a trigger: a claim looks into each in turn, so that jobs for later in one never stand in the way of ready ones in the next.';

create table public.worker_job_parents (
    child_id bigint not null,
    parent_id bigint not null,
    primary key (child_id, parent_id),
    constraint worker_job_parents_not_itself check (child_id <> parent_id)
);
create index worker_job_parents_parent on public.worker_job_parents (parent_id);
comment on table public.worker_job_parents is
'Which job comes after which. Without foreign keys, because either may be in the dead letters; goes when the child is pruned.';

create table public.worker_limits (
    scope text not null,
    name text not null,
    source text not null default 'operator',
    most_running integer,
    most_per_key integer,
    rate_count integer,
    rate_seconds double precision,
    reason text not null default '',
    set_by uuid,
    set_at timestamptz not null default now(),
    primary key (scope, name, source),
    constraint worker_limits_scope_known check (scope in ('queue', 'type')),
    constraint worker_limits_name_length check (char_length(name) between 1 and 100),
    constraint worker_limits_source_known check (source in ('code', 'operator')),
    constraint worker_limits_most_running_in_range check (most_running between 1 and 100000),
    constraint worker_limits_most_per_key_in_range check (most_per_key between 1 and 100000),
    constraint worker_limits_rate_whole check ((rate_count is null) = (rate_seconds is null)),
    constraint worker_limits_rate_in_range check (
        rate_count between 1 and 1000000 and rate_seconds between 0.1 and 2678400
    ),
    constraint worker_limits_queues_only_count check (scope = 'type' or (most_per_key is null and rate_count is null))
);
comment on table public.worker_limits is
'How many runs at once, and how many in a period. What an operator sets stands above what the code says, also after a restart. A row of the code without a number has no limit any more; it stays while jobs that it held are left.';

create table public.worker_rate_starts (
    job_type text not null,
    until timestamptz not null,
    started integer not null,
    primary key (job_type, until)
);
comment on table public.worker_rate_starts is
'How many runs of a type with a rate started in each hundredth of its period, by the end of that hundredth.';

create table public.worker_pauses (
    scope text not null,
    name text not null,
    reason text not null default '',
    paused_by uuid,
    paused_at timestamptz not null default now(),
    primary key (scope, name),
    constraint worker_pauses_scope_known check (scope in ('queue', 'type')),
    constraint worker_pauses_name_length check (char_length(name) between 1 and 100)
);
comment on table public.worker_pauses is 'Queues that no worker claims from, and job types of which none starts.';

create unlogged table public.worker_heartbeats (
    worker_id uuid primary key,
    started_at timestamptz not null,
    beat_at timestamptz not null,
    host text not null default '',
    pid integer,
    concurrency integer,
    queues text[] not null default '{}',
    job_types text[] not null default '{}',
    constraint worker_heartbeats_queues_count check (cardinality(queues) <= 1000),
    constraint worker_heartbeats_job_types_count check (cardinality(job_types) <= 10000)
) with (fillfactor = 50);
comment on table public.worker_heartbeats is
'One row per worker process and start, written every five seconds. Lost in a crash of the server, which worker_rescue() allows for.';

create table public.worker_schedules (
    name text primary key,
    cron text not null,
    timezone text not null default 'UTC',
    job_type text not null,
    payload jsonb not null default '{}'::jsonb,
    queue text not null default 'default',
    priority integer not null default 0,
    max_attempts integer,
    missed text not null default 'once',
    last_tick timestamptz not null default now(),
    last_job_id bigint,
    paused_at timestamptz,
    paused_by uuid,
    pause_reason text,
    constraint worker_schedules_name_form check (name ~ '^[A-Za-z0-9_.:-]{1,100}$'),
    constraint worker_schedules_missed_known check (missed in ('skip', 'once', 'all'))
);
comment on table public.worker_schedules is
'Jobs that come by the clock. A tick is a key, so it gives one job however many workers see it.';

insert into public.worker_job_types (job_type, max_attempts) values ('noop', 5), ('sleep', 5), ('poison_test', 5), ('jobs_redrive', 5);

insert into internal.settings (key, value, description) values
('jobs_keep_completed', '"1 day"', 'How long a completed job stays readable.'),
('jobs_keep_cancelled', '"7 days"', 'How long a cancelled job stays readable.'),
('jobs_keep_dead', '"90 days"', 'How long a dead letter waits for somebody.'),
('jobs_keep_keys', '"90 days"', 'How long an idempotency key means the same job after that was pruned.'),
('jobs_lease', '"20 seconds"', 'A worker that was silent for so long has lost its jobs.');

alter table public.worker_jobs enable row level security;
alter table public.worker_jobs force row level security;
alter table public.dead_letter_queue enable row level security;
alter table public.dead_letter_queue force row level security;
alter table public.worker_job_keys enable row level security;
alter table public.worker_job_keys force row level security;
alter table public.worker_job_types enable row level security;
alter table public.worker_job_types force row level security;
alter table public.worker_lanes enable row level security;
alter table public.worker_lanes force row level security;
alter table public.worker_job_parents enable row level security;
alter table public.worker_job_parents force row level security;
alter table public.worker_limits enable row level security;
alter table public.worker_limits force row level security;
alter table public.worker_rate_starts enable row level security;
alter table public.worker_rate_starts force row level security;
alter table public.worker_pauses enable row level security;
alter table public.worker_pauses force row level security;
alter table public.worker_heartbeats enable row level security;
alter table public.worker_heartbeats force row level security;
alter table public.worker_schedules enable row level security;
alter table public.worker_schedules force row level security;
