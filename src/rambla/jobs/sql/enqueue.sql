create or replace function internal.job_hash(p_job_type text, p_payload jsonb) returns bytea
language sql immutable parallel safe set search_path = ''
as $$ select sha256(convert_to(concat_ws(' ', p_job_type, p_payload::text), 'UTF8')) $$;
comment on function internal.job_hash(text, jsonb) is 'Tells a replay of the same job from another job under its key.';
revoke all on function internal.job_hash(text, jsonb) from public;

create or replace function internal.enqueue(
    p_job_type text,
    p_payload jsonb default '{}'::jsonb,
    p_idempotency_key text default null,
    p_queue text default 'default',
    p_priority integer default 0,
    p_next_run_at timestamptz default null,
    p_max_attempts integer default null,
    p_partition_key text default null,
    p_after bigint[] default null,
    p_on_parent_failure text default null,
    p_tags text[] default '{}',
    p_unique text default 'forever',
    p_at timestamptz default now()
) returns bigint
language plpgsql volatile set search_path = ''
as $$
declare
    v_id bigint;
    v_hash bytea;
    v_unique text := internal.key_window(p_unique);
begin
    -- The key's own table decides, and in two statements: one that inserts and selects at once finds
    -- nothing when a rival commits in between.
    if p_idempotency_key is not null then
        select k.job_id into v_id from public.worker_job_keys k where k.idempotency_key = p_idempotency_key;
        if found and v_unique = 'forever' then
            return v_id;
        end if;
        v_hash := internal.job_hash(p_job_type, coalesce(p_payload, '{}'::jsonb));
        insert into public.worker_job_keys as k (idempotency_key, job_id, payload_hash, created_at)
        values (p_idempotency_key, nextval('public.worker_jobs_id_seq'), v_hash, p_at)
        on conflict do nothing
        returning k.job_id into v_id;
        if not found then
            v_id := (internal.take_keys(array[p_idempotency_key], array[v_hash], array[v_unique], p_at))[1];
            if v_id is null then
                select k.job_id into strict v_id
                from public.worker_job_keys k
                where k.idempotency_key = p_idempotency_key;
                return v_id;
            end if;
        end if;
    end if;

    insert into public.worker_jobs as j (
        id, job_type, payload, idempotency_key, partition_key, queue, priority, next_run_at, max_attempts, held_by,
        parents_left, on_parent_failure, tags
    ) overriding system value
    values (
        coalesce(v_id, nextval('public.worker_jobs_id_seq')),
        p_job_type,
        coalesce(p_payload, '{}'::jsonb),
        p_idempotency_key,
        p_partition_key,
        coalesce(p_queue, 'default'),
        coalesce(p_priority, 0),
        coalesce(p_next_run_at, p_at),
        coalesce(
            p_max_attempts, (select t.max_attempts from public.worker_job_types t where t.job_type = p_job_type), 5
        ),
        case when p_after <> '{}' then 'parents' end,
        case when p_after <> '{}' then (select count(distinct a.id) from unnest(p_after) a (id)) end,
        case when p_after <> '{}' then coalesce(p_on_parent_failure, 'wait') end,
        coalesce(p_tags, '{}')
    )
    returning j.id into v_id;
    if p_after <> '{}' then
        perform internal.come_after(array_fill(v_id, array[cardinality(p_after)]), p_after);
    end if;
    return v_id;
end
$$;
comment on function internal.enqueue(
    text, jsonb, text, text, integer, timestamptz, integer, text, bigint[], text, text[], text, timestamptz
) is
'worker_enqueue() for definer functions, which have checked their caller.';
revoke all on function internal.enqueue(
    text, jsonb, text, text, integer, timestamptz, integer, text, bigint[], text, text[], text, timestamptz
) from public;
