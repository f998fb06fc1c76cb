create or replace function public.notif_send(
    p_user_id uuid,
    p_channel text,
    p_type text,
    p_title text,
    p_body text,
    p_data jsonb,
    p_idempotency_key text,
    p_at timestamptz default now()
) returns uuid
language sql volatile security definer set search_path = ''
as $$
    select s.notification_id
    from public.notif_send_outcome(
        p_user_id, p_channel, p_type, p_title, p_body, p_data, p_idempotency_key, p_at
    ) s
$$;
comment on function public.notif_send(uuid, text, text, text, text, jsonb, text, timestamptz) is
'Sends a notification and returns its id; null when preference, quiet hours or the day''s cap hold it back. The same key returns the same id as long as the notification is kept, whatever else is asked. A null or empty key sends each time. Only the service and admins may set p_at.';
revoke all on function public.notif_send(uuid, text, text, text, text, jsonb, text, timestamptz) from public;
grant execute on function public.notif_send(uuid, text, text, text, text, jsonb, text, timestamptz)
to authenticated, service_role;
