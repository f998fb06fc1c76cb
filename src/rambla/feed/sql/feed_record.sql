create or replace function public.feed_record(p_events jsonb, p_at timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_viewer constant uuid := auth.uid();
    v_at constant timestamptz := least(p_at, now());
    v_new public.feed_events[];
begin
    perform internal.require_may_act_for(v_viewer);
    if jsonb_typeof(p_events) is distinct from 'array' or jsonb_array_length(p_events) > 500 then
        raise sqlstate 'PT400' using
            message = 'Events come as a list of at most 500.', detail = 'invalid_value',
            hint = 'Each event has event_id, item_id, kind and, when it is a dwell, dwell_ms.';
    end if;

    -- What is not in the feed, or no longer, or not for the caller, is dropped in silence: the client could not have
    -- known, and a stranger is not to learn whether it is there. So is an event
    -- older than any that is kept, of which nobody could tell whether it was counted before.
    with recorded as (
        insert into public.feed_events as r (viewer_id, event_id, item_id, kind, dwell_ms, received_at)
        select distinct on (e.event_id) v_viewer, e.event_id, i.item_id, e.kind, e.dwell_ms, v_at
        from jsonb_to_recordset(p_events) e (event_id uuid, item_id uuid, kind text, dwell_ms integer)
        join public.feed_items i on i.item_id = e.item_id and i.live
        where (
            internal.uuid7_time(e.event_id) >= internal.feed_events_since(v_at)
            or internal.uuid7_time(e.event_id) is null
        )
            and (
                i.visibility = 'public'
                or i.author_id = v_viewer
                or exists (
                    select from public.follows f where f.follower_id = v_viewer and f.followee_id = i.author_id offset 0
                )
            )
            and not exists (
                select from public.blocks b where b.user_id = i.author_id and b.blocked_id = v_viewer offset 0
            )
        order by e.event_id
        on conflict (viewer_id, event_id) do nothing
        returning r.*
    )
    select array_agg(r) into v_new from recorded r;
    if v_new is null then
        return 0;
    end if;
    perform internal.feed_first(array_agg((0, v_viewer, e.item_id, e.kind, v_at)::internal.feed_unfolded))
    from unnest(v_new) e
    where e.kind not in ('like', 'save')
    having count(*) > 0;
    -- A like told of as an event is the like itself, so it counts once however the app says it.
    perform internal.feed_reactions_add(v_viewer, array_agg(e.item_id), array_agg(e.kind), v_at)
    from unnest(v_new) e
    where e.kind in ('like', 'save') and internal.feed_is_visible(e.item_id)
    having count(*) > 0;
    return cardinality(v_new);
end
$$;
comment on function public.feed_record(jsonb, timestamptz) is
'Records what the caller saw and did; how many of the events were new. A batch may be sent again: event_id counts once, for good when it is a uuid of version 7, otherwise for feed_event_days. A like or save makes the reaction stand. Counters and affinities follow when feed_fold() runs.';
revoke all on function public.feed_record(jsonb, timestamptz) from public;
grant execute on function public.feed_record(jsonb, timestamptz) to authenticated;

create or replace function internal.feed_first(p_acts internal.feed_unfolded[]) returns void
language sql volatile set search_path = ''
as $$
    -- Once per viewer, item and kind, so that nobody lifts an item by clicking on it all day. One's own act on one's
    -- own item is recorded and counts for nothing. Rows of items are left alone here: a popular one would make
    -- everybody wait who looks at it.
    with firsts as (
        insert into public.feed_firsts as f (viewer_id, item_id, kind, at)
        select distinct on (a.viewer_id, a.item_id, a.kind) a.viewer_id, a.item_id, a.kind, a.at
        from unnest(p_acts) a
        join public.feed_items i on i.item_id = a.item_id and i.author_id <> a.viewer_id
        order by a.viewer_id, a.item_id, a.kind, a.at
        on conflict (viewer_id, item_id, kind) do nothing
        returning f.*
    )
    insert into internal.feed_unfolded (viewer_id, item_id, kind, at)
    select f.viewer_id, f.item_id, f.kind, f.at from firsts f
$$;
comment on function internal.feed_first(internal.feed_unfolded[]) is
'Remembers what viewers did for the first time, for feed_fold() to count. Ids are given here.';
revoke all on function internal.feed_first(internal.feed_unfolded[]) from public;
