-- Earnings: postings that are only ever added, and three caches of them that may be deleted at any time.

create table public.earnings_events (
    user_id uuid not null references public.profiles (id) on delete restrict,
    id uuid not null default gen_random_uuid(),
    seq bigint not null generated always as identity,
    currency text not null default 'EUR',
    amount_minor bigint not null,
    -- The bucket that the amount is in. A change of state is a group of postings that nets to zero:
    -- pending -> captured | reversed | expired; captured -> reversed.
    status text not null default 'pending',
    kind text not null default 'adjustment',
    reason text not null default '',
    parent_id uuid,
    group_id uuid,
    source text not null default 'direct',
    source_ref text not null default '',
    idem_key text,
    occurred_at timestamptz not null default now(),
    recorded_at timestamptz not null default clock_timestamp(),
    matures_at timestamptz,
    rule_version text not null default '',
    actor_id uuid,
    xid xid8 not null default pg_current_xact_id(),
    primary key (user_id, id),
    constraint earnings_events_parent foreign key (user_id, parent_id)
    references public.earnings_events (user_id, id) on delete restrict,
    constraint earnings_events_idem_key_key unique (user_id, idem_key),
    constraint earnings_events_amount_not_zero check (amount_minor <> 0),
    constraint earnings_events_currency_form check (currency ~ '^[A-Z]{3}$'),
    constraint earnings_events_status_known check (status in ('pending', 'captured', 'reversed', 'expired')),
    constraint earnings_events_kind_form check (kind ~ '^[a-z][a-z_]{0,39}$'),
    constraint earnings_events_reason_length check (char_length(reason) <= 300),
    constraint earnings_events_source_length check (char_length(source) <= 40 and char_length(source_ref) <= 200),
    constraint earnings_events_idem_key_length check (char_length(idem_key) between 1 and 200),
    constraint earnings_events_parent_is_another check (parent_id <> id),
    constraint earnings_events_group_has_parent check (group_id is null or parent_id is not null),
    constraint earnings_events_matures_only_when_new check (matures_at is null or parent_id is null)
);
create index earnings_events_tail on public.earnings_events (user_id, xid)
include (currency, status, amount_minor, seq);
create index earnings_events_timeline on public.earnings_events (user_id, occurred_at desc, seq desc);
create index earnings_events_children on public.earnings_events (user_id, parent_id) where parent_id is not null;
comment on table public.earnings_events is
'The one truth: signed postings in buckets. Never updated, never deleted; earnings_transition() writes what changes.';
comment on column public.earnings_events.xid is
'The transaction that wrote the row. seq is handed out before the commit, so a lower seq may appear later than a higher one; this tells which rows a snapshot did not see.';
comment on column public.earnings_events.idem_key is
'Unique for a user and not for the world: the error of a world-wide key would tell one user of another''s events.';
comment on column public.earnings_events.rule_version is 'Which rule and which rate made the amount.';

create table public.earnings_ledger (
    user_id uuid not null references public.profiles (id) on delete restrict,
    currency text not null,
    total bigint not null default 0,
    captured bigint not null default 0,
    pending bigint not null default 0,
    reversed bigint not null default 0,
    expired bigint not null default 0,
    missed bigint not null generated always as (total - captured) stored,
    event_count bigint not null default 0,
    changed_at timestamptz not null default now(),
    primary key (user_id, currency),
    constraint earnings_ledger_identity check (total = captured + pending + reversed + expired)
) with (fillfactor = 50); -- each posting rewrites its row; with room on the page no index is touched
comment on table public.earnings_ledger is
'Sums of the events, one row per user and currency, kept in the transaction of every insert. Currencies are never added.';

create table internal.earnings_accruals (
    user_id uuid not null,
    event_id uuid not null,
    currency text not null,
    matures_at timestamptz,
    pending bigint not null,
    captured bigint not null,
    reversed bigint not null,
    expired bigint not null,
    primary key (user_id, event_id),
    constraint earnings_accruals_pending_not_negative check (pending >= 0),
    constraint earnings_accruals_captured_not_negative check (captured >= 0),
    constraint earnings_accruals_reversed_not_negative check (reversed >= 0),
    constraint earnings_accruals_expired_not_negative check (expired >= 0)
) with (fillfactor = 80);
create index earnings_accruals_due on internal.earnings_accruals (matures_at) where pending > 0;
create index earnings_accruals_next on internal.earnings_accruals (user_id, currency, matures_at) where pending > 0;
comment on table internal.earnings_accruals is
'What is left in each bucket of an event that earned something. No bucket below zero means: nothing is captured, reversed or expired twice, whoever writes the posting.';

create table internal.earnings_heads (
    user_id uuid primary key,
    snapshot pg_snapshot not null,
    sealed_seq bigint not null,
    system_identifier bigint not null,
    folded_at timestamptz not null
);
comment on table internal.earnings_heads is
'Which events a user''s checkpoint contains: those that the snapshot sees, and all up to sealed_seq.';
comment on column internal.earnings_heads.sealed_seq is
'After a restore the events still carry the transaction ids of the old cluster, some of them in this one''s future. Up to this number they do not count as new when their ids come round.';

create table internal.earnings_checkpoints (
    user_id uuid not null,
    currency text not null,
    captured bigint not null,
    pending bigint not null,
    reversed bigint not null,
    expired bigint not null,
    event_count bigint not null,
    primary key (user_id, currency)
);
comment on table internal.earnings_checkpoints is 'Sums of the events that the head of the user contains.';

create table public.earnings_drift (
    user_id uuid not null references public.profiles (id) on delete restrict,
    id bigint not null generated always as identity,
    currency text not null,
    cause text not null,
    captured bigint not null,
    pending bigint not null,
    reversed bigint not null,
    expired bigint not null,
    event_count bigint not null,
    found_at timestamptz not null default now(),
    primary key (user_id, id),
    constraint earnings_drift_cause_known check (cause in ('ledger', 'checkpoint', 'accrual'))
);
create index earnings_drift_recent on public.earnings_drift (found_at desc);
comment on table public.earnings_drift is
'Each time that a cache did not agree with the events: by how much, events minus cache. The cache was put right.';

create type internal.earnings_tally as (
    currency text,
    captured bigint,
    pending bigint,
    reversed bigint,
    expired bigint,
    event_count bigint,
    new_events bigint,
    captured_drift bigint,
    pending_drift bigint,
    reversed_drift bigint,
    expired_drift bigint,
    count_drift bigint
);
comment on type internal.earnings_tally is 'Sums from checkpoint and tail, and what the ledger lacks to agree with them.';

insert into internal.settings (key, value, description) values
('earnings_hold_days', '14', 'Days that a sale stays pending before it is captured; fixed when it is recorded.');

alter table public.earnings_events enable row level security;
alter table public.earnings_events force row level security;
alter table public.earnings_ledger enable row level security;
alter table public.earnings_ledger force row level security;
alter table internal.earnings_accruals enable row level security;
alter table internal.earnings_accruals force row level security;
alter table internal.earnings_heads enable row level security;
alter table internal.earnings_heads force row level security;
alter table internal.earnings_checkpoints enable row level security;
alter table internal.earnings_checkpoints force row level security;
alter table public.earnings_drift enable row level security;
alter table public.earnings_drift force row level security;
