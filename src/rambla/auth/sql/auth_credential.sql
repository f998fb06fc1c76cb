create or replace function public.auth_credential(p_name text)
returns table (user_id uuid, password_hash text)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    -- A handle cannot contain an @, so one name never means two people.
    return query
    select c.user_id, c.password_hash
    from internal.credentials c
    where c.user_id in (
        select p.id from public.profiles p where p.handle = lower(p_name)
        union all
        select u.id from auth.users u where lower(u.email) = lower(p_name)
    );
end
$$;
comment on function public.auth_credential(text) is
'The password hash behind a handle or an e-mail address, for sign-in; no row when there is none.';
revoke all on function public.auth_credential(text) from public;
grant execute on function public.auth_credential(text) to service_role;
