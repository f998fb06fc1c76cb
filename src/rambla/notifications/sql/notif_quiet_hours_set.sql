create or replace function public.notif_quiet_hours_set(
    p_start time, p_end time, p_days integer default 127, p_timezone text default null
) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    if (p_start is null) <> (p_end is null) or p_start = '24:00' or p_days is null or p_days not between 1 and 127 then
        raise sqlstate 'PT400' using
            message = 'Quiet hours have a start, an end and at least one day.', detail = 'invalid_value',
            hint = 'Both null turns them off. Bit 0 of the days is Monday.';
    end if;
    -- By name, because PostgreSQL also takes "FOO5" for a zone.
    if p_timezone is not null and not exists (select from pg_catalog.pg_timezone_names z where z.name = p_timezone) then
        raise sqlstate 'PT400' using message = 'The time zone is not in the IANA list.', detail = 'unknown_timezone';
    end if;

    if p_start is null then
        delete from public.notification_quiet_hours q where q.user_id = auth.uid();
        return;
    end if;
    insert into public.notification_quiet_hours as q (user_id, start_time, end_time, days, timezone)
    values (auth.uid(), p_start, p_end, p_days, p_timezone)
    on conflict (user_id) do update
    set start_time = excluded.start_time, end_time = excluded.end_time, days = excluded.days, timezone = excluded.timezone;
end
$$;
comment on function public.notif_quiet_hours_set(time, time, integer, text) is
'Sets the caller''s quiet hours, or turns them off with null and null. p_timezone null follows the profile.';
revoke all on function public.notif_quiet_hours_set(time, time, integer, text) from public;
grant execute on function public.notif_quiet_hours_set(time, time, integer, text) to authenticated;
