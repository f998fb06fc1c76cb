create or replace function public.earnings_transition(
    p_user_id uuid,
    p_event_id uuid,
    p_to text,
    p_amount_minor bigint,
    p_reason text,
    p_idem_key text,
    p_at timestamptz default now()
) returns uuid
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_event public.earnings_events;
    v_open internal.earnings_accruals;
    v_left bigint;
    v_amount bigint;
    v_id uuid;
begin
    perform internal.require_service();
    if p_idem_key is null or p_amount_minor <= 0 or p_to not in ('captured', 'reversed', 'expired') then
        raise sqlstate 'PT400' using
            message = 'A transition has a key of its own, an amount above zero and leads to captured, reversed or expired.',
            detail = 'invalid_value';
    end if;
    v_event := internal.earnings_event_to_move(p_user_id, p_event_id);

    -- The row that every posting of this user and currency writes: whoever has it is alone with the accruals.
    perform from public.earnings_ledger l
    where l.user_id = p_user_id and l.currency = v_event.currency
    for no key update;

    v_id := internal.earnings_replay(p_user_id, p_event_id, p_to, p_amount_minor, p_idem_key);
    if v_id is not null then
        return v_id;
    end if;

    select r.* into v_open from internal.earnings_accruals r where r.user_id = p_user_id and r.event_id = p_event_id;
    v_left := v_open.pending + case when p_to = 'reversed' then v_open.captured else 0 end;
    v_amount := coalesce(p_amount_minor, v_left);
    if (v_amount between 1 and v_left) is not true then
        raise sqlstate 'PT409' using
            message = format(
                '%s pending and %s captured are left of this event.',
                internal.money(v_open.pending, v_open.currency), internal.money(v_open.captured, v_open.currency)
            ),
            detail = 'invalid_transition';
    end if;

    v_id := internal.earnings_move(v_event, v_open, p_to, v_amount, p_reason, p_idem_key, p_at);
    perform internal.earnings_tell(
        p_user_id, p_to, v_amount, v_event.currency, p_reason, 'transition:' || v_id, p_at
    );
    if auth.uid() is not null then
        perform internal.audit(
            'earnings.transition', p_event_id::text,
            jsonb_build_object('user_id', p_user_id, 'to', p_to, 'amount_minor', v_amount, 'reason', p_reason)
        );
    end if;
    return v_id;
end
$$;
comment on function public.earnings_transition(uuid, uuid, text, bigint, text, text, timestamptz) is
'Captures, reverses or expires an event, in part or (amount null) what is left of it, by postings that net to zero. Returns the posting that arrives; the same key returns the first one.';
revoke all on function public.earnings_transition(uuid, uuid, text, bigint, text, text, timestamptz) from public;
grant execute on function public.earnings_transition(uuid, uuid, text, bigint, text, text, timestamptz)
to authenticated, service_role;
