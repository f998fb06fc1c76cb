create or replace function internal.jobs_arrived() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    insert into public.worker_lanes (queue, priority)
    select distinct a.queue, a.priority
    from added a
    where not exists (select from public.worker_lanes l where l.queue = a.queue and l.priority = a.priority)
    order by a.queue, a.priority
    on conflict do nothing;

    -- One notification a queue and statement: committing one takes a lock of the whole server. Jobs for later
    -- need none, the poll finds them.
    perform pg_notify('jobs', q.queue)
    from (
        select distinct a.queue from added a where a.status = 'pending' and a.held_by is null and a.next_run_at <= clock_timestamp()
    ) q;
    return null;
end
$$;
comment on function internal.jobs_arrived() is 'Keeps worker_lanes and wakes the workers of a queue, once a statement.';
revoke all on function internal.jobs_arrived() from public;

create or replace function internal.jobs_keyed() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_owner bigint;
begin
    insert into public.worker_job_keys (idempotency_key, job_id, payload_hash)
    values (new.idempotency_key, new.id, internal.job_hash(new.job_type, new.payload))
    on conflict do nothing;
    select k.job_id into v_owner from public.worker_job_keys k where k.idempotency_key = new.idempotency_key;
    if v_owner is distinct from new.id then
        raise sqlstate 'PT409' using
            message = format('Job %s has this idempotency key already.', v_owner),
            detail = 'conflict',
            hint = 'worker_enqueue() returns the id of that job instead.';
    end if;
    return null;
end
$$;
comment on function internal.jobs_keyed() is
'Holds a plain insert to the keys of jobs whose rows are gone; while the row is there, its unique constraint does.';
revoke all on function internal.jobs_keyed() from public;
