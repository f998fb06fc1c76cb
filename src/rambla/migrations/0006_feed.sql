-- The feed: one row per item that can be ranked, what engagement it had, and what each viewer was given to read.

create table public.feed_items (
    item_id uuid primary key, -- of a post or of a shop item; triggers on both tables keep the row
    item_type text not null,
    author_id uuid not null references public.profiles (id) on delete cascade,
    tags text[] not null default '{}',
    visibility text not null default 'public',
    live boolean not null, -- published or listed, and not removed
    removed boolean not null default false, -- by a moderator
    age_limited boolean not null default false,
    in_stock boolean not null default true,
    published_at timestamptz not null,
    engagement_bucket smallint not null default 0,
    rank_key double precision not null,
    constraint feed_items_type_known check (item_type in ('post', 'shop_item')),
    constraint feed_items_visibility_known check (visibility in ('public', 'followers')),
    constraint feed_items_bucket_in_range check (engagement_bucket between 0 and 400)
);
create index feed_items_author on public.feed_items (author_id, item_type, live, rank_key desc, item_id desc)
include (visibility, age_limited);
create index feed_items_newest on public.feed_items (published_at desc) include (author_id)
where live and item_type = 'post';
create index feed_items_trending on public.feed_items (rank_key desc, item_id desc) include (author_id, age_limited)
where live and item_type = 'post' and visibility = 'public';
create index feed_items_shop on public.feed_items (rank_key desc, item_id desc) include (author_id, age_limited)
where live and in_stock and item_type = 'shop_item';
comment on table public.feed_items is 'What can be ranked. rank_key orders items alike at every moment, so nothing decays it.';
comment on column public.feed_items.engagement_bucket is
'floor(4 log2(1 + engagement)). rank_key is rewritten only when this changes: some 80 times in a million likes.';

create table public.feed_item_tags (
    tag text not null,
    item_id uuid not null references public.feed_items (item_id) on delete cascade,
    item_type text not null,
    author_id uuid not null,
    rank_key double precision not null,
    primary key (item_id, tag)
);
create index feed_item_tags_best on public.feed_item_tags (tag, item_type, rank_key desc, item_id desc)
include (author_id);
comment on table public.feed_item_tags is 'What everybody may see of a tag, that is, its public, live items in their order. Kept by triggers on feed_items.';

create table public.feed_authors (
    author_id uuid primary key references public.profiles (id) on delete cascade,
    top_key double precision, -- null: no live post
    first_live_at timestamptz not null
);
create index feed_authors_top on public.feed_authors (top_key desc, author_id) where top_key is not null;
create index feed_authors_new on public.feed_authors (first_live_at desc) where top_key is not null;
comment on table public.feed_authors is
'The best rank_key of each author''s posts: an upper bound that tells which authors a slate need not look at.';

create table public.feed_counters (
    item_id uuid primary key references public.feed_items (item_id) on delete cascade,
    likes bigint not null default 0,
    saves bigint not null default 0,
    shares bigint not null default 0,
    clicks bigint not null default 0,
    purchases bigint not null default 0,
    impressions bigint not null default 0,
    constraint feed_counters_not_negative
    check (least(likes, saves, shares, clicks, purchases, impressions) >= 0)
);
comment on table public.feed_counters is 'Engagement as it is counted; apart from feed_items, because no index may pay for a like.';

create table public.feed_reactions (
    user_id uuid not null references public.profiles (id) on delete cascade,
    item_id uuid not null references public.feed_items (item_id) on delete cascade,
    kind text not null,
    created_at timestamptz not null default now(),
    primary key (user_id, item_id, kind),
    constraint feed_reactions_kind_known check (kind in ('like', 'save'))
);
create index feed_reactions_item on public.feed_reactions (item_id);
comment on table public.feed_reactions is 'Likes and saves that stand. A reaction taken back is gone.';

create table public.feed_events (
    viewer_id uuid not null references public.profiles (id) on delete cascade,
    event_id uuid not null, -- the client's, so that a batch may be sent twice
    item_id uuid not null,
    kind text not null,
    dwell_ms integer,
    received_at timestamptz not null default now(),
    primary key (viewer_id, event_id),
    constraint feed_events_kind_known check (kind in ('impression', 'click', 'dwell', 'share')),
    constraint feed_events_dwell_in_range check (dwell_ms between 0 and 3600000),
    constraint feed_events_dwell_has_time check ((kind = 'dwell') = (dwell_ms is not null))
);
create index feed_events_age on public.feed_events using brin (received_at);
comment on table public.feed_events is 'What a viewer saw and did; only ever appended to, and pruned after feed_event_days.';

