create or replace function public.notif_send_outcome(
    p_user_id uuid,
    p_channel text,
    p_type text,
    p_title text,
    p_body text,
    p_data jsonb,
    p_idempotency_key text,
    p_at timestamptz default now(),
    out notification_id uuid,
    out outcome text
)
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_may_act_for(p_user_id);
    if p_at is distinct from now() then
        perform internal.require_service(); -- whoever sets the clock walks around quiet hours and cap
    end if;
    select s.notification_id, s.outcome into notification_id, outcome
    from internal.notif_submit(
        p_user_id, p_channel, p_type, p_title, p_body, p_data, p_idempotency_key, p_at
    ) s;
end
$$;
comment on function public.notif_send_outcome(uuid, text, text, text, text, jsonb, text, timestamptz) is
'notif_send() that also says what happened: sent, queued, replay, mismatch (a replay with another content), preference, quiet_hours or cap.';
revoke all on function public.notif_send_outcome(uuid, text, text, text, text, jsonb, text, timestamptz) from public;
grant execute on function public.notif_send_outcome(uuid, text, text, text, text, jsonb, text, timestamptz)
to authenticated, service_role;
