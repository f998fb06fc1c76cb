-- Events by time: a week of them is a table of its own, made ahead and dropped whole. A partition is named by the id of
-- an event, whose first 48 bits are its time (RFC 9562, version 7), so that one key stays unique across all of them.

-- Not renamed, or names of what it has would be in the way of those below.
-- squawk-ignore ban-set-schema
alter table public.feed_events set schema internal;

create table public.feed_events (
    viewer_id uuid not null references public.profiles (id) on delete cascade,
    event_id uuid not null, -- the client's, so that a batch may be sent twice
    item_id uuid not null,
    kind text not null,
    dwell_ms integer,
    received_at timestamptz not null default now(),
    constraint feed_events_once primary key (viewer_id, event_id),
    constraint feed_events_kind_known
    check (kind in ('impression', 'click', 'dwell', 'like', 'save', 'share', 'add_to_cart')),
    constraint feed_events_dwell_in_range check (dwell_ms between 0 and 3600000),
    constraint feed_events_dwell_has_time check ((kind = 'dwell') = (dwell_ms is not null))
) partition by range (event_id);
comment on table public.feed_events is
'What a viewer saw and did; only ever appended to. A partition a week, dropped when all of it is older than feed_event_days.';

-- Both in full and attached, so that PostgreSQL 18 names what they have as 15 does.
create table internal.feed_events_default (
    viewer_id uuid not null,
    event_id uuid not null,
    item_id uuid not null,
    kind text not null,
    dwell_ms integer,
    received_at timestamptz not null default now(),
    constraint feed_events_kind_known
    check (kind in ('impression', 'click', 'dwell', 'like', 'save', 'share', 'add_to_cart')),
    constraint feed_events_dwell_in_range check (dwell_ms between 0 and 3600000),
    constraint feed_events_dwell_has_time check ((kind = 'dwell') = (dwell_ms is not null))
);
alter table public.feed_events attach partition internal.feed_events_default default;
create index feed_events_default_age on internal.feed_events_default using brin (received_at);
comment on table internal.feed_events_default is
'Events whose id is before or after all weeks that have a partition: clocks that are wrong, and one in sixty of the ids of other versions than 7. Read whole when a week is made, so little may be in it.';

-- A new partition is checked against every row of the default one, under a lock for which everybody waits, and no
-- constraint can spare that: one that names the weeks to come would refuse what a fast clock sends. Hence this range,
-- which begins after May 2109 and has nearly all ids that name no time.
create table internal.feed_events_timeless (
    viewer_id uuid not null,
    event_id uuid not null,
    item_id uuid not null,
    kind text not null,
    dwell_ms integer,
    received_at timestamptz not null default now(),
    constraint feed_events_kind_known
    check (kind in ('impression', 'click', 'dwell', 'like', 'save', 'share', 'add_to_cart')),
    constraint feed_events_dwell_in_range check (dwell_ms between 0 and 3600000),
    constraint feed_events_dwell_has_time check ((kind = 'dwell') = (dwell_ms is not null))
);
alter table public.feed_events attach partition internal.feed_events_timeless
for values from ('04000000-0000-0000-0000-000000000000') to (maxvalue);
create index feed_events_timeless_age on internal.feed_events_timeless using brin (received_at);
comment on table internal.feed_events_timeless is
'Events whose id is no uuid of version 7, but for the few in feed_events_default: deleted by when they were received.';

-- Its function goes first, because it takes rows of the table; the release makes another.
-- squawk-ignore ban-drop-function
drop function if exists internal.feed_events_first(uuid, internal.feed_events[], timestamptz);
insert into public.feed_events (viewer_id, event_id, item_id, kind, dwell_ms, received_at)
select e.viewer_id, e.event_id, e.item_id, e.kind, e.dwell_ms, e.received_at
from internal.feed_events as e;
-- squawk-ignore ban-drop-table
drop table internal.feed_events;

alter table public.feed_events enable row level security;
alter table public.feed_events force row level security;
alter table internal.feed_events_default enable row level security;
alter table internal.feed_events_default force row level security;
alter table internal.feed_events_timeless enable row level security;
alter table internal.feed_events_timeless force row level security;

-- Pages wait from here until all migrations are over, on purpose so early: a page that had what comes later in its way
-- first would wait for it with these two in its hands, and the migration would be refused as a deadlock.
alter table public.feed_counters
add column cart_adds bigint not null default 0,
add column dwells bigint not null default 0, -- the only one that lifts nothing by itself
add column reposts bigint not null default 0,
-- squawk-ignore constraint-missing-not-valid
add constraint feed_counters_more_not_negative check (least(cart_adds, dwells, reposts) >= 0);

alter table public.feed_weights
add column cart_weight double precision not null default 3,
add column repost_weight double precision not null default 3,
add column repost_factor double precision not null default 0.6, -- a repost counts so much of a post of one's own
-- squawk-ignore constraint-missing-not-valid
add constraint feed_weights_more_in_range check (least(cart_weight, repost_weight) >= 0 and repost_factor > 0);

update internal.settings
set description = 'How long what viewers saw and did is kept; a week of it goes at once, so up to eight days longer.'
where key = 'feed_event_days';
