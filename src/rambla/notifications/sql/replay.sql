create or replace function internal.notif_payload_hash(p_type text, p_title text, p_body text, p_data jsonb) returns bytea
language sql stable set search_path = ''
as $$
    -- jsonb orders its keys, so the same content has one text.
    select sha256(convert_to(jsonb_build_array(p_type, p_title, p_body, p_data)::text, 'UTF8'))
$$;
comment on function internal.notif_payload_hash(text, text, text, jsonb) is 'What makes two sends the same content.';
revoke all on function internal.notif_payload_hash(text, text, text, jsonb) from public;

create or replace function internal.notif_replay(
    p_user_id uuid, p_channel text, p_key text, p_hash bytea, p_at timestamptz,
    out notification_id uuid, out outcome text
)
language plpgsql volatile set search_path = ''
as $$
begin
    if p_key is null then
        return;
    end if;
    select n.id, case when n.payload_hash <> p_hash then 'mismatch' else 'replay' end
    into notification_id, outcome
    from public.notifications n
    where n.user_id = p_user_id and n.channel = p_channel and n.idempotency_key = p_key;

    if outcome = 'mismatch' then
        insert into public.notification_replays as r (user_id, notification_id, payload_hash, first_at, last_at)
        values (p_user_id, notif_replay.notification_id, p_hash, p_at, p_at)
        on conflict on constraint notification_replays_pkey do update
        set replays = r.replays + 1, last_at = excluded.last_at;
    end if;
end
$$;
comment on function internal.notif_replay(uuid, text, text, bytea, timestamptz) is
'The notification that has the key already, null when there is none; another content under it is counted.';
revoke all on function internal.notif_replay(uuid, text, text, bytea, timestamptz) from public;