create table public.feed_firsts (
    viewer_id uuid not null references public.profiles (id) on delete cascade,
    item_id uuid not null,
    kind text not null, -- of feed_events
    at timestamptz not null default now(),
    primary key (viewer_id, item_id, kind)
);
create index feed_firsts_newest on public.feed_firsts (viewer_id, at desc) include (item_id);
create index feed_firsts_age on public.feed_firsts using brin (at);
comment on table public.feed_firsts is
'When a viewer first saw an item, clicked on it and so on: what counts once however often it happens, and what is seen.';

create table internal.feed_unfolded (
    id bigint primary key generated always as identity,
    viewer_id uuid not null, -- no foreign key: a row lives a minute, and the fold leaves out who is gone
    item_id uuid not null,
    kind text not null,
    at timestamptz not null
);
comment on table internal.feed_unfolded is 'First events that no counter and no affinity has yet; feed_fold() takes them out.';

create table public.feed_affinities (
    viewer_id uuid not null references public.profiles (id) on delete cascade,
    subject_type text not null,
    subject text not null, -- an author's id, or a tag
    heat_key double precision not null,
    primary key (viewer_id, subject_type, subject),
    constraint feed_affinities_type_known check (subject_type in ('author', 'tag'))
);
create index feed_affinities_best on public.feed_affinities (viewer_id, subject_type, heat_key desc);
comment on table public.feed_affinities is
'What a viewer engages with. exp(heat_key - now / tau) is the decayed sum of the engagement, exact at every moment.';

create table public.feed_slates (
    viewer_id uuid not null, -- the nil uuid is every visitor's, hence no foreign key
    mode text not null,
    epoch bigint not null, -- Unix seconds; greater than the epoch of the viewer's slate before it
    weights_version integer not null,
    post_ids uuid[] not null,
    post_reasons smallint[] not null,
    shop_ids uuid[] not null,
    shop_reasons smallint[] not null,
    primary key (viewer_id, mode, epoch),
    constraint feed_slates_mode_known check (mode in ('for_you', 'following', 'trending')),
    -- What a score can carry: 32 bits of epoch, 12 of posts, 9 of shop items.
    constraint feed_slates_epoch_fits check (epoch between 1 and 4294967295),
    constraint feed_slates_posts_fit check (cardinality(post_ids) <= 4095),
    constraint feed_slates_shop_fits check (cardinality(shop_ids) <= 511),
    constraint feed_slates_reasons_match check (
        cardinality(post_ids) = cardinality(post_reasons) and cardinality(shop_ids) = cardinality(shop_reasons)
    )
);
comment on table public.feed_slates is
'The order in which a viewer reads, never changed once written. Filters are applied at each read, never here.';

create table public.feed_fatigues (
    viewer_id uuid not null references public.profiles (id) on delete cascade,
    subject_type text not null,
    subject text not null, -- an author's id, or a tag
    since timestamptz not null default now(),
    primary key (viewer_id, subject_type, subject),
    constraint feed_fatigues_type_known check (subject_type in ('author', 'tag')),
    constraint feed_fatigues_subject_length check (char_length(subject) between 1 and 50)
);
comment on table public.feed_fatigues is
'Of what a viewer wants to see fewer: gone for fatigue_days, then a discount that fades over fatigue_fade_days.';

create table public.feed_muted_words (
    viewer_id uuid not null references public.profiles (id) on delete cascade,
    word text not null,
    created_at timestamptz not null default now(),
    primary key (viewer_id, word),
    constraint feed_muted_words_length check (char_length(word) between 1 and 80)
);
comment on table public.feed_muted_words is 'Words and phrases that keep an item out of a viewer''s feed.';

create table public.feed_places (
    viewer_id uuid not null references public.profiles (id) on delete cascade,
    mode text not null,
    score double precision not null,
    item_id uuid not null,
    kept_at timestamptz not null default now(),
    primary key (viewer_id, mode),
    constraint feed_places_mode_known check (mode in ('for_you', 'following', 'trending'))
);
comment on table public.feed_places is 'How far a viewer has read: the row before the one at the top of their screen.';

