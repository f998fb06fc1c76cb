create or replace function public.worker_fail_job(
    p_job_id bigint, p_error text, p_run_no integer default null, p_at timestamptz default now()
) returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_next timestamptz;
begin
    perform internal.require_service();
    select f.next_run_at into v_next
    from internal.fail_jobs(array[p_job_id], array[p_run_no], array[p_error], array['failed'], array[false], p_at) f;
    if not found then
        perform internal.refuse_job(p_job_id, p_run_no is not null);
    end if;
    return v_next;
end
$$;
comment on function public.worker_fail_job(bigint, text, integer, timestamptz) is
'Fails a job: pending again after 60, 120, 240 seconds and so on, or in the dead letters when its attempts are used up. Returns when it runs again, null for a dead letter. Attempts are counted when they start, so that a job which kills its process is counted too; a job that nobody has claimed is therefore claimed and failed in one step, and here too attempts rises by one each time. With p_run_no only that run may fail.';
revoke all on function public.worker_fail_job(bigint, text, integer, timestamptz) from public;
grant execute on function public.worker_fail_job(bigint, text, integer, timestamptz) to authenticated, service_role;
