create or replace function public.worker_leave(p_worker_id uuid) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    -- What it still has in the table are claims whose answers it never got.
    perform public.worker_release(array_agg(j.id), array_agg(j.run_no))
    from public.worker_jobs j
    where j.worker_id = p_worker_id and j.status = 'running';
    delete from public.worker_heartbeats h where h.worker_id = p_worker_id;
end
$$;
comment on function public.worker_leave(uuid) is 'Says that a worker has stopped; whatever it had is released.';
revoke all on function public.worker_leave(uuid) from public;
grant execute on function public.worker_leave(uuid) to authenticated, service_role;
