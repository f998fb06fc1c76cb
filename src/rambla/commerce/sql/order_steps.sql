create or replace function internal.order_require_provider(p_provider text) returns void
language plpgsql stable set search_path = ''
as $$
begin
    if coalesce(p_provider, '') !~ '^[a-z][a-z_]{0,39}$' then
        raise sqlstate 'PT400' using message = 'That is no name of a payment provider.', detail = 'invalid_value';
    end if;
    -- Only whoever took the money may say so; a buyer's word counts as long as payments are a test.
    if p_provider <> 'manual' or internal.setting('order_manual_payment') <> 'true' then
        perform internal.require_service();
    end if;
end
$$;
comment on function internal.order_require_provider(text) is
'Buyers may pay by hand while that is on; everything else is the word of the service or an admin.';
revoke all on function internal.order_require_provider(text) from public;

create or replace function internal.order_take_stock(p_order public.orders) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_titles text;
begin
    -- By item id: two buyers of the same two items would otherwise wait for each other. The check is a statement of
    -- its own: as a condition around the locking one it would be pushed into it, and only what is short be locked.
    perform
    from public.order_lines l
    join public.shop_items i on i.id = l.item_id
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id
    order by i.id
    for no key update of i;

    select string_agg(l.title, ', ' order by l.title) into v_titles
    from public.order_lines l
    join public.shop_items i on i.id = l.item_id
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id and not internal.is_for_sale(i, l.quantity, p_order.buyer_id);
    if v_titles is not null then
        raise sqlstate 'PT409' using
            message = format('Not to be had any more, or not so many: %s.', v_titles), detail = 'sold_out';
    end if;

    update public.shop_items i
    set stock = i.stock - l.quantity
    from public.order_lines l
    where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id and i.id = l.item_id and i.stock is not null;
end
$$;
comment on function internal.order_take_stock(public.orders) is 'Takes the pieces of an order out of stock, or refuses all of it: also when one is no longer offered to its buyer since it was ordered.';
revoke all on function internal.order_take_stock(public.orders) from public;

create or replace function internal.order_book_earnings(p_order public.orders) returns void
language sql volatile set search_path = ''
as $$
    -- numeric rounds half away from zero, as invoices do; the rate is the one of the day of the order.
    select count(
        internal.earnings_record(
            p_user_id => s.seller_id,
            p_currency => p_order.currency,
            p_amount_minor => s.share,
            p_kind => 'sale',
            p_idem_key => format('order:%s:%s', p_order.id, s.line_no),
            p_source => 'order',
            p_source_ref => format('%s:%s', p_order.id, s.line_no),
            p_reason => format('%s × %s', s.title, s.quantity),
            p_occurred_at => p_order.paid_at
        )
    )
    from (
        select l.*, round(l.line_total_minor * l.creator_rate_bp * 0.0001)::bigint as share
        from public.order_lines l
        where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id
        order by l.seller_id, l.line_no
    ) s
    where s.share > 0
$$;
comment on function internal.order_book_earnings(public.orders) is 'Books each line''s share as pending earnings of its seller, by seller.';
revoke all on function internal.order_book_earnings(public.orders) from public;

create or replace function internal.order_notify(p_order public.orders) returns void
language sql volatile set search_path = ''
as $$
    with lines as (
        select l.*, format('%s × %s', l.title, l.quantity) as words
        from public.order_lines l
        where l.buyer_id = p_order.buyer_id and l.order_id = p_order.id
    ),
    -- By recipient, buyer and sellers together: two people who buy from each other would otherwise deadlock.
    -- A message is cut, never refused: what a person wrote must not stop a payment.
    messages as (
        select
            l.seller_id as user_id, 'inapp' as channel, 'item_sold' as type, 'You made a sale' as title,
            left(string_agg(l.words, ', ' order by l.title, l.line_no), 500) as body,
            '/earnings' as url,
            format('order:%s:sale', p_order.id) as idempotency_key
        from lines l
        group by l.seller_id
        union all
        select
            p_order.buyer_id, 'email', 'order_receipt', 'Your receipt',
            left(string_agg(l.words || ': ' || internal.money(l.line_total_minor, p_order.currency), e'\n' order by l.title, l.line_no), 4800)
            || e'\n\nTotal: ' || internal.money(p_order.total_minor, p_order.currency),
            format('/orders/%s', p_order.id),
            format('order:%s:receipt', p_order.id)
        from lines l
        order by user_id, channel
    )
    select count(
        internal.notify(
            m.user_id, m.channel, m.type, m.title, m.body,
            jsonb_build_object('order_id', p_order.id, 'url', m.url), m.idempotency_key, p_order.paid_at
        )
    )
    from messages m
$$;
comment on function internal.order_notify(public.orders) is
'Tells each seller of the sale and sends the buyer a receipt. A notification that somebody does not want stops nothing.';
revoke all on function internal.order_notify(public.orders) from public;
