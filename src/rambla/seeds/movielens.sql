-- state: Whether it is complete, and the newest moment of what was loaded before.
select
    exists (select from public.audit_log a where a.action = %(action)s) as complete,
    (select max(e.received_at) from public.feed_events e where e.viewer_id = any (%(viewers)s)) as newest;

-- quiet_hours: Every third author sleeps.
insert into public.notification_quiet_hours (user_id, start_time, end_time)
select a.author_id, '22:00', '07:00'
from (select author_id, row_number() over (order by author_id) as n from public.feed_authors where author_id = any (%(authors)s)) a
where a.n %% 3 = 0;

-- preferences: Every tenth author does not want to hear of followers.
insert into public.notification_preferences (user_id, type, channel, enabled)
select a.author_id, 'new_follower', 'inapp', false
from (select author_id, row_number() over (order by author_id) as n from public.feed_authors where author_id = any (%(authors)s)) a
where a.n %% 10 = 0;

-- was_paid: Whether an earlier attempt came this far.
select exists (select from public.orders o where o.buyer_id = %(who)s and o.payment_reference = 'movielens');

-- fill_cart: What the next order is to hold.
insert into public.shopping_cart_items (user_id, item_id, quantity)
select %(who)s, i, 1 from unnest(%(items)s::uuid[]) i
on conflict do nothing;

-- place: The order.
select public.order_place('movielens');

-- pay: As a payment provider tells of it, when the last of the films was rated.
select p.order_id from public.order_pay(%(order_id)s, p_reference => 'movielens', p_at => %(at)s) p;

-- date_orders: Orders are placed two minutes before they are paid.
update public.orders o
set placed_at = o.paid_at - interval '2 minutes'
where o.payment_reference = 'movielens' and o.buyer_id = any (%(viewers)s);

-- hesitate: Films that somebody has put into the cart and not bought.
insert into public.shopping_cart_items (user_id, item_id, quantity, added_at)
select (c ->> 0)::uuid, (c ->> 1)::uuid, 1, (c ->> 2)::timestamptz
from jsonb_array_elements(%(carts)s::text::jsonb) c
on conflict do nothing;

-- tell_of_followers: One notification for each follow, at its time and in the order of time.
select count(public.notif_send(
    f.followee_id, 'inapp', 'new_follower', f.display_name || ' follows you', '',
    jsonb_build_object('follower_id', f.follower_id, 'handle', f.handle), 'follow:' || f.follower_id, f.created_at
))
from (
    select w.*, p.handle, p.display_name
    from public.follows w
    join public.profiles p on p.id = w.follower_id
    where w.follower_id = any (%(viewers)s)
    order by w.created_at, w.follower_id
) f;

-- mature: Capture what hold periods are over by then, a thousand at a time.
select public.earnings_mature(%(at)s);

-- send_back: Every eleventh sale was returned, a week later.
select count(public.earnings_transition(
    e.user_id, e.id, 'reversed', null, 'returned', 'returned:' || e.id,
    least(e.occurred_at + interval '7 days', %(at)s::timestamptz)
))
from (
    select s.*, row_number() over (order by s.source_ref) as n
    from public.earnings_events s
    where s.kind = 'sale' and s.parent_id is null and s.user_id = any (%(sellers)s)
) e
where e.n %% 11 = 0;

-- prove: What recomputing every seller's earnings finds wrong with the ledger.
select coalesce(sum(r.drift), 0)::bigint from unnest(%(sellers)s::uuid[]) s, lateral public.earnings_recompute(s) r;

-- first_page: What one viewer is given to read.
select count(*) as items, count(*) filter (where f.item_type = 'shop_item') as for_sale
from public.feed_fusion_home('for_you', null, null, 50) f;

-- waiting: Jobs that are due or running.
select count(*)
from public.worker_jobs j
where j.status = 'running' or (j.status = 'pending' and j.next_run_at <= now());
