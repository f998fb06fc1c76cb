create or replace function internal.notif_wants(p_user_id uuid, p_channel text, p_type text) returns boolean
language sql stable set search_path = ''
as $$
    select coalesce(
        (
            select p.enabled
            from public.notification_preferences p
            where p.user_id = p_user_id and p.channel = p_channel and p.type in (p_type, '*')
            order by p.type = '*'
            limit 1
        ),
        true
    )
$$;
comment on function internal.notif_wants(uuid, text, text) is
'The recipient''s preference: the type''s own, else that of ''*'', else yes.';
revoke all on function internal.notif_wants(uuid, text, text) from public;

create or replace function internal.notif_objection(p_user_id uuid, p_channel text, p_type text, p_at timestamptz)
returns text
language sql stable set search_path = ''
as $$
    select case
        when not internal.notif_wants(p_user_id, p_channel, p_type) then 'preference'
        when internal.notif_quiet_until(p_user_id, p_at) is not null then 'quiet_hours'
    end
$$;
comment on function internal.notif_objection(uuid, text, text, timestamptz) is
'What the recipient has against a type that is not critical: preference, quiet_hours, or null.';
revoke all on function internal.notif_objection(uuid, text, text, timestamptz) from public;
