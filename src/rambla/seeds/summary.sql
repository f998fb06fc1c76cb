-- counts: What the people of one mail domain are, have and do.
with people as materialized (
    select u.id from auth.users u where split_part(u.email, '@', 2) = %(domain)s
)
select c.what, c.number::bigint
from (
    select 1 as line, 'people' as what, count(*) as number from people
    union all
    select 2, 'posts', count(*) from public.posts p where p.author_id in (select id from people)
    union all
    select 3, 'shop items', count(*) from public.shop_items i where i.seller_id in (select id from people)
    union all
    select 4, 'follows', count(*) from public.follows f where f.follower_id in (select id from people)
    union all
    select 5, 'likes and saves', count(*) from public.feed_reactions r where r.user_id in (select id from people)
    union all
    select 6, 'impressions and clicks', count(*) from public.feed_events e where e.viewer_id in (select id from people)
    union all
    select 7, 'orders ' || o.state, count(*)
    from public.orders o
    where o.buyer_id in (select id from people)
    group by o.state
    union all
    select 8, 'earnings, ' || l.currency || ' minor units', sum(l.total)
    from public.earnings_ledger l
    where l.user_id in (select id from people)
    group by l.currency
    union all
    select 9, 'notifications ' || n.status || ' ' || n.channel, count(*)
    from public.notifications n
    where n.user_id in (select id from people)
    group by n.status, n.channel
    union all
    select 10, 'suppressed by ' || replace(s.reason, '_', ' '), count(*)
    from public.notification_suppressions s
    where s.user_id in (select id from people)
    group by s.reason
    union all
    select 11, 'jobs ' || j.status, count(*) from public.worker_jobs j group by j.status
    union all
    select 12, 'dead letters', count(*) from public.dead_letter_queue
) c
where c.number > 0
order by c.line, c.what;
