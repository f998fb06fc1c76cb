create or replace function public.worker_resume(p_name text, p_scope text default 'queue') returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    perform internal.require_scope(p_scope);
    delete from public.worker_pauses s where s.scope = p_scope and s.name = p_name;
    if found then
        perform internal.gate_opened(p_scope, p_name);
        perform internal.audit(p_scope || '.resume', p_name);
    end if;
end
$$;
comment on function public.worker_resume(text, text) is 'Lets workers claim from a paused queue, or of a paused type, again.';
revoke all on function public.worker_resume(text, text) from public;
grant execute on function public.worker_resume(text, text) to authenticated, service_role;
