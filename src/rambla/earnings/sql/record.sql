create or replace function internal.earnings_record(
    p_user_id uuid,
    p_currency text,
    p_amount_minor bigint,
    p_kind text,
    p_idem_key text,
    p_source text,
    p_source_ref text,
    p_reason text default '',
    p_occurred_at timestamptz default now(),
    p_matures_at timestamptz default null
) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
    v_id uuid;
    v_first public.earnings_events;
begin
    if p_idem_key is null or p_amount_minor is null or p_amount_minor <= 0 then
        raise sqlstate 'PT400' using
            message = 'An event has a key of its own and an amount above zero.', detail = 'invalid_value';
    end if;
    if not exists (select from public.currencies c where c.code = p_currency) then
        raise sqlstate 'PT400' using
            message = format('%s is not a currency.', p_currency), detail = 'unknown_currency';
    end if;

    insert into public.earnings_events (
        user_id, currency, amount_minor, status, kind, reason, source, source_ref, idem_key, occurred_at, matures_at,
        actor_id
    )
    values (
        p_user_id, p_currency, p_amount_minor, 'pending', p_kind, p_reason, p_source, p_source_ref, p_idem_key,
        p_occurred_at,
        coalesce(p_matures_at, p_occurred_at + internal.setting('earnings_hold_days')::int * interval '1 day'),
        auth.uid()
    )
    on conflict (user_id, idem_key) do nothing
    returning id into v_id;
    if found then
        return v_id;
    end if;

    select e.* into v_first from public.earnings_events e where e.user_id = p_user_id and e.idem_key = p_idem_key;
    if (v_first.parent_id, v_first.currency, v_first.amount_minor, v_first.kind, v_first.source, v_first.source_ref)
        is distinct from (null::uuid, p_currency, p_amount_minor, p_kind, p_source, p_source_ref)
    then
        raise sqlstate 'PT409' using
            message = 'The key was used for another event.', detail = 'idempotency_mismatch';
    end if;
    return v_first.id;
end
$$;
comment on function internal.earnings_record(uuid, text, bigint, text, text, text, text, text, timestamptz, timestamptz) is
'Books one pending event; the same key returns the first one. For definer functions, which check their caller.';
revoke all on function internal.earnings_record(uuid, text, bigint, text, text, text, text, text, timestamptz, timestamptz) from public;

create or replace function public.earnings_record(
    p_user_id uuid,
    p_currency text,
    p_amount_minor bigint,
    p_kind text,
    p_idem_key text,
    p_source text,
    p_source_ref text,
    p_reason text default '',
    p_occurred_at timestamptz default now(),
    p_matures_at timestamptz default null
) returns uuid
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_service();
    return internal.earnings_record(
        p_user_id, p_currency, p_amount_minor, p_kind, p_idem_key, p_source, p_source_ref, p_reason, p_occurred_at,
        p_matures_at
    );
end
$$;
comment on function public.earnings_record(uuid, text, bigint, text, text, text, text, text, timestamptz, timestamptz) is
'Books one pending event of a user; the same key returns the first one. For the service and admins.';
revoke all on function public.earnings_record(uuid, text, bigint, text, text, text, text, text, timestamptz, timestamptz) from public;
grant execute on function public.earnings_record(uuid, text, bigint, text, text, text, text, text, timestamptz, timestamptz)
to authenticated, service_role;
