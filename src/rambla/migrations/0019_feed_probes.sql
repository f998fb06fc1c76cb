-- A slate takes the best two posts of some fifty authors: in an index of those alone they cost a third less.
-- squawk-ignore require-concurrent-index-creation
create index feed_items_author_best on public.feed_items (author_id, rank_key desc, item_id desc)
include (visibility, age_limited) where live and item_type = 'post';
-- What goes with its author is found by it.
-- squawk-ignore require-concurrent-index-creation
create index feed_items_of_author on public.feed_items (author_id);
-- squawk-ignore require-concurrent-index-deletion
drop index public.feed_items_author;

-- Whether one follows another was asked, as the planner liked, of the index that begins with the other: a page of its
-- own for each. All whom one follows stand on a few pages of the primary key.
-- squawk-ignore require-concurrent-index-creation
create index follows_newest_of_followee on public.follows (followee_id, created_at desc, follower_id);
-- squawk-ignore require-concurrent-index-deletion
drop index public.follows_followee;
