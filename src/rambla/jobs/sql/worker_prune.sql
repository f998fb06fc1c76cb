create or replace function public.worker_prune(p_limit integer default 5000, p_at timestamptz default now())
returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_kind text;
    v_deleted integer;
    v_total integer := 0;
begin
    perform internal.require_service();
    foreach v_kind in array array['completed', 'cancelled'] loop
        with gone as (
            delete from public.worker_jobs j
            where j.ctid = any (array(
                select o.ctid
                from public.worker_jobs o
                where o.status = v_kind
                    and o.status in ('completed', 'cancelled')
                    and (not o.is_parent or not internal.children_wait(o.id))
                    and o.finished_at < p_at - (internal.setting('jobs_keep_' || v_kind) #>> '{}')::interval
                order by o.finished_at
                limit p_limit
                for update skip locked
            ))
            returning j.id, j.idempotency_key, j.on_parent_failure
        ), orphaned as (
            delete from public.worker_job_parents e using gone g where e.child_id = g.id and g.on_parent_failure is not null
        ), kept as (
            update public.worker_job_keys k set pruned_at = p_at from gone g where k.idempotency_key = g.idempotency_key
        )
        select v_total + count(*) into v_total from gone;
    end loop;

    with gone as (
        delete from public.dead_letter_queue d
        where d.job_id in (
            select o.job_id
            from public.dead_letter_queue o
            where o.died_at < p_at - (internal.setting('jobs_keep_dead') #>> '{}')::interval
                and not internal.children_wait(o.job_id)
            order by o.died_at
            limit p_limit
            for update skip locked
        )
        returning d.job_id, d.idempotency_key
    ), orphaned as (
        delete from public.worker_job_parents e using gone g where e.child_id = g.job_id
    ), kept as (
        update public.worker_job_keys k set pruned_at = p_at from gone g where k.idempotency_key = g.idempotency_key
    )
    select v_total + count(*) into v_total from gone;

    delete from public.worker_job_keys k
    where k.idempotency_key in (
        select o.idempotency_key
        from public.worker_job_keys o
        where o.pruned_at < p_at - (internal.setting('jobs_keep_keys') #>> '{}')::interval
        order by o.pruned_at
        limit p_limit
    );
    get diagnostics v_deleted = row_count;
    return v_total + v_deleted;
end
$$;
comment on function public.worker_prune(integer, timestamptz) is
'Deletes what was kept long enough (settings jobs_keep_completed, jobs_keep_cancelled, jobs_keep_dead, jobs_keep_keys), at most p_limit of each; never a job whose child may still need its result. Returns how many rows went: call again while it is not 0.';
revoke all on function public.worker_prune(integer, timestamptz) from public;
grant execute on function public.worker_prune(integer, timestamptz) to authenticated, service_role;
