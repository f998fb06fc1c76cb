create or replace function internal.notif_check(
    p_channel text, p_type text, p_title text, p_body text, p_data jsonb, p_key text
) returns void
language plpgsql immutable set search_path = ''
as $$
declare
    v_wrong constant text := case
        when p_type is null or char_length(p_type) not between 1 and 100 then 'The type must have 1 to 100 characters.'
        when p_title is null or char_length(p_title) not between 1 and 200 then 'The title must have 1 to 200 characters.'
        when char_length(p_body) > 5000 then 'The body must have at most 5000 characters.'
        when jsonb_typeof(p_data) <> 'object' then 'The data must be an object.'
        when octet_length(p_data::text) > 16384 then 'The data must have at most 16384 bytes.'
        when char_length(p_key) > 200 then 'The idempotency key must have at most 200 characters.'
    end;
begin
    if p_channel is null or p_channel not in ('inapp', 'email', 'push', 'sms') then
        raise sqlstate 'PT400' using
            message = 'There is no such channel.', detail = 'unknown_channel', hint = 'inapp, email, push or sms';
    end if;
    if v_wrong is not null then
        raise sqlstate 'PT400' using message = v_wrong, detail = 'invalid_value';
    end if;
end
$$;
comment on function internal.notif_check(text, text, text, text, jsonb, text) is
'Refuses what the table would refuse, in words for the sender.';
revoke all on function internal.notif_check(text, text, text, text, jsonb, text) from public;

create or replace function internal.notif_type(p_type text, out lane text, out critical boolean)
language sql stable set search_path = ''
as $$
    select coalesce(max(t.lane), 'system'), coalesce(bool_or(t.critical), false)
    from public.notification_types t
    where t.type = p_type
$$;
comment on function internal.notif_type(text) is 'A type as it was declared; one that was not gets the defaults.';
revoke all on function internal.notif_type(text) from public;
