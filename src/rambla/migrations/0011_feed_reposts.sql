-- Reposts: what somebody shows to their followers of what others wrote or sell.

create table public.feed_reposts (
    user_id uuid not null references public.profiles (id) on delete cascade,
    item_id uuid not null references public.feed_items (item_id) on delete cascade,
    created_at timestamptz not null default now(),
    primary key (user_id, item_id)
);
create index feed_reposts_newest on public.feed_reposts (user_id, created_at desc, item_id);
create index feed_reposts_latest on public.feed_reposts (created_at desc) include (user_id, item_id);
create index feed_reposts_item on public.feed_reposts (item_id);
comment on table public.feed_reposts is
'Reposts that stand. Followers get the original, once, whoever else reposted it; a repost taken back is gone.';
alter table public.feed_reposts enable row level security;
alter table public.feed_reposts force row level security;

insert into public.notification_types (type, lane, critical, description)
values ('item_reposted', 'social', false, 'Somebody reposted something of yours');

create type internal.feed_repost as (
    item_id uuid,
    user_id uuid, -- the last to repost it, of those whom the viewer follows
    at timestamptz
);
alter type internal.feed_context add attribute followees uuid[]; -- null in trending, which knows nothing of them
alter type internal.feed_context add attribute reposts internal.feed_repost[];

alter table public.feed_slates add column notes jsonb not null default '{}';
comment on column public.feed_slates.notes is
'By item, what its place rests on besides its reason: who reposted it ("by").';
