-- A week of events is a partition, from one Monday (UTC) to the next, bounded by the least ids that these moments give.
create or replace function internal.uuid7_time(p_id uuid) returns timestamptz
language sql immutable set search_path = ''
as $$
    select case
        when substr(p_id::text, 15, 1) = '7'
            then to_timestamp(('x' || replace(left(p_id::text, 13), '-', ''))::bit(48)::bigint / 1000.0)
    end
$$;
comment on function internal.uuid7_time(uuid) is 'When a uuid of version 7 was made, as it says itself; null for other versions.';
revoke all on function internal.uuid7_time(uuid) from public;

create or replace function internal.uuid7_floor(p_at timestamptz) returns uuid
language sql immutable set search_path = ''
as $$
    select rpad(lpad(to_hex(floor(extract(epoch from p_at) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;
comment on function internal.uuid7_floor(timestamptz) is 'No uuid of version 7 that is made from then on is less.';
revoke all on function internal.uuid7_floor(timestamptz) from public;

create or replace function internal.feed_events_since(p_at timestamptz) returns timestamptz
language plpgsql stable set search_path = ''
as $$
begin
    return p_at - make_interval(days => internal.setting('feed_event_days')::integer);
end
$$;
comment on function internal.feed_events_since(timestamptz) is 'Events of before are no longer kept, and none is taken.';
revoke all on function internal.feed_events_since(timestamptz) from public;

create or replace function internal.feed_events_week(p_monday timestamptz) returns regclass
language sql stable set search_path = ''
as $$ select to_regclass('internal.feed_events_' || to_char(p_monday at time zone 'UTC', 'YYYYMMDD')) $$;
comment on function internal.feed_events_week(timestamptz) is 'The partition of the week that begins then; null when there is none.';
revoke all on function internal.feed_events_week(timestamptz) from public;

create or replace function internal.feed_events_make(p_monday timestamptz) returns boolean
language plpgsql volatile set search_path = ''
as $$
declare
    v_name constant text := 'feed_events_' || to_char(p_monday at time zone 'UTC', 'YYYYMMDD');
    v_from constant uuid := internal.uuid7_floor(p_monday);
    v_to constant uuid := internal.uuid7_floor(p_monday + interval '168 hours');
begin
    if internal.feed_events_week(p_monday) is not null then
        return false;
    end if;
    execute format('create table internal.%I (like public.feed_events including all)', v_name);
    execute format('alter table internal.%I enable row level security', v_name);
    execute format('alter table internal.%I force row level security', v_name);
    -- What came before its week had a table.
    execute format(
        'with moved as (delete from internal.feed_events_default e where e.event_id >= %L and e.event_id < %L returning e.*)'
        ' insert into internal.%I select * from moved', v_from, v_to, v_name
    );
    execute format(
        'alter table public.feed_events attach partition internal.%I for values from (%L) to (%L)', v_name, v_from, v_to
    );
    return true;
end
$$;
comment on function internal.feed_events_make(timestamptz) is 'The partition of the week that begins then; false when it is there.';
revoke all on function internal.feed_events_make(timestamptz) from public;

create or replace function internal.feed_events_ended(p_before timestamptz) returns text[]
language plpgsql stable set search_path = ''
as $$
begin
    return array(
        select c.relname::text
        from pg_catalog.pg_inherits h
        join pg_catalog.pg_class c on c.oid = h.inhrelid
        where h.inhparent = 'public.feed_events'::regclass
            and c.relname ~ '^feed_events_\d{8}$'
            and to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp at time zone 'UTC' + interval '168 hours' <= p_before
        order by c.relname
    );
end
$$;
comment on function internal.feed_events_ended(timestamptz) is 'Partitions of the weeks that ended before.';
revoke all on function internal.feed_events_ended(timestamptz) from public;
