create or replace function public.worker_release(p_ids bigint[], p_run_nos integer[]) returns setof bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ids bigint[];
    v_types text[];
    v_keys text[];
    v_queues text[];
begin
    perform internal.require_service();
    with released as (
        update public.worker_jobs j
        set status = 'pending', attempts = j.attempts - 1, worker_id = null, progress = null, progress_note = null
        from unnest(p_ids, p_run_nos) a (id, run_no)
        where j.id = any (p_ids) and j.id = a.id and j.run_no = a.run_no and j.status = 'running'
        returning j.id, j.job_type, j.partition_key, j.queue
    )
    select
        array_agg(r.id),
        array_agg(r.job_type) filter (where r.partition_key is not null),
        array_agg(r.partition_key) filter (where r.partition_key is not null),
        array_agg(distinct r.queue)
    into v_ids, v_types, v_keys, v_queues
    from released r;
    perform internal.runs_ended(v_types, v_keys, v_queues);
    return query select unnest(v_ids);
end
$$;
comment on function public.worker_release(bigint[], integer[]) is
'Gives jobs back that a stopping worker did not finish, with their attempt, for another worker to claim at once. Returns those that were its to give.';
revoke all on function public.worker_release(bigint[], integer[]) from public;
grant execute on function public.worker_release(bigint[], integer[]) to authenticated, service_role;
