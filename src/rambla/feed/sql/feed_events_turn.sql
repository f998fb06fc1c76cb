create or replace function public.feed_events_turn(p_at timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    -- A day later than need be: an event that was taken just in time has to find its week.
    v_ended constant text[] := internal.feed_events_ended(internal.feed_events_since(p_at) - interval '1 day');
    v_mondays constant timestamptz[] := array(
        select date_trunc('week', p_at, 'UTC') + n * interval '168 hours' from generate_series(0, 2) n
    );
    v_turned integer := 0;
begin
    perform internal.require_service();
    if v_ended = '{}' and not exists (select from unnest(v_mondays) m where internal.feed_events_week(m) is null) then
        return 0;
    end if;

    -- The whole table first: locked part by part, a writer that has the whole and wants a part would wait for this one
    -- and this one for it. Who waits for a lock holds up whoever comes after, so not for long; the job comes again.
    perform set_config('lock_timeout', '3s', true);
    lock table public.feed_events in access exclusive mode;
    for n in 1 .. cardinality(v_mondays) loop
        v_turned := v_turned + internal.feed_events_make(v_mondays[n])::integer;
    end loop;
    for n in 1 .. cardinality(v_ended) loop
        execute format('drop table if exists internal.%I', v_ended[n]);
    end loop;
    return v_turned + cardinality(v_ended);
end
$$;
comment on function public.feed_events_turn(timestamptz) is
'Makes the tables of this week''s events and of the two weeks that come, and drops weeks of which every event is past its days; how many tables. For the service.';
revoke all on function public.feed_events_turn(timestamptz) from public;
grant execute on function public.feed_events_turn(timestamptz) to service_role;
