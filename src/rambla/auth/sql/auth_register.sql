create or replace function public.auth_register(
    p_email text, p_handle text, p_display_name text, p_password_hash text default null
) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid;
begin
    perform internal.require_service();
    if p_email !~ '^[^@\s]+@[^@\s]+$' or char_length(p_email) > 254 then
        raise sqlstate 'PT400' using message = 'This is not an e-mail address.', detail = 'invalid_value';
    end if;

    insert into auth.users (id, email) values (public.uuid7(), p_email) on conflict do nothing;
    select u.id into v_id from auth.users u where lower(u.email) = lower(p_email);
    insert into public.profiles (id, handle, display_name) values (v_id, lower(p_handle), p_display_name)
    on conflict do nothing;
    if not exists (select from public.profiles p where p.id = v_id and p.handle = lower(p_handle)) then
        raise sqlstate 'PT409' using message = 'The address or the handle belongs to somebody.', detail = 'conflict';
    end if;
    insert into internal.credentials (user_id, password_hash)
    select v_id, p_password_hash where p_password_hash is not null
    on conflict do nothing;
    return v_id;
end
$$;
comment on function public.auth_register(text, text, text, text) is
'Makes a person, or returns the one who has this address and this handle already; their password then stays as it is.';
revoke all on function public.auth_register(text, text, text, text) from public;
grant execute on function public.auth_register(text, text, text, text) to service_role;
