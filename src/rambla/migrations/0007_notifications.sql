-- Notifications: what people are told, on which channel, and what they want to be told.

create table public.notification_types (
    type text primary key,
    lane text not null default 'system',
    critical boolean not null default false,
    description text not null,
    constraint notification_types_type_length check (char_length(type) between 1 and 100),
    constraint notification_types_lane_known check (lane in ('orders', 'social', 'earnings', 'system')),
    constraint notification_types_description_length check (char_length(description) between 1 and 200)
);
comment on table public.notification_types is
'What the settings page lists. A type that is not here is sent all the same, in the lane system.';

insert into public.notification_types (type, lane, critical, description) values
('order_receipt', 'orders', true, 'The receipt of an order you paid'),
('item_sold', 'orders', false, 'Somebody bought an item of yours'),
('new_follower', 'social', false, 'Somebody follows you'),
('earnings_captured', 'earnings', false, 'Pending earnings were captured'),
('earnings_reversed', 'earnings', false, 'Earnings were reversed'),
('security', 'system', true, 'Your account was used in a new way'),
('announcement', 'system', false, 'News about the product');

insert into internal.settings (key, value, description) values
('notif_daily_cap', '5', 'Notifications sent to one person per channel and local calendar day; critical ones are not counted.');

create table public.notification_states (
    user_id uuid primary key references public.profiles (id) on delete cascade,
    seq bigint not null default 0,
    unread integer not null default 0,
    constraint notification_states_seq_not_negative check (seq >= 0),
    constraint notification_states_unread_not_negative check (unread >= 0)
) with (fillfactor = 50); -- each send and each reading rewrites the row; with room on its page no index is touched
comment on table public.notification_states is
'One row per recipient. Writing it is the lock that puts a recipient''s sends in a line: counting without it overshoots the cap, and an advisory lock still does under repeatable read.';
comment on column public.notification_states.seq is
'The last number handed out. Taken under the row''s lock and so in commit order, which an identity column or a uuid is not: a reader who asks for what is greater than the last one seen misses nothing.';
comment on column public.notification_states.unread is 'How many rows of notifications are unread; triggers keep it.';

create table public.notifications (
    user_id uuid not null references public.notification_states (user_id) on delete cascade,
    id uuid not null default gen_random_uuid(),
    seq bigint not null,
    channel text not null,
    type text not null,
    lane text not null default 'system',
    critical boolean not null default false,
    title text not null,
    body text not null default '',
    data jsonb not null default '{}'::jsonb,
    -- Only a path of our own site: no other host, no script, no control character that a browser drops from "/\t/".
    url text generated always as (
        case when data ->> 'url' ~ '^/([^/\\[:cntrl:]][^[:cntrl:]]*)?$' then data ->> 'url' end
    ) stored,
    -- inapp is sent at once. The others: queued -> sent | failed; failed -> sent when an operator redrives the job.
    status text not null,
    idempotency_key text,
    payload_hash bytea,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    seen_at timestamptz,
    read_at timestamptz,
    archived_at timestamptz,
    unread boolean not null generated always as (channel = 'inapp' and read_at is null) stored,
    primary key (user_id, id),
    constraint notifications_seq_key unique (user_id, seq),
    constraint notifications_idempotency_key_key unique (user_id, channel, idempotency_key),
    constraint notifications_seq_positive check (seq > 0),
    constraint notifications_channel_known check (channel in ('inapp', 'email', 'push', 'sms')),
    constraint notifications_type_length check (char_length(type) between 1 and 100),
    constraint notifications_lane_known check (lane in ('orders', 'social', 'earnings', 'system')),
    constraint notifications_title_length check (char_length(title) between 1 and 200),
    constraint notifications_body_length check (char_length(body) <= 5000),
    constraint notifications_data_object check (jsonb_typeof(data) = 'object'),
    constraint notifications_status_known check (status in ('queued', 'sent', 'failed')),
    constraint notifications_sent_has_time check (status <> 'sent' or sent_at is not null),
    constraint notifications_idempotency_key_length check (char_length(idempotency_key) between 1 and 200),
    constraint notifications_archived_is_read check (archived_at is null or read_at is not null)
);
create index notifications_inbox on public.notifications (user_id, lane, seq desc)
where channel = 'inapp' and archived_at is null;
create index notifications_unread on public.notifications (user_id, lane, seq desc) where unread;
create index notifications_sent on public.notifications (user_id, channel, sent_at)
where status = 'sent' and not critical;
comment on table public.notifications is
'One row per notification and channel. payload_hash tells a replay of the same content from another under its key.';

