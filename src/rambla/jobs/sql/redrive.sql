create or replace function internal.dead_letters_like(
    p_filter jsonb, p_limit integer default null
) returns setof bigint
language plpgsql stable set search_path = ''
as $$
declare
    v_unknown text[] := array(
        select f.name
        from jsonb_object_keys(p_filter) f (name)
        where f.name <> all (array['job_type', 'queue', 'tag', 'error', 'died_from', 'died_until', 'all'])
    );
begin
    -- A misspelt name would mean more letters than was meant, and nothing at all would mean every one.
    if cardinality(v_unknown) > 0 then
        raise sqlstate 'PT400' using
            message = format('A filter has no %s.', array_to_string(v_unknown, ' and no ')),
            detail = 'invalid_input',
            hint = 'job_type, queue, tag, error, died_from, died_until, all';
    elsif jsonb_strip_nulls(p_filter) - 'died_until' in ('{}', '{"all": false}') then
        raise sqlstate 'PT400' using
            message = 'Say which dead letters, or "all": true.', detail = 'invalid_input';
    end if;
    return query
    select d.job_id
    from public.dead_letter_queue d
    where (p_filter ->> 'job_type' is null or d.job_type = p_filter ->> 'job_type')
        and (p_filter ->> 'queue' is null or d.queue = p_filter ->> 'queue')
        and (p_filter ->> 'tag' is null or d.tags @> array[p_filter ->> 'tag'])
        and (p_filter ->> 'error' is null or strpos(lower(d.last_error), lower(p_filter ->> 'error')) > 0)
        and (p_filter ->> 'died_from' is null or d.died_at >= (p_filter ->> 'died_from')::timestamptz)
        and (p_filter ->> 'died_until' is null or d.died_at <= (p_filter ->> 'died_until')::timestamptz)
        and (p_limit is null or not exists (select from public.worker_jobs j where j.id = d.job_id))
    order by d.died_at, d.job_id
    limit p_limit;
end
$$;
comment on function internal.dead_letters_like(jsonb, integer) is
'The dead letters that a filter means: those to which everything in it applies. An empty one is refused unless it says all. With a limit, the oldest of those that can be moved.';
revoke all on function internal.dead_letters_like(jsonb, integer) from public;

create or replace function internal.redrive(p_job_ids bigint[], p_at timestamptz) returns bigint[]
language plpgsql volatile set search_path = ''
as $$
declare
    v_locked bigint[];
    v_back bigint[];
begin
    -- Locks first: the next statement then sees every child that was enqueued after one of them, and nobody finds
    -- a job dead and gives its key away in this moment.
    select array_agg(d.job_id) into v_locked
    from (
        select d.job_id
        from public.dead_letter_queue d
        where d.job_id = any (p_job_ids)
        order by d.job_id
        for update skip locked
    ) d;
    perform
    from public.worker_job_keys k
    where k.idempotency_key in (select d.idempotency_key from public.dead_letter_queue d where d.job_id = any (v_locked))
    order by k.idempotency_key
    for update;

    with back as (
        insert into public.worker_jobs (
            id, job_type, queue, priority, payload, tags, max_attempts, run_no, next_run_at, idempotency_key,
            partition_key, is_parent, on_parent_failure, last_error, redrives, created_at, history
        ) overriding system value
        select
            d.job_id, d.job_type, d.queue, d.priority, d.payload, d.tags, d.max_attempts,
            d.run_no, -- stays: a run that was thought dead must not come back as this one
            p_at,
            (
                select k.idempotency_key
                from public.worker_job_keys k
                where k.idempotency_key = d.idempotency_key and k.job_id = d.job_id
            ),
            d.partition_key,
            exists (select from public.worker_job_parents e where e.parent_id = d.job_id),
            (select 'wait' from public.worker_job_parents e where e.child_id = d.job_id limit 1),
            d.last_error, d.redrives + 1, d.created_at,
            internal.job_history(d.history, jsonb_build_object(
                'at', p_at, 'outcome', 'redriven', 'attempt', d.attempts, 'run_no', d.run_no
            ))
        from public.dead_letter_queue d
        where d.job_id = any (v_locked)
        order by d.job_id
        on conflict do nothing -- then the letter stays where it is
        returning id
    ), gone as (
        delete from public.dead_letter_queue d using back b where d.job_id = b.id
    )
    select coalesce(array_agg(b.id), '{}') into v_back from back b;
    return v_back;
end
$$;
comment on function internal.redrive(bigint[], timestamptz) is
'Moves dead letters back into the queue and returns the ids of those it moved. One whose key has another job by now comes back without it; one whose id is taken stays a dead letter.';
revoke all on function internal.redrive(bigint[], timestamptz) from public;
