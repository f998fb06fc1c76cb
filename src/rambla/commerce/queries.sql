-- cart: what of the caller's cart they may see, oldest first
select c.item_id, i.title, i.image_url, p.handle as seller_handle, p.display_name as seller_name, c.quantity,
    i.price_minor as unit_price_minor, c.quantity * i.price_minor as line_total_minor, i.currency,
    i.seller_id <> auth.uid() and coalesce(i.stock >= c.quantity, true) as available
from public.shopping_cart_items c
join public.shop_items i on i.id = c.item_id
join public.profiles p on p.id = i.seller_id
where c.user_id = auth.uid()
order by c.added_at, c.item_id;

-- gone: what of the caller's cart they may no longer see, oldest first
select c.item_id, c.quantity, c.added_at
from public.shopping_cart_items c
where c.user_id = auth.uid() and not exists (select from public.shop_items i where i.id = c.item_id)
order by c.added_at, c.item_id;

-- visible_item: a shop item that the caller may see
select i.id from public.shop_items i where i.id = %(item_id)s and i.state = 'listed';

-- put: so many of an item in the cart
insert into public.shopping_cart_items (user_id, item_id, quantity)
values (auth.uid(), %(item_id)s, %(quantity)s)
on conflict (user_id, item_id) do update set quantity = excluded.quantity;

-- remove: an item from the cart, whether it was there or not
delete from public.shopping_cart_items where user_id = auth.uid() and item_id = %(item_id)s;

-- place: the contract
select public.order_place(%(key)s, %(currency)s);

-- pay: the contract, with the test payment
select p.order_id from public.order_pay(%(id)s, 'manual') p;

-- orders: the caller's, newest first, from a cursor
select o.id, o.state, o.currency, o.total_minor, o.placed_at, o.paid_at, o.payment_provider, o.payment_reference
from public.orders o
where o.buyer_id = auth.uid()
    and (%(at)s::timestamptz is null or (o.placed_at, o.id) < (%(at)s, %(before)s::uuid))
order by o.placed_at desc, o.id desc
limit %(limit)s;

-- order: one of the caller's with its lines
select o.id, o.state, o.currency, o.total_minor, o.placed_at, o.paid_at, o.payment_provider, o.payment_reference,
    (
        select jsonb_agg(
            jsonb_build_object(
                'line_no', l.line_no, 'item_id', l.item_id, 'title', l.title, 'image_url', i.image_url,
                'seller_name', p.display_name, 'quantity', l.quantity, 'unit_price_minor', l.unit_price_minor,
                'line_total_minor', l.line_total_minor
            )
            order by l.line_no
        )
        from public.order_lines l
        join public.profiles p on p.id = l.seller_id
        left join public.shop_items i on i.id = l.item_id
        where l.buyer_id = o.buyer_id and l.order_id = o.id
    ) as lines
from public.orders o
where o.buyer_id = auth.uid() and o.id = %(id)s;
