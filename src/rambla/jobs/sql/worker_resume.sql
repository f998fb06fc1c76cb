create or replace function public.worker_resume(p_queue text) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    delete from public.worker_queue_pauses s where s.queue = p_queue;
    if found then
        perform pg_notify('jobs', p_queue);
        perform internal.audit('queue.resume', p_queue);
    end if;
end
$$;
comment on function public.worker_resume(text) is 'Lets workers claim from a paused queue again.';
revoke all on function public.worker_resume(text) from public;
grant execute on function public.worker_resume(text) to authenticated, service_role;