create table public.feed_weights (
    version integer primary key generated always as identity,
    like_weight double precision not null default 1,
    save_weight double precision not null default 3,
    share_weight double precision not null default 4,
    click_weight double precision not null default 0.2,
    purchase_weight double precision not null default 6,
    post_tau_seconds double precision not null default 34396,
    shop_tau_seconds double precision not null default 604800,
    affinity_tau_seconds double precision not null default 1209600,
    follow_boost double precision not null default 2,
    affinity_boost double precision not null default 1,
    tag_boost double precision not null default 0.5,
    new_author_boost double precision not null default 2,
    new_author_days integer not null default 14,
    diversity_decay double precision not null default 0.5,
    diversity_floor double precision not null default 0.25,
    fatigue_days integer not null default 14,
    fatigue_fade_days integer not null default 140,
    fatigue_floor double precision not null default 0.2,
    created_at timestamptz not null default now(),
    constraint feed_weights_taus_positive
    check (least(post_tau_seconds, shop_tau_seconds, affinity_tau_seconds) > 0),
    constraint feed_weights_engagement_not_negative
    check (least(like_weight, save_weight, share_weight, click_weight, purchase_weight) >= 0),
    constraint feed_weights_diversity_in_range
    check (diversity_decay > 0 and diversity_decay <= 1 and diversity_floor > 0 and diversity_floor <= 1),
    constraint feed_weights_fatigue_in_range
    check (fatigue_days >= 0 and fatigue_fade_days > 0 and fatigue_floor > 0 and fatigue_floor <= 1)
);
comment on table public.feed_weights is 'How the feed ranks; the newest version counts. Boosts are added to a rank key, so +0.69 doubles.';
insert into public.feed_weights default values;

-- A slate of a viewer with thousands of follows looks at the newest of them.
create index follows_newest on public.follows (follower_id, created_at desc, followee_id);

-- What the stages that make a slate hand to one another.
create type internal.feed_candidate as (
    item_id uuid,
    author_id uuid,
    score double precision,
    reason smallint -- an index into internal.feed_reasons()
);
create type internal.feed_tired as (
    subject_type text, -- item, author or tag
    subject text,
    damp double precision -- what is added to a score: the logarithm of a factor, so minus infinity is gone
);
create type internal.feed_context as (
    viewer_id uuid,
    at timestamptz,
    silenced uuid[], -- people blocked, in either direction, muted, or of whom the viewer had too much just now
    unwanted uuid[], -- items hidden, in the cart, owned or seen
    seen uuid[], -- the newest first
    tired internal.feed_tired[], -- null: of nothing
    adult boolean, -- may see what is age-limited
    muted text, -- a pattern of the muted words; null: none
    weights public.feed_weights
);

insert into internal.settings (key, value, description) values
('feed_slate_minutes', '30', 'How long the first page of the feed stays the same unless its viewer refreshes.'),
('feed_visitor_slate_minutes', '10', 'The same for the one feed that all visitors share.'),
('feed_seen_days', '7', 'How long what a viewer has seen stands behind what they have not.'),
('feed_event_days', '90', 'How long impressions, clicks, dwells and shares are kept.');

alter table public.feed_items enable row level security;
alter table public.feed_items force row level security;
alter table public.feed_item_tags enable row level security;
alter table public.feed_item_tags force row level security;
alter table public.feed_authors enable row level security;
alter table public.feed_authors force row level security;
alter table public.feed_counters enable row level security;
alter table public.feed_counters force row level security;
alter table public.feed_reactions enable row level security;
alter table public.feed_reactions force row level security;
alter table public.feed_events enable row level security;
alter table public.feed_events force row level security;
alter table public.feed_affinities enable row level security;
alter table public.feed_affinities force row level security;
alter table public.feed_slates enable row level security;
alter table public.feed_slates force row level security;
alter table public.feed_fatigues enable row level security;
alter table public.feed_fatigues force row level security;
alter table public.feed_muted_words enable row level security;
alter table public.feed_muted_words force row level security;
alter table public.feed_firsts enable row level security;
alter table public.feed_firsts force row level security;
alter table public.feed_places enable row level security;
alter table public.feed_places force row level security;
alter table internal.feed_unfolded enable row level security;
alter table internal.feed_unfolded force row level security;
alter table public.feed_weights enable row level security;
alter table public.feed_weights force row level security;
