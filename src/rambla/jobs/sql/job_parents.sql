create or replace function internal.come_after(p_children bigint[], p_parents bigint[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_ids bigint[] := array(select distinct p.id from unnest(p_parents) p (id));
    v_known integer;
    v_completed bigint[];
    v_failed bigint[];
begin
    -- A parent cannot end before this transaction does, so that its end sees its children. Twice, because it
    -- may come back from the dead letters between the first look and the second.
    perform from public.worker_jobs j where j.id = any (v_ids) order by j.id for no key update;
    perform from public.dead_letter_queue d where d.job_id = any (v_ids) order by d.job_id for no key update;
    perform from public.worker_jobs j where j.id = any (v_ids) order by j.id for no key update;
    update public.worker_jobs j set is_parent = true where j.id = any (v_ids) and not j.is_parent;

    select
        count(*),
        array_agg(p.id) filter (where p.status = 'completed'),
        array_agg(p.id) filter (where p.status in ('cancelled', 'dead'))
    into v_known, v_completed, v_failed
    from (
        select j.id, j.status from public.worker_jobs j where j.id = any (v_ids)
        union all
        select d.job_id, 'dead' from public.dead_letter_queue d where d.job_id = any (v_ids)
    ) p;
    if v_known < cardinality(v_ids) then
        raise sqlstate 'PT404' using message = 'There is no such job to come after.', detail = 'not_found';
    end if;

    insert into public.worker_job_parents (child_id, parent_id)
    select distinct e.child_id, e.parent_id from unnest(p_children, p_parents) e (child_id, parent_id);
    if v_completed is not null then
        perform internal.parents_completed(v_completed, now(), p_children);
    end if;
    if v_failed is not null then
        perform internal.parents_failed(v_failed, now());
    end if;
end
$$;
comment on function internal.come_after(bigint[], bigint[]) is
'Lets new jobs wait for others, pair by pair. Until then they are held, with the number of their parents.';
revoke all on function internal.come_after(bigint[], bigint[]) from public;

create or replace function internal.parents_completed(
    p_parents bigint[], p_at timestamptz, p_children bigint[] default null
) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_children bigint[] := array(
        select distinct e.child_id
        from public.worker_job_parents e
        where e.parent_id = any (p_parents) and (p_children is null or e.child_id = any (p_children))
    );
    v_told integer;
begin
    -- In order, because two workers may complete parents of the same children.
    perform from public.worker_jobs j where j.id = any (v_children) order by j.id for no key update;
    with released as (
        update public.worker_jobs j
        set parents_left = j.parents_left - c.completed,
            held_by = case
                when j.held_by is distinct from 'parents' or j.parents_left > c.completed then j.held_by
                when j.next_run_at <= p_at then 'turn'
            end
        from (
            select e.child_id, count(*) as completed
            from public.worker_job_parents e
            where e.child_id = any (v_children) and e.parent_id = any (p_parents)
            group by e.child_id
        ) c
        where j.id = c.child_id
        returning j.queue, j.held_by
    )
    select count(pg_notify('jobs', q.queue)) into v_told
    from (select distinct r.queue from released r where r.held_by = 'turn') q;
end
$$;
comment on function internal.parents_completed(bigint[], timestamptz, bigint[]) is
'Counts completed jobs off their children, or off those named; whoever has none left to wait for is released.';
revoke all on function internal.parents_completed(bigint[], timestamptz, bigint[]) from public;

create or replace function internal.parents_failed(p_parents bigint[], p_at timestamptz) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_failed bigint[] := p_parents;
begin
    while v_failed is not null loop
        perform
        from public.worker_jobs j
        where j.id in (select e.child_id from public.worker_job_parents e where e.parent_id = any (v_failed))
        order by j.id
        for no key update;
        with cancelled as (
            update public.worker_jobs j
            set status = 'cancelled',
                finished_at = p_at,
                held_by = null,
                last_error = format('Job %s, which it was to come after, did not complete.', e.parent_id),
                history = internal.job_history(j.history, internal.job_event(j, 'cancelled', null, p_at))
            from (
                select e.child_id, min(e.parent_id) as parent_id
                from public.worker_job_parents e
                where e.parent_id = any (v_failed)
                group by e.child_id
            ) e
            where j.id = e.child_id
                and j.status = 'pending'
                and j.held_by = 'parents'
                and j.on_parent_failure = 'cancel'
            returning j.id
        )
        select array_agg(c.id) into v_failed from cancelled c;
    end loop;
end
$$;
comment on function internal.parents_failed(bigint[], timestamptz) is
'Cancels the children of jobs that died or were cancelled, where they asked for that, and theirs in turn. The others go on waiting: a parent may be redriven.';
revoke all on function internal.parents_failed(bigint[], timestamptz) from public;

create or replace function internal.children_wait(p_job_id bigint) returns boolean
language plpgsql volatile set search_path = ''
as $$
begin
    -- Volatile, for a snapshot of its own: the caller's may be older than a child that was enqueued just now.
    return exists (
        select
        from public.worker_job_parents e
        inner join public.worker_jobs c on c.id = e.child_id
        where e.parent_id = p_job_id and c.status in ('pending', 'running')
    ) or exists (
        select
        from public.worker_job_parents e
        inner join public.dead_letter_queue c on c.job_id = e.child_id
        where e.parent_id = p_job_id
    );
end
$$;
comment on function internal.children_wait(bigint) is
'Whether a job''s result is still needed: by a child that waits, runs, or may be redriven.';
revoke all on function internal.children_wait(bigint) from public;
