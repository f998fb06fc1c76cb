create or replace function public.notif_preferences_set(p_preferences jsonb) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    if jsonb_typeof(p_preferences) is distinct from 'array' or jsonb_array_length(p_preferences) > 500 then
        raise sqlstate 'PT400' using
            message = 'The preferences must be an array of at most 500.', detail = 'invalid_value',
            hint = '[{"type": "new_follower", "channel": "email", "enabled": false}]';
    end if;

    delete from public.notification_preferences p where p.user_id = auth.uid();
    insert into public.notification_preferences (user_id, type, channel, enabled)
    select distinct on (p.type, p.channel) auth.uid(), p.type, p.channel, p.enabled
    from jsonb_to_recordset(p_preferences) as p (type text, channel text, enabled boolean)
    on conflict (user_id, type, channel) do update set enabled = excluded.enabled; -- another tab saved meanwhile
end
$$;
comment on function public.notif_preferences_set(jsonb) is
'Replaces all of the caller''s preferences. The type ''*'' stands for every type that is not named.';
revoke all on function public.notif_preferences_set(jsonb) from public;
grant execute on function public.notif_preferences_set(jsonb) to authenticated;
