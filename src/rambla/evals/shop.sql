-- ranked: Shop items of one age in the order of their rank key, by the clicks that they had.
select u.item
from unnest(%(items)s::int[], %(clicks)s::bigint[]) u (item, clicks)
cross join internal.feed_weights() w
cross join lateral internal.feed_rank_key(
    'shop_item', %(at)s::timestamptz,
    internal.feed_bucket((gen_random_uuid(), 0, 0, 0, u.clicks, 0, 0, 0, 0, 0)::public.feed_counters, w), w
) k (rank_key)
order by k.rank_key desc, u.item;
