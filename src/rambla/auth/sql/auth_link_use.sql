create or replace function public.auth_link_use(p_token_hash bytea, p_at timestamptz default now()) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_user_id uuid;
begin
    perform internal.require_service();
    -- Of two at once the second waits for the first one's row lock and then finds it used.
    update internal.sign_in_links l
    set used_at = p_at
    where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > p_at
    returning l.user_id into v_user_id;
    if not found then
        raise sqlstate 'PT410' using
            message = 'This link was used already or has expired. Make a new one.', detail = 'link_used';
    end if;
    perform internal.audit('link.use', v_user_id::text);
    return v_user_id;
end
$$;
comment on function public.auth_link_use(bytea, timestamptz) is
'Whom a one-time link signs in; the second use, however close to the first, is refused.';
revoke all on function public.auth_link_use(bytea, timestamptz) from public;
grant execute on function public.auth_link_use(bytea, timestamptz) to service_role;
