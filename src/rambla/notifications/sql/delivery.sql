create or replace function internal.notif_enqueue_delivery(
    p_user_id uuid, p_notification_id uuid, p_critical boolean, p_not_before timestamptz default null
) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.enqueue(
        p_job_type := 'notification_deliver',
        p_payload := jsonb_build_object('user_id', p_user_id, 'notification_id', p_notification_id),
        p_idempotency_key := concat_ws(':', 'notification', p_notification_id, extract(epoch from p_not_before)),
        p_queue := case when p_critical then 'critical' else 'default' end,
        p_next_run_at := p_not_before
    );
end
$$;
comment on function internal.notif_enqueue_delivery(uuid, uuid, boolean, timestamptz) is
'The job that hands a queued notification to its channel, in the transaction that queued it.';
revoke all on function internal.notif_enqueue_delivery(uuid, uuid, boolean, timestamptz) from public;

create or replace function internal.notif_open_deliveries(p_notification public.notifications, p_at timestamptz) returns integer
language sql stable set search_path = ''
as $$
    -- A worker that died leaves its attempt open; after a quarter of an hour nobody is in the middle of it any more.
    select count(*)::integer
    from public.notification_deliveries d
    inner join public.notifications n on n.user_id = d.user_id and n.id = d.notification_id
    where d.user_id = p_notification.user_id
        and d.finished_at is null
        and d.started_at > p_at - interval '15 minutes'
        and d.notification_id <> p_notification.id
        and n.channel = p_notification.channel
        and not n.critical
$$;
comment on function internal.notif_open_deliveries(public.notifications, timestamptz) is
'Other notifications of the same recipient and channel that are being handed over right now.';
revoke all on function internal.notif_open_deliveries(public.notifications, timestamptz) from public;

create or replace function internal.notif_may_deliver(p_notification public.notifications, p_at timestamptz) returns boolean
language plpgsql volatile set search_path = ''
as $$
declare
    v_reason text;
begin
    if p_notification.critical then
        return true;
    end if;
    v_reason := coalesce(
        internal.notif_objection(p_notification.user_id, p_notification.channel, p_notification.type, p_at),
        case when internal.notif_is_full(
            p_notification.user_id, p_notification.channel, p_at,
            internal.notif_open_deliveries(p_notification, p_at)
        ) then 'cap' end
    );
    if v_reason is null then
        return true;
    end if;

    insert into public.notification_suppressions (user_id, channel, type, reason, idempotency_key, notification_id, at)
    values (
        p_notification.user_id, p_notification.channel, p_notification.type, v_reason,
        p_notification.idempotency_key, p_notification.id, p_at
    );
    if v_reason = 'quiet_hours' then -- it was promised by day; it comes when the night is over
        perform internal.notif_enqueue_delivery(
            p_notification.user_id, p_notification.id, false,
            internal.notif_quiet_until(p_notification.user_id, p_at)
        );
    else
        update public.notifications n
        set status = 'failed'
        where n.user_id = p_notification.user_id and n.id = p_notification.id;
    end if;
    return false;
end
$$;
comment on function internal.notif_may_deliver(public.notifications, timestamptz) is
'Asks preference, quiet hours and cap once more: a hundred may have been queued while none was sent.';
revoke all on function internal.notif_may_deliver(public.notifications, timestamptz) from public;
