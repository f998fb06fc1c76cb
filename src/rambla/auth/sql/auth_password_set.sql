create or replace function public.auth_password_set(p_user_id uuid, p_password_hash text, p_at timestamptz default now())
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    insert into internal.credentials as c (user_id, password_hash, changed_at)
    values (p_user_id, p_password_hash, p_at)
    on conflict (user_id) do update
    set password_hash = excluded.password_hash, changed_at = excluded.changed_at;
    -- Whoever knew the old password may hold a session or a link that it gave.
    delete from internal.sessions s where s.user_id = p_user_id;
    delete from internal.sign_in_links l where l.user_id = p_user_id and l.used_at is null;
    perform internal.audit('password.set', p_user_id::text);
end
$$;
comment on function public.auth_password_set(uuid, text, timestamptz) is
'Stores a new password''s hash and ends every session and open link of that person.';
revoke all on function public.auth_password_set(uuid, text, timestamptz) from public;
grant execute on function public.auth_password_set(uuid, text, timestamptz) to service_role;
