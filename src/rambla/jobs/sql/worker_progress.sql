create or replace function public.worker_progress(
    p_job_id bigint, p_run_no integer, p_percent integer, p_note text default null
) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    update public.worker_jobs j
    set progress = p_percent, progress_note = left(p_note, 500)
    where j.id = p_job_id and j.run_no = p_run_no and j.status = 'running';
    if not found then
        perform internal.refuse_job(p_job_id, true);
    end if;
end
$$;
comment on function public.worker_progress(bigint, integer, integer, text) is
'Says how far a running job is, in percent and in words.';
revoke all on function public.worker_progress(bigint, integer, integer, text) from public;
grant execute on function public.worker_progress(bigint, integer, integer, text) to authenticated, service_role;
