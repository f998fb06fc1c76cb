-- Both kinds share one space of ids, because a hide or a like names an item and not its kind. Ids may come from clients,
-- so one that the other kind has taken is refused; otherwise anybody could rewrite anybody's row here.
create or replace function internal.feed_require_kind(p_ids uuid[], p_item_type text) returns void
language plpgsql stable set search_path = ''
as $$
begin
    if exists (
        select from public.feed_items i where i.item_id = any (p_ids) and i.item_type <> p_item_type
    ) then
        raise sqlstate 'PT409' using message = 'The id is taken.', detail = 'conflict';
    end if;
end
$$;
comment on function internal.feed_require_kind(uuid[], text) is 'Refuses ids that items of the other kind have.';
revoke all on function internal.feed_require_kind(uuid[], text) from public;

create or replace function internal.feed_posts_changed() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    if tg_op = 'DELETE' then
        delete from public.feed_items i using old_rows o where i.item_id = o.id;
        delete from internal.feed_item_json j using old_rows o where j.item_id = o.id;
        return null;
    end if;
    perform internal.feed_require_kind(array(select n.id from new_rows n), 'post');
    insert into internal.feed_item_json as j (item_id, members)
    select n.id,
        internal.feed_members(
            n.id, 'post', n.author_id, n.title, n.body, n.image_url, n.tags, null, null, null, n.created_at
        )
    from new_rows n
    on conflict (item_id) do update set members = excluded.members where j.members <> excluded.members;
    insert into public.feed_items as i
        (item_id, item_type, author_id, tags, visibility, live, removed, age_limited, published_at, rank_key)
    select n.id, 'post', n.author_id, n.tags, n.visibility,
        n.state = 'published' and n.removal_reason is null, n.removal_reason is not null, n.age_limited, t.at,
        internal.feed_rank_key('post', t.at, 0::smallint, w)
    from new_rows n, internal.feed_weights() w, lateral (select least(n.created_at, now()) as at) t
    on conflict (item_id) do update
    set tags = excluded.tags,
        visibility = excluded.visibility,
        live = excluded.live,
        removed = excluded.removed,
        age_limited = excluded.age_limited,
        -- A draft is as old as its publication; what a moderator restores is as old as it was.
        published_at = case when excluded.live and not i.live and not i.removed then now() else i.published_at end,
        rank_key = case
            when excluded.live and not i.live and not i.removed
                then internal.feed_rank_key('post', now(), i.engagement_bucket, internal.feed_weights())
            else i.rank_key
        end
    where i.item_type = excluded.item_type
        and (i.tags, i.visibility, i.live, i.removed, i.age_limited) is distinct from (
            excluded.tags, excluded.visibility, excluded.live, excluded.removed, excluded.age_limited
        );
    return null;
end
$$;
comment on function internal.feed_posts_changed() is 'Keeps the rows of each post in feed_items and feed_item_json.';
revoke all on function internal.feed_posts_changed() from public;

create or replace function internal.feed_shop_items_changed() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    if tg_op = 'DELETE' then
        delete from public.feed_items i using old_rows o where i.item_id = o.id;
        delete from internal.feed_item_json j using old_rows o where j.item_id = o.id;
        return null;
    end if;
    perform internal.feed_require_kind(array(select n.id from new_rows n), 'shop_item');
    if tg_op = 'UPDATE' then
        -- Counters before items, as whoever counts takes them: a payment changes the stock first and counts the sale last,
        -- and would wait in a ring with a like.
        perform internal.feed_counters_lock(array(select n.id from new_rows n));
    end if;
    insert into internal.feed_item_json as j (item_id, members)
    select n.id,
        internal.feed_members(
            n.id, 'shop_item', n.seller_id, n.title, n.description, n.image_url, n.tags, n.price_minor, n.currency,
            n.stock, n.created_at
        )
    from new_rows n
    on conflict (item_id) do update set members = excluded.members where j.members <> excluded.members;
    insert into public.feed_items as i
        (item_id, item_type, author_id, tags, live, removed, age_limited, in_stock, published_at, rank_key)
    select n.id, 'shop_item', n.seller_id, n.tags,
        n.state = 'listed' and n.removal_reason is null, n.removal_reason is not null, n.age_limited,
        coalesce(n.stock > 0, true), t.at,
        internal.feed_rank_key('shop_item', t.at, 0::smallint, w)
    from new_rows n, internal.feed_weights() w, lateral (select least(n.created_at, now()) as at) t
    on conflict (item_id) do update
    set tags = excluded.tags,
        live = excluded.live,
        removed = excluded.removed,
        age_limited = excluded.age_limited,
        -- Stock that comes back makes nothing newer, or selling out would pay.
        in_stock = excluded.in_stock,
        published_at = case when excluded.live and not i.live and not i.removed then now() else i.published_at end,
        rank_key = case
            when excluded.live and not i.live and not i.removed
                then internal.feed_rank_key('shop_item', now(), i.engagement_bucket, internal.feed_weights())
            else i.rank_key
        end
    where i.item_type = excluded.item_type
        and (i.tags, i.live, i.removed, i.age_limited, i.in_stock) is distinct from (
            excluded.tags, excluded.live, excluded.removed, excluded.age_limited, excluded.in_stock
        );
    return null;
end
$$;
comment on function internal.feed_shop_items_changed() is 'Keeps the rows of each shop item in feed_items and feed_item_json.';
revoke all on function internal.feed_shop_items_changed() from public;
