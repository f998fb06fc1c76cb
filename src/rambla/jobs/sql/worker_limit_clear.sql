create or replace function public.worker_limit_clear(p_scope text, p_name text) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    perform internal.require_scope(p_scope);
    delete from public.worker_limits l where l.scope = p_scope and l.name = p_name and l.source = 'operator';
    if found then
        perform internal.gate_opened(p_scope, p_name);
        perform internal.audit(p_scope || '.limit_clear', p_name);
    end if;
end
$$;
comment on function public.worker_limit_clear(text, text) is
'Takes back what worker_limit_set() said about a queue or a type; then what the code says holds again.';
revoke all on function public.worker_limit_clear(text, text) from public;
grant execute on function public.worker_limit_clear(text, text) to authenticated, service_role;
