create or replace function public.order_pay(
    p_order_id uuid,
    p_provider text default 'manual',
    p_reference text default null,
    p_at timestamptz default now()
)
returns table (
    order_id uuid,
    state text,
    currency text,
    total_minor bigint,
    paid_at timestamptz,
    payment_provider text,
    payment_reference text
)
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_order public.orders;
begin
    select o.* into v_order
    from public.orders o
    where o.id = p_order_id and internal.may_act_for(o.buyer_id)
    for no key update;
    if not found then
        raise sqlstate 'PT404' using message = 'There is no such order.', detail = 'not_found';
    end if;
    perform internal.order_require_provider(p_provider);
    if p_at is distinct from now() then
        perform internal.require_service(); -- whoever sets the clock ends a hold period at once
    end if;

    if v_order.state = 'placed' then
        v_order := internal.order_settle(v_order, p_provider, coalesce(p_reference, p_order_id::text), p_at);
    elsif v_order.state <> 'paid' then
        raise sqlstate 'PT409' using
            message = format('The order is %s.', v_order.state), detail = 'order_not_payable';
    end if;

    return query
    select
        v_order.id, v_order.state, v_order.currency, v_order.total_minor, v_order.paid_at,
        v_order.payment_provider, v_order.payment_reference;
end
$$;
comment on function public.order_pay(uuid, text, text, timestamptz) is
'Pays an order. Stock, cart, owned items, every creator''s pending earnings, notifications, the receipt''s e-mail job and the audit row change with it in one transaction, or nothing does. A paid order answers the same again. Only the service and admins may set p_at.';
revoke all on function public.order_pay(uuid, text, text, timestamptz) from public;
grant execute on function public.order_pay(uuid, text, text, timestamptz) to authenticated, service_role;

create or replace function internal.order_settle(
    p_order public.orders, p_provider text, p_reference text, p_at timestamptz
) returns public.orders
language plpgsql volatile set search_path = ''
as $$
declare
    v_paid public.orders;
begin
    perform internal.order_take_stock(p_order);

    update public.orders o
    set state = 'paid', paid_at = p_at, payment_provider = p_provider, payment_reference = p_reference
    where o.buyer_id = p_order.buyer_id and o.id = p_order.id
    returning o.* into v_paid;

    update public.order_lines l
    set sold_at = p_at
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id;

    delete from public.shopping_cart_items c
    using public.order_lines l
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id
        and c.user_id = p_order.buyer_id and c.item_id = l.item_id;

    insert into public.owned_items (user_id, item_id, order_id, bought_at)
    select l.buyer_id, l.item_id, l.order_id, p_at
    from public.order_lines l
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id
    on conflict (user_id, item_id) do nothing;

    perform internal.order_book_earnings(v_paid);
    perform internal.order_notify(v_paid);
    perform internal.audit(
        'order.paid', v_paid.id::text,
        jsonb_build_object(
            'buyer_id', v_paid.buyer_id, 'total_minor', v_paid.total_minor, 'currency', v_paid.currency,
            'provider', p_provider, 'reference', p_reference
        )
    );
    return v_paid;
end
$$;
comment on function internal.order_settle(public.orders, text, text, timestamptz) is
'All that a payment changes, in the order in which everybody takes the locks: order, items by id, ledgers by user id, recipients by user id.';
revoke all on function internal.order_settle(public.orders, text, text, timestamptz) from public;
