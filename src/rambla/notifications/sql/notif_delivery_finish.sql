create or replace function public.notif_delivery_finish(
    p_user_id uuid,
    p_notification_id uuid,
    p_attempt integer,
    p_outcome text,
    p_detail text default '',
    p_final boolean default false,
    p_at timestamptz default now()
) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_status text;
begin
    perform internal.require_service();
    perform internal.notif_lock(p_user_id);
    update public.notification_deliveries d
    set finished_at = p_at, outcome = p_outcome, detail = left(p_detail, 500)
    where d.user_id = p_user_id and d.notification_id = p_notification_id and d.attempt = p_attempt;
    if not found then
        raise sqlstate 'PT404' using message = 'There is no such delivery.', detail = 'not_found';
    end if;

    update public.notifications n
    set status = case
            when p_outcome = 'sent' then 'sent'
            when p_outcome = 'rejected' or p_final then 'failed'
            else 'queued'
        end,
        sent_at = case p_outcome when 'sent' then p_at end
    where n.user_id = p_user_id and n.id = p_notification_id
        and n.status <> 'sent' -- a slower worker does not take back what another one has sent
    returning n.status into v_status;
    return coalesce(v_status, 'sent');
end
$$;
comment on function public.notif_delivery_finish(uuid, uuid, integer, text, text, boolean, timestamptz) is
'Closes an attempt with what became of it: sent, rejected (for good), retry, or unknown; p_final when no other attempt will follow. Returns the notification''s status.';
revoke all on function public.notif_delivery_finish(uuid, uuid, integer, text, text, boolean, timestamptz) from public;
grant execute on function public.notif_delivery_finish(uuid, uuid, integer, text, text, boolean, timestamptz)
to service_role;
