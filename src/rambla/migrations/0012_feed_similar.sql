-- What people who liked an item also liked, and how much that counts in a slate.

create table internal.feed_similar (
    item_id uuid primary key references public.feed_items (item_id) on delete cascade,
    similar_ids uuid[] not null, -- the most alike first; an item that is gone may still stand here
    likeness real[] not null,
    constraint feed_similar_few check (cardinality(similar_ids) <= 50),
    constraint feed_similar_matches check (cardinality(similar_ids) = cardinality(likeness))
);
comment on table internal.feed_similar is
'The items that most of those who reacted to an item reacted to as well. Kept by feed_relate().';

create table internal.feed_unrelated (
    id bigint primary key generated always as identity,
    item_id uuid not null -- no foreign key: feed_relate() leaves out what is gone
);
comment on table internal.feed_unrelated is
'Items whose engagement has reached another bucket since feed_relate() last looked at them.';
insert into internal.feed_unrelated (item_id)
select i.item_id from public.feed_items i where i.engagement_bucket > 0 order by i.item_id;

-- The newest of an item and of a viewer are all that is looked at, however many there are.
-- Pages wait too while the indexes are built, because 0010 holds what they read: seconds for each million reactions.
-- squawk-ignore require-concurrent-index-creation
create index feed_reactions_of_item on public.feed_reactions (item_id, created_at desc) include (user_id);
-- squawk-ignore require-concurrent-index-creation
create index feed_reactions_of_viewer on public.feed_reactions (user_id, created_at desc) include (item_id);
-- squawk-ignore require-concurrent-index-deletion
drop index public.feed_reactions_item;

alter table public.feed_weights add column similar_boost double precision not null default 2;

alter table internal.feed_similar enable row level security;
alter table internal.feed_similar force row level security;
alter table internal.feed_unrelated enable row level security;
alter table internal.feed_unrelated force row level security;
