create or replace function internal.jobs_given(p_jobs jsonb, p_at timestamptz)
returns table (
    place bigint,
    job_type text,
    payload jsonb,
    idempotency_key text,
    queue text,
    priority integer,
    next_run_at timestamptz,
    max_attempts integer,
    partition_key text,
    after bigint[],
    on_parent_failure text,
    tags text[],
    uniqueness text
)
language sql stable set search_path = ''
as $$
    select
        e.place,
        g.job_type,
        coalesce(g.payload, '{}'::jsonb),
        g.idempotency_key,
        coalesce(g.queue, 'default'),
        coalesce(g.priority, 0),
        coalesce(g.next_run_at, p_at),
        g.max_attempts,
        g.partition_key,
        nullif(g.after, '{}'),
        coalesce(g.on_parent_failure, 'wait'),
        coalesce(g.tags, '{}'),
        internal.key_window(g."unique")
    from jsonb_array_elements(p_jobs) with ordinality e (job, place)
    cross join lateral jsonb_to_record(e.job) as g (
        job_type text, payload jsonb, idempotency_key text, queue text, priority integer, next_run_at timestamptz,
        max_attempts integer, partition_key text, after bigint[], on_parent_failure text, tags text[], "unique" text
    )
$$;
comment on function internal.jobs_given(jsonb, timestamptz) is 'The objects of worker_enqueue_many() as rows, with what they leave out.';
revoke all on function internal.jobs_given(jsonb, timestamptz) from public;
