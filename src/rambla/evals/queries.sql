-- profiles: Everybody, before anything happens.
copy public.profiles (id, handle, display_name, created_at) from stdin;

-- users: Everybody as the sign-in knows them.
copy auth.users (id, email, created_at) from stdin;

-- remember: What was seen stays seen: nobody rates a film twice.
update internal.settings set value = '10000' where key = 'feed_seen_days';

-- publish_posts: Posts that appear.
insert into public.posts (id, author_id, body, tags, created_at)
select (i ->> 0)::uuid, (i ->> 1)::uuid, 'Post', array(select jsonb_array_elements_text(i -> 2)), (i ->> 3)::timestamptz
from jsonb_array_elements(%(items)s::text::jsonb) i;

-- offer: Shop items that appear.
insert into public.shop_items (id, seller_id, title, tags, price_minor, currency, created_at)
select (i ->> 0)::uuid, (i ->> 1)::uuid, 'Item', array(select jsonb_array_elements_text(i -> 2)), 999, 'USD',
    (i ->> 3)::timestamptz
from jsonb_array_elements(%(items)s::text::jsonb) i;

-- follow: Who follows whom from now on.
insert into public.follows (follower_id, followee_id, created_at)
select * from unnest(%(followers)s::uuid[], %(followees)s::uuid[], %(ats)s::timestamptz[])
on conflict do nothing;

-- see: What was seen, as feed_record() remembers it.
insert into public.feed_firsts (viewer_id, item_id, kind, at)
select u.viewer_id, u.item_id, 'impression', u.at
from unnest(%(viewers)s::uuid[], %(items)s::uuid[], %(ats)s::timestamptz[]) u (viewer_id, item_id, at)
on conflict do nothing;

-- react: Likes, and saves of what is loved, counted by their trigger.
insert into public.feed_reactions (user_id, item_id, kind, created_at)
select u.viewer_id, u.item_id, k.kind, u.at
from unnest(%(viewers)s::uuid[], %(items)s::uuid[], %(gains)s::int[], %(ats)s::timestamptz[])
    u (viewer_id, item_id, gain, at)
join (values ('like', 1), ('save', 3)) k (kind, gain) on u.gain >= k.gain
on conflict do nothing;

-- warm: What the likes and saves make their viewers feel, as feed_react() adds it.
select internal.feed_warm(
    array_agg(u.viewer_id), array_agg(u.item_id), array_agg(k.weight), array_agg(u.at)
)
from unnest(%(viewers)s::uuid[], %(items)s::uuid[], %(gains)s::int[], %(ats)s::timestamptz[])
    u (viewer_id, item_id, gain, at)
join (values (1::double precision, 1), (2, 3)) k (weight, gain) on u.gain >= k.gain
having count(*) > 0;

-- relate: The job that finds what is liked together, so many items at a time.
select public.feed_relate(1000);

-- analyze: Tell the planner what has come.
analyze public.feed_items, public.feed_item_tags, public.feed_authors, public.feed_counters, public.feed_reactions,
public.feed_firsts, public.feed_affinities, public.follows, internal.feed_similar;

-- for_you: The page under test, through the contract.
select f.item_id as id from public.feed_fusion_home(%(mode)s, null, null, 50, %(at)s) f order by f.score desc;

-- popularity: What most engagement had until now, of all that the viewer has not seen.
select i.item_id as id
from public.feed_items i
left join public.feed_counters c on c.item_id = i.item_id
where i.live and i.author_id <> %(viewer)s
    and not exists (select from public.feed_firsts f where f.viewer_id = %(viewer)s and f.item_id = i.item_id)
order by coalesce(c.likes + 3 * c.saves, 0) desc, i.item_id
limit 50;

-- recency: The newest that the viewer has not seen.
select i.item_id as id
from public.feed_items i
where i.live and i.author_id <> %(viewer)s
    and not exists (select from public.feed_firsts f where f.viewer_id = %(viewer)s and f.item_id = i.item_id)
order by i.published_at desc, i.item_id
limit 50;

-- chance: Any that the viewer has not seen, drawn with a seed.
select i.item_id as id
from public.feed_items i
where i.live and i.author_id <> %(viewer)s
    and not exists (select from public.feed_firsts f where f.viewer_id = %(viewer)s and f.item_id = i.item_id)
order by md5(i.item_id::text || %(viewer)s::text || %(at)s::text)
limit 50;

-- new_authors: Whose first live post is not older than new_author_days.
select a.author_id as id
from public.feed_authors a
where a.first_live_at > %(at)s::timestamptz - make_interval(days => (internal.feed_weights()).new_author_days);

-- weigh: A new version of the weights.
select public.feed_weights_publish(%(changes)s::text::jsonb);

-- fill_cart: What of a page is for sale.
insert into public.shopping_cart_items (user_id, item_id, quantity)
select %(viewer)s, s.id, 1 from public.shop_items s where s.id = any (%(items)s)
on conflict do nothing;

-- cart: What is in the caller's cart.
select c.item_id as id from public.shopping_cart_items c;
