create or replace function internal.notif_in_window(p_local timestamp, p_start time, p_end time, p_days integer)
returns boolean
language sql immutable parallel safe set search_path = ''
as $$
    select case
        when p_start < p_end then p_local::time >= p_start and p_local::time < p_end and d.today
        when p_start > p_end then p_local::time >= p_start and d.today or p_local::time < p_end and d.yesterday
        else false
    end
    from (
        select
            (p_days >> extract(isodow from p_local)::integer - 1) & 1 = 1 as today,
            (p_days >> extract(isodow from p_local - interval '1 day')::integer - 1) & 1 = 1 as yesterday
    ) d
$$;
comment on function internal.notif_in_window(timestamp, time, time, integer) is
'Whether a moment of the wall clock is in a half-open window; after midnight the mask of the day before decides.';
revoke all on function internal.notif_in_window(timestamp, time, time, integer) from public;

create or replace function internal.notif_quiet_until(p_user_id uuid, p_at timestamptz) returns timestamptz
language sql stable set search_path = ''
as $$
    select (
        -- Only here does the change to summer time bite: an end that the clock skips lies after the gap, one that it
        -- strikes twice is the second. Whoever waits for it has to ask again then, for the next window may follow.
        case when q.start_time > q.end_time and l.now::time >= q.start_time then l.now::date + 1 else l.now::date end
        + q.end_time
    ) at time zone z.timezone
    from public.notification_quiet_hours q
    cross join lateral (
        select case
            when q.timezone is null then internal.notif_timezone(p_user_id)
            else internal.valid_timezone(q.timezone)
        end as timezone
    ) z
    cross join lateral (select p_at at time zone z.timezone as now) l
    where q.user_id = p_user_id
        and internal.notif_in_window(l.now, q.start_time, q.end_time, q.days)
$$;
comment on function internal.notif_quiet_until(uuid, timestamptz) is
'When the quiet hours that hold at p_at end; null when none hold.';
revoke all on function internal.notif_quiet_until(uuid, timestamptz) from public;
