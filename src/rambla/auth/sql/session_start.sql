create or replace function public.session_start(
    p_user_id uuid,
    p_token_hash bytea,
    p_kind text,
    p_label text default '',
    p_lifetime interval default null,
    p_at timestamptz default now()
) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_id uuid;
begin
    perform internal.require_service();
    if octet_length(p_token_hash) is distinct from 32 then
        raise sqlstate 'PT400' using message = 'A token is stored as its sha256.', detail = 'invalid_value';
    end if;
    insert into internal.sessions as s (token_hash, user_id, kind, label, created_at, last_used_at, expires_at)
    values (
        p_token_hash, p_user_id, p_kind, left(p_label, 200), p_at, p_at,
        p_at + coalesce(
            p_lifetime,
            case p_kind when 'cookie' then interval '30 days' when 'bearer' then interval '90 days' else interval '1 year' end
        )
    )
    returning s.id into v_id;
    -- Nobody sweeps this table: each person's rows are kept few when one is added.
    delete from internal.sessions s
    where s.user_id = p_user_id
        and s.id in (
            select o.id
            from internal.sessions o
            where o.user_id = p_user_id
            order by o.expires_at > p_at desc, o.id = v_id desc, o.last_used_at desc
            offset 100
        );
    perform internal.audit(
        'session.start', coalesce(p_user_id::text, 'service'), jsonb_build_object('session', v_id, 'kind', p_kind, 'label', p_label)
    );
    return v_id;
end
$$;
comment on function public.session_start(uuid, bytea, text, text, interval, timestamptz) is
'Makes a session for a person who has proved who they are, or, of kind service, for a program. A person keeps the last hundred.';
revoke all on function public.session_start(uuid, bytea, text, text, interval, timestamptz) from public;
grant execute on function public.session_start(uuid, bytea, text, text, interval, timestamptz) to service_role;
