create or replace function public.worker_prune(p_limit integer default 5000, p_at timestamptz default now())
returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_type text;
    v_kind text;
    v_deleted integer;
    v_total integer := 0;
begin
    perform internal.require_service();
    for v_type, v_kind in
        select t.job_type, k.kind
        from internal.job_types_over() t (job_type)
        cross join unnest(array['completed', 'cancelled']) k (kind)
    loop
        with gone as (
            delete from public.worker_jobs j
            where j.ctid = any (array(
                select o.ctid
                from public.worker_jobs o
                where o.job_type = v_type
                    and o.status = v_kind
                    and o.status in ('completed', 'cancelled')
                    and (not o.is_parent or not internal.children_wait(o.id))
                    and o.finished_at < p_at - internal.job_keep(v_type, v_kind)
                order by o.finished_at
                limit p_limit - v_total
                for update skip locked
            ))
            returning j.id, j.idempotency_key, j.on_parent_failure
        ), orphaned as (
            delete from public.worker_job_parents e using gone g where e.child_id = g.id and g.on_parent_failure is not null
        ), kept as (
            update public.worker_job_keys k set pruned_at = p_at
            from gone g
            where k.idempotency_key = g.idempotency_key and k.job_id = g.id
        )
        select v_total + count(*) into v_total from gone;
    end loop;

    for v_type in select distinct d.job_type from public.dead_letter_queue d loop
        with gone as (
            delete from public.dead_letter_queue d
            where d.job_id in (
                select o.job_id
                from public.dead_letter_queue o
                where o.job_type = v_type
                    and o.died_at < p_at - internal.job_keep(v_type, 'dead')
                    and not internal.children_wait(o.job_id)
                order by o.died_at
                limit p_limit - v_total
                for update skip locked
            )
            returning d.job_id, d.idempotency_key
        ), orphaned as (
            delete from public.worker_job_parents e using gone g where e.child_id = g.job_id
        ), kept as (
            update public.worker_job_keys k set pruned_at = p_at
            from gone g
            where k.idempotency_key = g.idempotency_key and k.job_id = g.job_id
        )
        select v_total + count(*) into v_total from gone;
    end loop;

    delete from public.worker_job_keys k
    where k.idempotency_key in (
        select o.idempotency_key
        from public.worker_job_keys o
        where o.pruned_at < p_at - (internal.setting('jobs_keep_keys') #>> '{}')::interval
        order by o.pruned_at
        limit p_limit - v_total
    );
    get diagnostics v_deleted = row_count;
    return v_total + v_deleted;
end
$$;
comment on function public.worker_prune(integer, timestamptz) is
'Deletes what was kept long enough: as its job type says, else the settings jobs_keep_completed, jobs_keep_cancelled, jobs_keep_dead; and keys after jobs_keep_keys; never a job whose child may still need its result. At most p_limit rows. Returns how many rows went: call again while it is not 0.';
revoke all on function public.worker_prune(integer, timestamptz) from public;
grant execute on function public.worker_prune(integer, timestamptz) to authenticated, service_role;
