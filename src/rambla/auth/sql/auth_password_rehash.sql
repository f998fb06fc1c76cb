create or replace function public.auth_password_rehash(p_user_id uuid, p_old_hash text, p_new_hash text)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    update internal.credentials c
    set password_hash = p_new_hash
    where c.user_id = p_user_id and c.password_hash = p_old_hash;
    return found;
end
$$;
comment on function public.auth_password_rehash(uuid, text, text) is
'Replaces a hash by a costlier one of the same password; false when the password was changed meanwhile.';
revoke all on function public.auth_password_rehash(uuid, text, text) from public;
grant execute on function public.auth_password_rehash(uuid, text, text) to service_role;
