-- follow: As anybody does it; the follower's own act is told to the other.
insert into public.follows (follower_id, followee_id) values (%(who)s, %(whom)s) on conflict do nothing;

-- cart: As the shop page does it.
insert into public.shopping_cart_items (user_id, item_id, quantity) values (%(who)s, %(item)s, %(quantity)s)
on conflict (user_id, item_id) do update set quantity = excluded.quantity;

-- hide: As the menu of an item does it.
insert into public.feed_hides (user_id, item_id, reason) values (%(who)s, %(item)s, %(reason)s) on conflict do nothing;

-- place: An order of what is in the cart in the currency of an item.
select public.order_place(
    %(key)s, (select i.currency from public.shop_items i where i.id = %(item)s)
);

-- pay: As a payment provider tells of it, at a moment of the past.
select p.order_id from public.order_pay(%(order_id)s, p_at => %(at)s) p;

-- was_ordered: Whether an earlier attempt came this far.
select exists (
    select from public.orders o
    where o.buyer_id = %(who)s and o.checkout_key = %(key)s and (o.state = 'paid' or not %(paid)s)
);

-- date_orders: Orders are placed two minutes before they are paid.
update public.orders o
set placed_at = %(at)s::timestamptz - interval '2 minutes'
where o.placed_at >= %(since)s and o.buyer_id = %(who)s;

-- date_follow: Since when.
update public.follows f set created_at = %(at)s where f.follower_id = %(who)s and f.followee_id = %(whom)s;

-- date_cart: Since when.
update public.shopping_cart_items c set added_at = %(at)s where c.user_id = %(who)s and c.added_at >= %(since)s;

-- date_notifications: What was told just now is told at the act's own time, and the day's cap is free for the next.
update public.notifications n
set created_at = %(at)s, sent_at = case when n.sent_at is not null then %(at)s::timestamptz end
where n.created_at >= %(since)s and n.user_id = any (%(people)s);

-- credit: Earnings that come from no order.
select public.earnings_record(
    %(who)s, %(currency)s, %(amount)s, 'bonus', %(key)s, %(source)s, %(key)s, %(reason)s, %(at)s, %(matures_at)s
);

-- settle: What becomes of earnings, named by their key or by the order's item.
select public.earnings_transition(
    e.user_id, e.id, %(to)s, %(amount)s::bigint, %(reason)s, %(settlement)s, %(at)s
)
from public.earnings_events e
left join public.order_lines l
    on e.source = 'order' and e.source_ref = format('%%s:%%s', l.order_id, l.line_no)
        and l.item_id = %(item)s and l.buyer_id = %(buyer)s
where e.user_id = %(seller)s and e.parent_id is null and (e.idem_key = %(key)s or l.item_id is not null)
order by e.occurred_at
limit 1;

-- mature: Capture whatever hold period is over by then.
select public.earnings_mature(%(at)s);

-- tell: As the service tells.
select public.notif_send(%(whom)s, 'inapp', %(type)s, %(title)s, %(body)s, null, %(key)s, %(at)s);

-- read: All there is.
select public.notif_mark_all_read(p_at => %(at)s);
