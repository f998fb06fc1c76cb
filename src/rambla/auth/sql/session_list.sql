create or replace function public.session_list(p_token_hash bytea default null, p_at timestamptz default now())
returns table (
    id uuid, kind text, label text, created_at timestamptz, last_used_at timestamptz, expires_at timestamptz,
    is_current boolean
)
language sql stable security definer set search_path = ''
as $$
    select
        s.id, s.kind, s.label, s.created_at, s.last_used_at, s.expires_at,
        coalesce(s.token_hash = p_token_hash, false) as is_current
    from internal.sessions s
    where s.user_id = auth.uid() and s.expires_at > p_at
    order by is_current desc, s.last_used_at desc, s.id
$$;
comment on function public.session_list(bytea, timestamptz) is
'The caller''s live sessions, the one with this token first.';
revoke all on function public.session_list(bytea, timestamptz) from public;
grant execute on function public.session_list(bytea, timestamptz) to authenticated;
