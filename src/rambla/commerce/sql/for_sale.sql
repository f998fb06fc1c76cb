create or replace function internal.is_on_offer(p_item public.shop_items, p_buyer_id uuid) returns boolean
language sql stable set search_path = ''
as $$
    -- To others than its seller, the policy of shop_items shows the same: nobody is sold what they may not see.
    select p_item.state = 'listed'
        and p_item.removal_reason is null
        and p_item.seller_id <> p_buyer_id
        and (not p_item.age_limited or internal.is_adult(p_buyer_id))
        and not exists (
            select from public.blocks b
            where (b.user_id, b.blocked_id) in ((p_buyer_id, p_item.seller_id), (p_item.seller_id, p_buyer_id))
        )
$$;
comment on function internal.is_on_offer(public.shop_items, uuid) is
'Whether an item is offered to a buyer: neither its seller nor a moderator has withdrawn it, it is not for adults alone or they are one, and the two have not blocked one another.';
revoke all on function internal.is_on_offer(public.shop_items, uuid) from public;

create or replace function internal.is_for_sale(p_item public.shop_items, p_quantity integer, p_buyer_id uuid)
returns boolean
language sql stable set search_path = ''
as $$
    select internal.is_on_offer(p_item, p_buyer_id) and coalesce(p_item.stock >= p_quantity, true)
$$;
comment on function internal.is_for_sale(public.shop_items, integer, uuid) is
'Whether a buyer may have so many of an item: it is offered to them, and there are enough.';
revoke all on function internal.is_for_sale(public.shop_items, integer, uuid) from public;
