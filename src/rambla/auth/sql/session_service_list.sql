create or replace function public.session_service_list(p_at timestamptz default now())
returns table (id uuid, label text, created_at timestamptz, last_used_at timestamptz, expires_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    return query
    select s.id, s.label, s.created_at, s.last_used_at, s.expires_at
    from internal.sessions s
    where s.user_id is null and s.expires_at > p_at
    order by s.created_at, s.id;
end
$$;
comment on function public.session_service_list(timestamptz) is
'The tokens of programs that are valid now, for admins and the service.';
revoke all on function public.session_service_list(timestamptz) from public;
grant execute on function public.session_service_list(timestamptz) to authenticated, service_role;
