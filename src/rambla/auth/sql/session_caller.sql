create or replace function public.session_caller(p_token_hash bytea, p_at timestamptz default now())
returns table (user_id uuid, kind text, expires_at timestamptz)
language plpgsql volatile security definer set search_path = ''
as $$
begin
    -- Written at most once a minute, or every read of a page would cost a row version.
    update internal.sessions s
    set last_used_at = p_at
    where s.token_hash = p_token_hash
        and s.expires_at > p_at
        and s.last_used_at < p_at - interval '1 minute';

    return query
    select s.user_id, s.kind, s.expires_at
    from internal.sessions s
    where s.token_hash = p_token_hash and s.expires_at > p_at;
end
$$;
comment on function public.session_caller(bytea, timestamptz) is
'Whose token has this sha256; no row when there is no such token or it has expired. Needs the token, so a visitor may ask.';
revoke all on function public.session_caller(bytea, timestamptz) from public;
grant execute on function public.session_caller(bytea, timestamptz) to anon;
