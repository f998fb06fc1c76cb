create or replace function public.order_place(p_checkout_key text, p_currency text default null) returns uuid
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_buyer_id constant uuid := auth.uid();
    v_order public.orders;
    v_lines internal.cart_line[];
    v_id uuid;
begin
    if v_buyer_id is null then
        raise sqlstate 'PT401' using message = 'Sign in to place an order.', detail = 'not_signed_in';
    end if;
    if (char_length(p_checkout_key) between 1 and 200) is not true then
        raise sqlstate 'PT400' using
            message = 'An order has a key of 1 to 200 characters, so that a retry is no second order.',
            detail = 'invalid_value';
    end if;

    select o.* into v_order from public.orders o where o.buyer_id = v_buyer_id and o.checkout_key = p_checkout_key;
    if found then
        return internal.order_replay(v_order, p_currency);
    end if;

    perform internal.cart_require_on_offer(v_buyer_id);
    p_currency := internal.cart_currency(v_buyer_id, p_currency);
    v_lines := internal.cart_lines(v_buyer_id, p_currency);
    perform internal.cart_require_available(v_lines);

    insert into public.orders (buyer_id, id, currency, total_minor, checkout_key, request_hash)
    select
        v_buyer_id, public.uuid7(), p_currency, sum(l.quantity * l.unit_price_minor), p_checkout_key,
        internal.cart_hash(v_lines)
    from unnest(v_lines) l
    on conflict (buyer_id, checkout_key) do nothing
    returning id into v_id;
    if not found then
        -- The same request was quicker on another connection.
        return public.order_place(p_checkout_key, p_currency);
    end if;

    insert into public.order_lines (
        buyer_id, order_id, line_no, item_id, seller_id, title, quantity, unit_price_minor, creator_rate_bp
    )
    select
        v_buyer_id, v_id, row_number() over (order by l.item_id), l.item_id, l.seller_id, l.title, l.quantity,
        l.unit_price_minor, l.creator_rate_bp
    from unnest(v_lines) l;
    return v_id;
end
$$;
comment on function public.order_place(text, text) is
'Makes an order of what the cart holds in one currency and freezes titles, prices and rates. The cart stays until the order is paid. The same key returns the same order; with another cart it is refused.';
revoke all on function public.order_place(text, text) from public;
grant execute on function public.order_place(text, text) to authenticated;

create or replace function internal.order_replay(p_order public.orders, p_currency text) returns uuid
language plpgsql volatile set search_path = ''
as $$
begin
    -- Its own payment empties the cart; then there is nothing left to compare.
    if coalesce(p_currency, p_order.currency) <> p_order.currency
        or internal.cart_hash(internal.cart_lines(p_order.buyer_id, p_order.currency)) <> p_order.request_hash
    then
        raise sqlstate 'PT409' using
            message = 'The key was used for an order of another cart.', detail = 'idempotency_mismatch';
    end if;
    return p_order.id;
end
$$;
comment on function internal.order_replay(public.orders, text) is 'The order that the key made before, if the cart is still the same.';
revoke all on function internal.order_replay(public.orders, text) from public;

create or replace function internal.cart_require_on_offer(p_buyer_id uuid) returns void
language plpgsql stable set search_path = ''
as $$
declare
    v_gone constant text := (
        select string_agg(c.item_id::text, ', ' order by c.added_at, c.item_id)
        from public.shopping_cart_items c
        join public.shop_items i on i.id = c.item_id
        where c.user_id = p_buyer_id and not internal.is_on_offer(i, p_buyer_id)
    );
begin
    -- Its title and currency are no longer the buyer's to know, so it stands in the way of an order in any currency.
    if v_gone is not null then
        raise sqlstate 'PT409' using
            message = 'The cart holds something that is no longer for sale.', detail = 'sold_out',
            hint = 'Take it out: ' || v_gone;
    end if;
end
$$;
comment on function internal.cart_require_on_offer(uuid) is
'Refuses a cart with something that its owner may no longer see; the hint has the item ids.';
revoke all on function internal.cart_require_on_offer(uuid) from public;

create or replace function internal.cart_require_available(p_lines internal.cart_line[]) returns void
language plpgsql immutable set search_path = ''
as $$
declare
    v_titles text;
    v_items text;
begin
    if p_lines = '{}' then
        raise sqlstate 'PT409' using message = 'The cart is empty.', detail = 'cart_empty';
    end if;
    select string_agg(l.title, ', ' order by l.item_id), string_agg(l.item_id::text, ', ' order by l.item_id)
    into v_titles, v_items
    from unnest(p_lines) l
    where not l.available;
    if v_titles is not null then
        raise sqlstate 'PT409' using
            message = format('Not to be had any more, or not so many: %s.', v_titles), detail = 'sold_out',
            hint = 'Take it out or change how many: ' || v_items;
    end if;
end
$$;
comment on function internal.cart_require_available(internal.cart_line[]) is 'Refuses an empty cart and one with something of which there is not so much; the hint has the item ids.';
revoke all on function internal.cart_require_available(internal.cart_line[]) from public;
