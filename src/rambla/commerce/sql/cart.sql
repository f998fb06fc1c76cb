create or replace function internal.cart_lines(p_user_id uuid, p_currency text) returns internal.cart_line[]
language sql volatile set search_path = ''
as $$
    -- The locks hold price and stock still until the order is written; by item id, as payments take them.
    select array(
        select (x.id, x.seller_id, x.title, x.quantity, x.price_minor, x.creator_rate_bp, x.available)::internal.cart_line
        from (
            select
                i.id, i.seller_id, i.title, c.quantity, i.price_minor, i.creator_rate_bp,
                internal.is_for_sale(i, c.quantity, p_user_id) as available
            from public.shopping_cart_items c
            join public.shop_items i on i.id = c.item_id
            where c.user_id = p_user_id and i.currency = p_currency
            order by i.id
            for share of i
        ) x
    )
$$;
comment on function internal.cart_lines(uuid, text) is 'What of a cart is sold in a currency, by item id, with the items locked.';
revoke all on function internal.cart_lines(uuid, text) from public;

create or replace function internal.cart_hash(p_lines internal.cart_line[]) returns text
language sql immutable set search_path = ''
as $$
    select encode(sha256(convert_to(string_agg(format('%s %s', l.item_id, l.quantity), ',' order by l.item_id), 'UTF8')), 'hex')
    from unnest(p_lines) l
$$;
comment on function internal.cart_hash(internal.cart_line[]) is
'What the buyer asked for, in short: items and quantities, not prices. Null for an empty cart.';
revoke all on function internal.cart_hash(internal.cart_line[]) from public;

create or replace function internal.cart_currency(p_user_id uuid, p_currency text) returns text
language plpgsql stable set search_path = ''
as $$
declare
    v_currencies constant text[] := array(
        select distinct i.currency
        from public.shopping_cart_items c
        join public.shop_items i on i.id = c.item_id
        where c.user_id = p_user_id
        order by i.currency
    );
begin
    if v_currencies = '{}' or p_currency <> all (v_currencies) then
        raise sqlstate 'PT409' using
            message = concat_ws(' ', 'The cart is empty', 'in ' || p_currency) || '.', detail = 'cart_empty';
    end if;
    if p_currency is null and cardinality(v_currencies) > 1 then
        raise sqlstate 'PT400' using
            message = format('The cart holds %s.', array_to_string(v_currencies, ' and ')),
            detail = 'invalid_value',
            hint = 'An order has one currency. Name the one to check out.';
    end if;
    return coalesce(p_currency, v_currencies[1]);
end
$$;
comment on function internal.cart_currency(uuid, text) is
'The currency to check out: the one that was named, or the only one in the cart.';
revoke all on function internal.cart_currency(uuid, text) from public;
