create or replace function internal.earnings_event_to_move(p_user_id uuid, p_event_id uuid) returns public.earnings_events
language plpgsql stable set search_path = ''
as $$
declare
    v_event public.earnings_events;
begin
    select e.* into v_event from public.earnings_events e where e.user_id = p_user_id and e.id = p_event_id;
    if not found then
        raise sqlstate 'PT404' using message = 'There is no such event.', detail = 'not_found';
    end if;
    if v_event.parent_id is not null or v_event.amount_minor < 0 then
        raise sqlstate 'PT409' using
            message = 'Only what was earned can be captured, reversed or expired.',
            detail = 'invalid_transition',
            hint = format('Name the event that it goes back to: %s.', v_event.parent_id);
    end if;
    return v_event;
end
$$;
comment on function internal.earnings_event_to_move(uuid, uuid) is 'The event, if it is one that earned something.';
revoke all on function internal.earnings_event_to_move(uuid, uuid) from public;

create or replace function internal.earnings_replay(
    p_user_id uuid, p_event_id uuid, p_to text, p_amount_minor bigint, p_idem_key text
) returns uuid
language plpgsql stable set search_path = ''
as $$
declare
    v_first public.earnings_events;
begin
    select e.* into v_first from public.earnings_events e where e.user_id = p_user_id and e.idem_key = p_idem_key;
    if not found then
        return null;
    end if;
    if (v_first.parent_id, v_first.status, v_first.amount_minor)
        is distinct from (p_event_id, p_to, coalesce(p_amount_minor, v_first.amount_minor))
    then
        raise sqlstate 'PT409' using
            message = 'The key was used for another transition.', detail = 'idempotency_mismatch';
    end if;
    return v_first.id;
end
$$;
comment on function internal.earnings_replay(uuid, uuid, text, bigint, text) is
'The posting that this transition made before, null when it is new.';
revoke all on function internal.earnings_replay(uuid, uuid, text, bigint, text) from public;

create or replace function internal.earnings_move(
    p_event public.earnings_events,
    p_open internal.earnings_accruals,
    p_to text,
    p_amount_minor bigint,
    p_reason text,
    p_idem_key text,
    p_at timestamptz
) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
    v_id constant uuid := gen_random_uuid();
    -- What is not the creator's yet goes first.
    v_pending constant bigint := least(p_amount_minor, p_open.pending);
begin
    insert into public.earnings_events (
        user_id, id, currency, amount_minor, status, kind, reason, parent_id, group_id, source, source_ref, idem_key,
        occurred_at, rule_version, actor_id
    )
    select
        p_event.user_id, leg.id, p_event.currency, leg.amount_minor, leg.status,
        case p_to when 'captured' then 'capture' when 'reversed' then 'reversal' else 'expiry' end,
        coalesce(p_reason, ''), p_event.id, v_id, p_event.source, p_event.source_ref, leg.idem_key, p_at,
        p_event.rule_version, auth.uid()
    from (values
        (gen_random_uuid(), 'pending', -v_pending, null),
        (gen_random_uuid(), 'captured', v_pending - p_amount_minor, null),
        (v_id, p_to, p_amount_minor, p_idem_key)
    ) as leg (id, status, amount_minor, idem_key)
    where leg.amount_minor <> 0;
    return v_id;
end
$$;
comment on function internal.earnings_move(
    public.earnings_events, internal.earnings_accruals, text, bigint, text, text, timestamptz
) is 'Adds the postings of one transition: out of pending, out of captured, into the new bucket.';
revoke all on function internal.earnings_move(
    public.earnings_events, internal.earnings_accruals, text, bigint, text, text, timestamptz
) from public;
