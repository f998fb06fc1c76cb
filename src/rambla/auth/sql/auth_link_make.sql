create or replace function public.auth_link_make(
    p_user_id uuid, p_token_hash bytea, p_lifetime interval default interval '30 minutes', p_at timestamptz default now()
) returns timestamptz
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    if octet_length(p_token_hash) is distinct from 32 then
        raise sqlstate 'PT400' using message = 'A token is stored as its sha256.', detail = 'invalid_value';
    end if;
    delete from internal.sign_in_links l where l.user_id = p_user_id and l.expires_at <= p_at;
    insert into internal.sign_in_links (token_hash, user_id, created_at, expires_at)
    values (p_token_hash, p_user_id, p_at, p_at + p_lifetime);
    perform internal.audit('link.make', p_user_id::text);
    return p_at + p_lifetime;
end
$$;
comment on function public.auth_link_make(uuid, bytea, interval, timestamptz) is
'Makes a link that signs this person in once, and says until when it works.';
revoke all on function public.auth_link_make(uuid, bytea, interval, timestamptz) from public;
grant execute on function public.auth_link_make(uuid, bytea, interval, timestamptz) to service_role;
