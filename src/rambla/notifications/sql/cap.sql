create or replace function internal.notif_cap() returns integer
language sql stable set search_path = ''
as $$ select coalesce(internal.setting('notif_daily_cap')::integer, 5) $$;
comment on function internal.notif_cap() is 'How many notifications a person gets per channel and day.';
revoke all on function internal.notif_cap() from public;

create or replace function internal.notif_day(p_user_id uuid, p_at timestamptz) returns tstzrange
language plpgsql stable set search_path = ''
as $$
declare
    v_timezone constant text := internal.notif_timezone(p_user_id);
    v_midnight constant timestamp := date_trunc('day', p_at at time zone v_timezone);
begin
    -- From midnight to midnight of the wall clock: 23, 24 or 25 hours, so never "+ 24 hours".
    return tstzrange(
        v_midnight at time zone v_timezone,
        (v_midnight + interval '1 day') at time zone v_timezone
    );
end
$$;
comment on function internal.notif_day(uuid, timestamptz) is 'The recipient''s calendar day around a moment.';
revoke all on function internal.notif_day(uuid, timestamptz) from public;

create or replace function internal.notif_sent_today(
    p_user_id uuid, p_channel text, p_day tstzrange, p_at_most integer
) returns integer
language sql stable set search_path = ''
as $$
    -- From rows and not from a counter, so that rows which somebody wrote or took back by hand count as well.
    select count(*)::integer
    from (
        select
        from public.notifications n
        where n.user_id = p_user_id
            and n.channel = p_channel
            and n.status = 'sent'
            and not n.critical
            and n.sent_at >= lower(p_day)
            and n.sent_at < upper(p_day)
        limit p_at_most
    ) sent
$$;
comment on function internal.notif_sent_today(uuid, text, tstzrange, integer) is
'How many were sent on a day, at most p_at_most. Exact only for who holds the recipient''s state row.';
revoke all on function internal.notif_sent_today(uuid, text, tstzrange, integer) from public;

create or replace function internal.notif_is_full(p_user_id uuid, p_channel text, p_at timestamptz, p_open integer default 0)
returns boolean
language sql stable set search_path = ''
as $$
    select p_open + internal.notif_sent_today(p_user_id, p_channel, internal.notif_day(p_user_id, p_at), c.cap) >= c.cap
    from (select internal.notif_cap() as cap) c
$$;
comment on function internal.notif_is_full(uuid, text, timestamptz, integer) is
'Whether the day''s cap is reached, p_open deliveries counted along.';
revoke all on function internal.notif_is_full(uuid, text, timestamptz, integer) from public;
