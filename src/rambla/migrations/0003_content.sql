-- What the feed is made of: posts, shop items, and what one person wants to see of another.

create table public.posts (
    id uuid primary key default gen_random_uuid(),
    author_id uuid not null references public.profiles (id) on delete cascade,
    title text not null default '',
    body text not null,
    image_url text,
    tags text[] not null default '{}',
    visibility text not null default 'public',
    state text not null default 'published', -- draft -> published -> removed; removed is final
    age_limited boolean not null default false,
    removal_reason text, -- a moderator's; while it is there nobody but the author sees the row
    created_at timestamptz not null default now(),
    constraint posts_title_length check (char_length(title) <= 200),
    constraint posts_body_length check (char_length(body) between 1 and 5000),
    constraint posts_tags_count check (cardinality(tags) <= 20),
    constraint posts_visibility_known check (visibility in ('public', 'followers')),
    constraint posts_removal_reason_length check (char_length(removal_reason) between 1 and 500),
    constraint posts_state_known check (state in ('draft', 'published', 'removed'))
);
create index posts_author on public.posts (author_id, created_at desc, id desc);
comment on table public.posts is 'What authors write. State and visibility are checked at every read.';

create table public.shop_items (
    id uuid primary key default gen_random_uuid(),
    seller_id uuid not null references public.profiles (id) on delete cascade,
    title text not null,
    description text not null default '',
    image_url text,
    tags text[] not null default '{}',
    price_minor bigint not null,
    currency text not null,
    stock integer, -- null: as many as wanted
    creator_rate_bp integer not null default 9000,
    state text not null default 'listed', -- draft -> listed -> removed; removed is final
    age_limited boolean not null default false,
    removal_reason text, -- a moderator's; while it is there nobody but the author sees the row
    created_at timestamptz not null default now(),
    constraint shop_items_title_length check (char_length(title) between 1 and 200),
    constraint shop_items_description_length check (char_length(description) <= 5000),
    constraint shop_items_price_positive check (price_minor > 0),
    constraint shop_items_currency_form check (currency ~ '^[A-Z]{3}$'),
    constraint shop_items_stock_not_negative check (stock >= 0),
    constraint shop_items_rate_in_range check (creator_rate_bp between 0 and 10000),
    constraint shop_items_tags_count check (cardinality(tags) <= 20),
    constraint shop_items_removal_reason_length check (char_length(removal_reason) between 1 and 500),
    constraint shop_items_state_known check (state in ('draft', 'listed', 'removed'))
);
create index shop_items_seller on public.shop_items (seller_id, created_at desc, id desc);
comment on table public.shop_items is 'What sellers offer. creator_rate_bp is the seller''s share in hundredths of a percent.';

create index posts_removed on public.posts (id) where removal_reason is not null;
create index shop_items_removed on public.shop_items (id) where removal_reason is not null;

create table public.age_confirmations (
    user_id uuid primary key references public.profiles (id) on delete cascade,
    confirmed_at timestamptz not null default now()
);
comment on table public.age_confirmations is 'Who has said that they are of age, and may see what is age-limited.';

create table public.follows (
    follower_id uuid not null references public.profiles (id) on delete cascade,
    followee_id uuid not null references public.profiles (id) on delete cascade,
    created_at timestamptz not null default now(),
    primary key (follower_id, followee_id),
    constraint follows_not_oneself check (follower_id <> followee_id)
);
create index follows_followee on public.follows (followee_id, follower_id);

create table public.blocks (
    user_id uuid not null references public.profiles (id) on delete cascade,
    blocked_id uuid not null references public.profiles (id) on delete cascade,
    created_at timestamptz not null default now(),
    primary key (user_id, blocked_id),
    constraint blocks_not_oneself check (user_id <> blocked_id)
);
create index blocks_blocked on public.blocks (blocked_id, user_id);
comment on table public.blocks is 'Neither of the two sees the other any more.';

create table public.mutes (
    user_id uuid not null references public.profiles (id) on delete cascade,
    muted_id uuid not null references public.profiles (id) on delete cascade,
    created_at timestamptz not null default now(),
    primary key (user_id, muted_id),
    constraint mutes_not_oneself check (user_id <> muted_id)
);
create index mutes_muted on public.mutes (muted_id);
comment on table public.mutes is 'The muted person is not told and still sees the other.';

create table public.feed_hides (
    user_id uuid not null references public.profiles (id) on delete cascade,
    item_id uuid not null,
    reason text not null default 'hidden',
    created_at timestamptz not null default now(),
    primary key (user_id, item_id),
    constraint feed_hides_reason_known check (reason in ('hidden', 'not_interested'))
);
comment on table public.feed_hides is
'Items, posts or shop items, that a viewer does not want to see: hidden for good, not interested for a while.';

alter table public.posts enable row level security;
alter table public.posts force row level security;
alter table public.shop_items enable row level security;
alter table public.shop_items force row level security;
alter table public.age_confirmations enable row level security;
alter table public.age_confirmations force row level security;
alter table public.follows enable row level security;
alter table public.follows force row level security;
alter table public.blocks enable row level security;
alter table public.blocks force row level security;
alter table public.mutes enable row level security;
alter table public.mutes force row level security;
alter table public.feed_hides enable row level security;
alter table public.feed_hides force row level security;
