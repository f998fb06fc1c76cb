-- What is read newest first: of whom one follows, of one author, of one tag.

-- squawk-ignore require-concurrent-index-creation
create index feed_items_author_newest on public.feed_items (author_id, published_at desc, item_id desc)
include (visibility, age_limited) where live and item_type = 'post';

alter table public.feed_item_tags add column published_at timestamptz not null default '-infinity';
update public.feed_item_tags set published_at = i.published_at from public.feed_items as i where i.item_id = feed_item_tags.item_id;
-- squawk-ignore require-concurrent-index-creation
create index feed_item_tags_newest on public.feed_item_tags (tag, item_type, published_at desc, item_id desc) include (author_id);

alter table public.feed_slates
-- squawk-ignore ban-drop-constraint
drop constraint feed_slates_mode_known,
-- squawk-ignore constraint-missing-not-valid
add constraint feed_slates_mode_known check (mode in ('for_you', 'following', 'latest', 'trending'));
alter table public.feed_places
-- squawk-ignore ban-drop-constraint
drop constraint feed_places_mode_known,
-- squawk-ignore constraint-missing-not-valid
add constraint feed_places_mode_known check (mode in ('for_you', 'following', 'latest', 'trending'));
