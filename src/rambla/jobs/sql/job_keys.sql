create or replace function internal.key_window(p_unique text) returns text
language sql stable set search_path = ''
as $$
    select case
        when p_unique in ('forever', 'pending') then p_unique
        else coalesce((p_unique::interval)::text, 'forever')
    end
$$;
comment on function internal.key_window(text) is
'For how long a key counts: forever, which is also what null means, pending, or a period. What is none of these is refused.';
revoke all on function internal.key_window(text) from public;

create or replace function internal.key_counts(
    p_job_id bigint, p_since timestamptz, p_unique text, p_at timestamptz
) returns boolean
language sql stable set search_path = ''
as $$
    select case p_unique
        when 'forever' then true
        when 'pending' then exists (
            select from public.worker_jobs j where j.id = p_job_id and j.status in ('pending', 'running')
        )
        else p_since > p_at - p_unique::interval
    end
$$;
comment on function internal.key_counts(bigint, timestamptz, text, timestamptz) is
'Whether a key still means the job that has it: forever, while that job is not over, or for a period such as 1 hour.';
revoke all on function internal.key_counts(bigint, timestamptz, text, timestamptz) from public;

create or replace function internal.take_keys(
    p_keys text[], p_hashes bytea[], p_uniques text[], p_at timestamptz
) returns bigint[]
language plpgsql volatile set search_path = ''
as $$
declare
    v_ids bigint[];
begin
    -- Locked first and looked at in the next statement, whose snapshot has what a rival did with them meanwhile;
    -- in the order of the keys, so that two callers with the same ones wait for each other and do not deadlock.
    perform
    from public.worker_job_keys k
    where k.idempotency_key = any (p_keys)
    order by k.idempotency_key
    for update;

    with taken as (
        update public.worker_job_keys k
        set job_id = nextval('public.worker_jobs_id_seq'), payload_hash = g.hash, created_at = p_at, pruned_at = null
        from unnest(p_keys, p_hashes, p_uniques) g (key, hash, uniqueness)
        where k.idempotency_key = g.key and not internal.key_counts(k.job_id, k.created_at, g.uniqueness, p_at)
        returning k.idempotency_key, k.job_id
    ), parted as (
        -- A period can end before the job does. It goes on, and without the key it is in nobody's way.
        update public.worker_jobs j
        set idempotency_key = null
        from taken t
        where j.idempotency_key = t.idempotency_key and j.status in ('pending', 'running')
    )
    select array_agg(t.job_id) into v_ids from taken t;
    return v_ids;
end
$$;
comment on function internal.take_keys(text[], bytea[], text[], timestamptz) is
'Gives keys that do not count any more to new jobs, and returns the ids that those will have.';
revoke all on function internal.take_keys(text[], bytea[], text[], timestamptz) from public;
