create or replace function public.notif_delivery_begin(
    p_user_id uuid, p_notification_id uuid, p_at timestamptz default now()
)
returns table (
    user_id uuid,
    notification_id uuid,
    attempt integer,
    channel text,
    type text,
    critical boolean,
    title text,
    body text,
    url text,
    created_at timestamptz,
    name text,
    address text
)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_notification public.notifications;
    v_attempt integer;
begin
    perform internal.require_service();
    perform internal.notif_lock(p_user_id);
    select n.* into v_notification
    from public.notifications n
    where n.user_id = p_user_id and n.id = p_notification_id and n.status <> 'sent';
    if v_notification.id is null or not internal.notif_may_deliver(v_notification, p_at) then
        return;
    end if;

    update public.notification_deliveries d
    set finished_at = p_at, outcome = 'unknown', detail = 'The worker was gone before it could say.'
    where d.user_id = p_user_id and d.notification_id = p_notification_id and d.finished_at is null;

    insert into public.notification_deliveries as d (user_id, notification_id, attempt, started_at)
    select p_user_id, p_notification_id, coalesce(max(o.attempt), 0) + 1, p_at
    from public.notification_deliveries o
    where o.user_id = p_user_id and o.notification_id = p_notification_id
    returning d.attempt into v_attempt;

    return query
    select
        p_user_id, p_notification_id, v_attempt, v_notification.channel, v_notification.type,
        v_notification.critical, v_notification.title, v_notification.body, v_notification.url,
        v_notification.created_at, p.display_name, case v_notification.channel when 'email' then u.email::text end
    from public.profiles p
    inner join auth.users u on u.id = p.id
    where p.id = p_user_id;
end
$$;
comment on function public.notif_delivery_begin(uuid, uuid, timestamptz) is
'Opens an attempt to deliver and returns what to hand over and to whom; nothing when it was sent already or may not be sent now. Until notif_delivery_finish() the attempt holds its place under the cap.';
revoke all on function public.notif_delivery_begin(uuid, uuid, timestamptz) from public;
grant execute on function public.notif_delivery_begin(uuid, uuid, timestamptz) to service_role;