create table public.notification_preferences (
    user_id uuid not null references public.profiles (id) on delete cascade,
    type text not null,
    channel text not null,
    enabled boolean not null,
    primary key (user_id, type, channel),
    constraint notification_preferences_type_length check (char_length(type) between 1 and 100),
    constraint notification_preferences_channel_known check (channel in ('inapp', 'email', 'push', 'sms'))
);
comment on table public.notification_preferences is
'The row of the type decides, then the row of ''*'', then yes. Critical types ask neither.';

create table public.notification_quiet_hours (
    user_id uuid primary key references public.profiles (id) on delete cascade,
    start_time time not null,
    end_time time not null,
    days smallint not null default 127,
    timezone text,
    constraint notification_quiet_hours_start_before_midnight check (start_time < '24:00'),
    constraint notification_quiet_hours_days_known check (days between 1 and 127)
);
comment on table public.notification_quiet_hours is
'Half-open [start_time, end_time) by the wall clock; past midnight when the start is later; off when both are the same.';
comment on column public.notification_quiet_hours.days is
'Bit 0 is Monday. The day is the one on which the window starts: 02:00 on Saturday belongs to Friday''s window.';
comment on column public.notification_quiet_hours.timezone is 'Null follows the profile.';

create table public.notification_suppressions (
    user_id uuid not null references public.profiles (id) on delete cascade,
    id bigint generated always as identity,
    channel text not null,
    type text not null,
    reason text not null,
    idempotency_key text,
    notification_id uuid,
    at timestamptz not null default now(),
    primary key (user_id, id),
    constraint notification_suppressions_reason_known check (reason in ('preference', 'quiet_hours', 'cap'))
);
comment on table public.notification_suppressions is
'Attempts that were not sent, and why. They do not use up the key. notification_id is set when the attempt was a delivery.';

create table public.notification_replays (
    user_id uuid not null,
    notification_id uuid not null,
    payload_hash bytea not null,
    replays integer not null default 1,
    first_at timestamptz not null,
    last_at timestamptz not null,
    primary key (user_id, notification_id, payload_hash),
    constraint notification_replays_notification foreign key (user_id, notification_id)
    references public.notifications (user_id, id) on delete cascade,
    constraint notification_replays_counted check (replays > 0)
);
comment on table public.notification_replays is
'Another content under a key that was used before: a bug of the sender. Each content is counted in one row.';

create table public.notification_deliveries (
    user_id uuid not null,
    notification_id uuid not null,
    attempt integer not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    -- open -> sent | rejected | retry | unknown. unknown: the line broke after the message had been handed over.
    outcome text,
    detail text not null default '',
    primary key (user_id, notification_id, attempt),
    constraint notification_deliveries_notification foreign key (user_id, notification_id)
    references public.notifications (user_id, id) on delete cascade,
    constraint notification_deliveries_attempt_positive check (attempt > 0),
    constraint notification_deliveries_outcome_known check (outcome in ('sent', 'rejected', 'retry', 'unknown')),
    constraint notification_deliveries_finished_has_outcome check ((finished_at is null) = (outcome is null)),
    constraint notification_deliveries_detail_length check (char_length(detail) <= 500)
);
create index notification_deliveries_open on public.notification_deliveries (user_id) where finished_at is null;
comment on table public.notification_deliveries is
'Each attempt to hand a queued notification to its channel. An open one holds a place under the cap.';

alter table public.notification_types enable row level security;
alter table public.notification_types force row level security;
alter table public.notification_states enable row level security;
alter table public.notification_states force row level security;
alter table public.notifications enable row level security;
alter table public.notifications force row level security;
alter table public.notification_preferences enable row level security;
alter table public.notification_preferences force row level security;
alter table public.notification_quiet_hours enable row level security;
alter table public.notification_quiet_hours force row level security;
alter table public.notification_suppressions enable row level security;
alter table public.notification_suppressions force row level security;
alter table public.notification_replays enable row level security;
alter table public.notification_replays force row level security;
alter table public.notification_deliveries enable row level security;
alter table public.notification_deliveries force row level security;
