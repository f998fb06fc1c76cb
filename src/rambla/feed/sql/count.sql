create or replace function internal.feed_counters_lock(p_item_ids uuid[]) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    insert into public.feed_counters (item_id)
    select i.item_id from unnest(p_item_ids) i (item_id) order by i.item_id
    on conflict (item_id) do nothing;

    -- Locked in the order of their ids, so that two batches never wait for each other in a ring.
    perform
    from public.feed_counters c
    where c.item_id = any (p_item_ids)
    order by c.item_id
    for no key update;
end
$$;
comment on function internal.feed_counters_lock(uuid[]) is
'Holds the counters of items, which whoever also changes the items takes before these.';
revoke all on function internal.feed_counters_lock(uuid[]) from public;

create or replace function internal.feed_count(p_changes public.feed_counters[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    -- An item may be on its way out together with those who liked it.
    v_items constant uuid[] := array(
        select i.item_id
        from public.feed_items i
        where i.item_id in (select c.item_id from unnest(p_changes) c)
    );
begin
    perform internal.feed_counters_lock(v_items);
    update public.feed_counters c
    set likes = c.likes + n.likes,
        saves = c.saves + n.saves,
        shares = c.shares + n.shares,
        clicks = c.clicks + n.clicks,
        purchases = c.purchases + n.purchases,
        impressions = c.impressions + n.impressions,
        cart_adds = c.cart_adds + n.cart_adds,
        dwells = c.dwells + n.dwells,
        reposts = c.reposts + n.reposts
    from (
        select u.item_id, sum(u.likes) as likes, sum(u.saves) as saves, sum(u.shares) as shares,
            sum(u.clicks) as clicks, sum(u.purchases) as purchases, sum(u.impressions) as impressions,
            sum(u.cart_adds) as cart_adds, sum(u.dwells) as dwells, sum(u.reposts) as reposts
        from unnest(p_changes) u
        group by u.item_id
    ) n
    where c.item_id = n.item_id;

    perform internal.feed_rerank(v_items);
end
$$;
comment on function internal.feed_count(public.feed_counters[]) is
'Adds changes to the counters, each an item with what is to be added, and moves the items they lift.';
revoke all on function internal.feed_count(public.feed_counters[]) from public;

create or replace function internal.feed_reactions_counted() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    if tg_op = 'INSERT' then
        perform internal.feed_count(array_agg(
            (r.item_id, (r.kind = 'like')::int, (r.kind = 'save')::int, 0, 0, 0, 0, 0, 0, 0)::public.feed_counters
        ))
        from new_rows r
        join public.feed_items i on i.item_id = r.item_id and i.author_id <> r.user_id
        having count(*) > 0;
    else
        perform internal.feed_count(array_agg(
            (r.item_id, -(r.kind = 'like')::int, -(r.kind = 'save')::int, 0, 0, 0, 0, 0, 0, 0)::public.feed_counters
        ))
        from old_rows r
        join public.feed_items i on i.item_id = r.item_id and i.author_id <> r.user_id
        having count(*) > 0;
    end if;
    return null;
end
$$;
comment on function internal.feed_reactions_counted() is 'Counts likes and saves as they come and go, but those of whose item it is.';
revoke all on function internal.feed_reactions_counted() from public;

create or replace function internal.feed_reposts_counted() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    if tg_op = 'INSERT' then
        perform internal.feed_count(array_agg((r.item_id, 0, 0, 0, 0, 0, 0, 0, 0, 1)::public.feed_counters))
        from new_rows r having count(*) > 0;
    else
        perform internal.feed_count(array_agg((r.item_id, 0, 0, 0, 0, 0, 0, 0, 0, -1)::public.feed_counters))
        from old_rows r having count(*) > 0;
    end if;
    return null;
end
$$;
comment on function internal.feed_reposts_counted() is 'Counts reposts as they come and go.';
revoke all on function internal.feed_reposts_counted() from public;

create or replace function internal.feed_purchases_counted() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.feed_count(array_agg((r.item_id, 0, 0, 0, 0, 1, 0, 0, 0, 0)::public.feed_counters))
    from new_rows r having count(*) > 0;
    return null;
end
$$;
comment on function internal.feed_purchases_counted() is 'A sale lifts a shop item as a like lifts a post.';
revoke all on function internal.feed_purchases_counted() from public;

create or replace function internal.feed_carts_counted() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.feed_first(array_agg(
        (0, n.user_id, n.item_id, 'add_to_cart', least(n.added_at, now()))::internal.feed_unfolded
    ))
    from new_rows n having count(*) > 0;
    return null;
end
$$;
comment on function internal.feed_carts_counted() is
'What is put into a cart, from the feed or not, counts once for each buyer, whether an event tells of it too or not.';
revoke all on function internal.feed_carts_counted() from public;
