create or replace function internal.notif_submit(
    p_user_id uuid,
    p_channel text,
    p_type text,
    p_title text,
    p_body text,
    p_data jsonb,
    p_idempotency_key text,
    p_at timestamptz,
    out notification_id uuid,
    out outcome text
)
language plpgsql volatile set search_path = ''
as $$
declare
    v_key constant text := nullif(p_idempotency_key, '');
    v_body constant text := coalesce(p_body, '');
    v_data constant jsonb := coalesce(nullif(p_data, 'null'), '{}');
    v_hash constant bytea := internal.notif_payload_hash(p_type, p_title, v_body, v_data);
    v_type record;
    v_seq bigint;
begin
    perform internal.notif_check(p_channel, p_type, p_title, v_body, v_data, v_key);

    -- 1. A key that was used answers before anything else: at night, past the cap, whatever the preference is by now.
    select r.notification_id, r.outcome into notification_id, outcome
    from internal.notif_replay(p_user_id, p_channel, v_key, v_hash, p_at) r;
    if notification_id is not null then
        return;
    end if;

    -- 2. Preference and quiet hours; critical types ask neither, nor the cap.
    select t.lane, t.critical into v_type from internal.notif_type(p_type) t;
    if not v_type.critical then
        outcome := internal.notif_objection(p_user_id, p_channel, p_type, p_at);
    end if;

    -- 3. From here on the recipient's other sends wait. What they did before we came shows only now, so the key is
    --    looked up again. Under repeatable read it would not show: there this raises 40001 instead.
    if outcome is null then
        v_seq := internal.notif_next_seq(p_user_id);
        select r.notification_id, r.outcome into notification_id, outcome
        from internal.notif_replay(p_user_id, p_channel, v_key, v_hash, p_at) r;
        if notification_id is not null then
            return;
        end if;
        if not v_type.critical and internal.notif_is_full(p_user_id, p_channel, p_at) then
            outcome := 'cap';
        end if;
    end if;

    if outcome is not null then
        insert into public.notification_suppressions (user_id, channel, type, reason, idempotency_key, at)
        values (p_user_id, p_channel, p_type, outcome, v_key, p_at);
        return;
    end if;

    -- 4. In the app it has arrived by being there; other channels are a job of this same transaction.
    outcome := case p_channel when 'inapp' then 'sent' else 'queued' end;
    insert into public.notifications as n (
        user_id, id, seq, channel, type, lane, critical, title, body, data, status,
        idempotency_key, payload_hash, created_at, sent_at
    )
    values (
        p_user_id, public.uuid7(), v_seq, p_channel, p_type, v_type.lane, v_type.critical, p_title, v_body, v_data,
        outcome, v_key, v_hash, p_at, case outcome when 'sent' then p_at end
    )
    returning n.id into notification_id;
    if outcome = 'queued' then
        perform internal.notif_enqueue_delivery(p_user_id, notification_id, v_type.critical);
    end if;
end
$$;
comment on function internal.notif_submit(uuid, text, text, text, text, jsonb, text, timestamptz) is
'Sends or says why not. outcome: sent, queued, replay, mismatch (a replay with another content), preference, quiet_hours, cap.';
revoke all on function internal.notif_submit(uuid, text, text, text, text, jsonb, text, timestamptz) from public;

create or replace function internal.notify(
    p_user_id uuid,
    p_channel text,
    p_type text,
    p_title text,
    p_body text,
    p_data jsonb,
    p_idempotency_key text,
    p_at timestamptz default now()
) returns uuid
language sql volatile set search_path = ''
as $$
    select s.notification_id
    from internal.notif_submit(
        p_user_id, p_channel, p_type, p_title, p_body, p_data, p_idempotency_key, p_at
    ) s
$$;
comment on function internal.notify(uuid, text, text, text, text, jsonb, text, timestamptz) is
'notif_send() for definer functions of other slices: no caller check. It holds the recipient''s state row to the end of the transaction, so it comes last there, and several recipients in the order of their ids.';
revoke all on function internal.notify(uuid, text, text, text, text, jsonb, text, timestamptz) from public;
