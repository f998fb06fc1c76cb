-- A page was an array of rows, and to make each of them and take it apart again took a tenth of the time of all of it.
-- squawk-ignore ban-drop-function
drop function if exists internal.feed_cards(uuid, internal.feed_row[]);
-- squawk-ignore ban-drop-function
drop function if exists internal.feed_page(uuid, public.feed_slates, integer, integer, integer, timestamptz);
-- squawk-ignore ban-drop-function
drop function if exists internal.feed_walk(uuid, text, double precision, uuid, integer, boolean, timestamptz);
-- squawk-ignore ban-drop-type
drop type internal.feed_row;

create type internal.feed_page as (
    epoch bigint,
    posts integer,
    shops integer,
    shop_from integer,
    item_ids uuid[],
    author_ids uuid[],
    reposter_ids uuid[],
    reasons smallint[],
    places integer[]
);
comment on type internal.feed_page is
'What a page shows of a slate: so many posts, and behind them so many shop items, each with whose it is, who reposted it to the viewer, why it is there and its place in its list of the slate; shop_from is how many of the shop items came before the page. internal.feed_mix() has them in their order.';

-- A page looks up some two hundred rows by their id. A hash index finds each in one block of its own, where the tree of
-- the key takes two, and three in a large table: a tenth of the time of a page.
-- squawk-ignore require-concurrent-index-creation
create index feed_items_by_id on public.feed_items using hash (item_id);
-- squawk-ignore require-concurrent-index-creation
create index feed_item_json_by_id on internal.feed_item_json using hash (item_id);
-- squawk-ignore require-concurrent-index-creation
create index feed_counters_by_id on public.feed_counters using hash (item_id);
-- squawk-ignore require-concurrent-index-creation
create index profiles_by_id on public.profiles using hash (id);
