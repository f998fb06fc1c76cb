create or replace function public.worker_enqueue_many(p_jobs jsonb, p_at timestamptz default now())
returns table (id bigint, created boolean, same_payload boolean)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_created bigint[];
    v_ids bigint[];
    v_new boolean[];
    v_same boolean[];
    v_children bigint[];
    v_parents bigint[];
begin
    perform internal.require_service();
    if jsonb_typeof(p_jobs) is distinct from 'array' then
        raise sqlstate 'PT400' using message = 'Jobs come as a JSON array of objects.', detail = 'invalid_input';
    end if;

    -- What no job asks for is not looked for, as most ask for nothing.
    if jsonb_path_exists(p_jobs, '$[*].idempotency_key ? (@ != null)') then
        -- In the order of the keys, so that two callers with the same keys wait for each other and do not deadlock.
        with claimed as (
            insert into public.worker_job_keys as k (idempotency_key, job_id, payload_hash, created_at)
            select f.idempotency_key, nextval('public.worker_jobs_id_seq'), internal.job_hash(f.job_type, f.payload), p_at
            from (
                select distinct on (g.idempotency_key) g.idempotency_key, g.job_type, g.payload
                from internal.jobs_given(p_jobs, p_at) g
                where g.idempotency_key is not null
                order by g.idempotency_key, g.place
            ) f
            on conflict do nothing
            returning k.job_id
        )
        select array_agg(c.job_id) into v_created from claimed c;
    end if;
    if jsonb_path_exists(p_jobs, '$[*].unique') then
        select v_created || internal.take_keys(
            array_agg(f.idempotency_key), array_agg(internal.job_hash(f.job_type, f.payload)),
            array_agg(f.uniqueness), p_at
        )
        into v_created
        from (
            select distinct on (g.idempotency_key) g.idempotency_key, g.job_type, g.payload, g.uniqueness
            from internal.jobs_given(p_jobs, p_at) g
            inner join public.worker_job_keys k on k.idempotency_key = g.idempotency_key
            where k.job_id <> all (coalesce(v_created, '{}'))
            order by g.idempotency_key, g.place
        ) f;
    end if;

    with placed as materialized (
        select
            g.*,
            coalesce(k.job_id, nextval('public.worker_jobs_id_seq')) as job_id,
            k.job_id is null
            or (
                c.job_id is not null
                and row_number() over (partition by g.idempotency_key order by g.place) = 1
            ) as is_new,
            k.job_id is null or k.payload_hash = internal.job_hash(g.job_type, g.payload) as is_same
        from internal.jobs_given(p_jobs, p_at) g
        left join public.worker_job_keys k on k.idempotency_key = g.idempotency_key
        left join unnest(v_created) c (job_id) on c.job_id = k.job_id
    ), enqueued as (
        insert into public.worker_jobs (
            id, job_type, payload, idempotency_key, partition_key, queue, priority, next_run_at, max_attempts, held_by,
            parents_left, on_parent_failure, tags
        ) overriding system value
        select
            p.job_id, p.job_type, p.payload, p.idempotency_key, p.partition_key, p.queue, p.priority, p.next_run_at,
            coalesce(p.max_attempts, t.max_attempts, 5),
            case when p.after is not null then 'parents' end,
            (select count(distinct a.id) from unnest(p.after) a (id) having p.after is not null),
            case when p.after is not null then p.on_parent_failure end,
            p.tags
        from placed p
        left join public.worker_job_types t on t.job_type = p.job_type
        where p.is_new
        order by p.job_id
    )
    select
        array_agg(p.job_id order by p.place), array_agg(p.is_new order by p.place), array_agg(p.is_same order by p.place)
    into v_ids, v_new, v_same
    from placed p;

    if jsonb_path_exists(p_jobs, '$[*].after ? (@ != null)') then
        select array_agg(v_ids[g.place] order by g.place), array_agg(a.id order by g.place)
        into v_children, v_parents
        from internal.jobs_given(p_jobs, p_at) g
        cross join unnest(g.after) a (id)
        where v_new[g.place];
        if v_children is not null then
            perform internal.come_after(v_children, v_parents);
        end if;
    end if;
    return query select * from unnest(v_ids, v_new, v_same);
end
$$;
comment on function public.worker_enqueue_many(jsonb, timestamptz) is
'Enqueues a JSON array of objects with job_type and, as wanted, payload, idempotency_key, unique, queue, priority, next_run_at, max_attempts, tags, partition_key, after, on_parent_failure, as in worker_enqueue(). One row for each, in order: its id, whether it is new, and whether an older one under the same key had the same content.';
revoke all on function public.worker_enqueue_many(jsonb, timestamptz) from public;
grant execute on function public.worker_enqueue_many(jsonb, timestamptz) to authenticated, service_role;
