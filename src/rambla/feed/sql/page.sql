-- Filter: what is eligible is asked now, and what is not is replaced from deeper in the slate. Everything is looked up
-- one by one (offset 0): the planner would rather read all of a table while it is small, and all whom a viewer follows,
-- all that they have hidden or bought, however much that is. Where they have hidden or bought nothing at all, nothing is
-- looked up.
create or replace function internal.feed_page(
    p_viewer uuid, p_slate public.feed_slates, p_posts integer, p_shop integer, p_limit integer, p_at timestamptz
) returns internal.feed_page
language plpgsql stable set search_path = ''
as $$
declare
    v_reposted constant smallint := array_position(internal.feed_reasons(), 'reposted');
    v_anybody constant boolean := p_slate.mode not in ('following', 'latest');
    v_post_reasons constant smallint[] := p_slate.post_reasons;
    v_shop_reasons constant smallint[] := p_slate.shop_reasons;
    v_gone_since timestamptz;
    v_unheard uuid[]; -- null for nobody, as the two that follow
    v_tired_tags text[];
    v_muted text;
    v_adult boolean;
    v_hides boolean;
    v_carts boolean;
    v_owns boolean;
    v_posts internal.feed_page;
    v_shop internal.feed_page;
begin
    select e.gone_since, nullif(e.unheard, '{}'), nullif(e.tired_tags, '{}'), e.muted, e.adult,
        exists (select from public.feed_hides h where h.user_id = p_viewer),
        exists (select from public.shopping_cart_items c where c.user_id = p_viewer),
        exists (select from public.owned_items o where o.user_id = p_viewer)
    into v_gone_since, v_unheard, v_tired_tags, v_muted, v_adult, v_hides, v_carts, v_owns
    from internal.feed_eyes(p_viewer, p_at) e;

    select coalesce(array_agg(s.item_id), '{}'), array_agg(s.author_id), array_agg(s.reposter_id),
        array_agg(s.reason), array_agg(s.place)
    into v_shop.item_ids, v_shop.author_ids, v_shop.reposter_ids, v_shop.reasons, v_shop.places
    from (
        select u.item_id, i.author_id, v_shop_reasons[p_shop + u.n] as reason, (p_shop + u.n)::integer as place,
            case
                when v_shop_reasons[p_shop + u.n] = v_reposted
                    then internal.feed_reposter(p_viewer, p_slate, u.item_id, v_unheard)
            end as reposter_id
        from unnest(p_slate.shop_ids[p_shop + 1:]) with ordinality u (item_id, n)
        cross join lateral (
            select i.author_id, i.live, i.in_stock, i.tags, i.age_limited
            from public.feed_items i
            where i.item_id = u.item_id
            offset 0
        ) i
        where i.live
            and i.in_stock
            and i.author_id <> p_viewer
            and (v_adult or not i.age_limited)
            and (v_unheard is null or i.author_id not in (select unnest(v_unheard)))
            and (v_tired_tags is null or not i.tags && v_tired_tags)
            and (
                v_shop_reasons[p_shop + u.n] <> v_reposted
                or exists (
                    select from public.follows f where f.follower_id = p_viewer and f.followee_id = i.author_id offset 0
                )
                or internal.feed_reposter(p_viewer, p_slate, u.item_id, v_unheard) is not null
            )
            and not (v_hides and exists (
                select
                from public.feed_hides h
                where h.user_id = p_viewer and h.item_id = u.item_id
                    and (h.reason = 'hidden' or h.created_at > v_gone_since)
                offset 0
            ))
            and not (v_carts and exists (
                select from public.shopping_cart_items c where c.user_id = p_viewer and c.item_id = u.item_id offset 0
            ))
            and not (v_owns and exists (
                select from public.owned_items o where o.user_id = p_viewer and o.item_id = u.item_id offset 0
            ))
            and (v_muted is null or not internal.feed_speaks_of(u.item_id, v_muted))
        order by u.n
        limit p_limit / 5
    ) s;

    select coalesce(array_agg(p.item_id), '{}'), array_agg(p.author_id), array_agg(p.reposter_id),
        array_agg(p.reason), array_agg(p.place)
    into v_posts.item_ids, v_posts.author_ids, v_posts.reposter_ids, v_posts.reasons, v_posts.places
    from (
        select u.item_id, i.author_id, v_post_reasons[p_posts + u.n] as reason, (p_posts + u.n)::integer as place,
            case
                when v_post_reasons[p_posts + u.n] = v_reposted
                    then internal.feed_reposter(p_viewer, p_slate, u.item_id, v_unheard)
            end as reposter_id
        from unnest(p_slate.post_ids[p_posts + 1:]) with ordinality u (item_id, n)
        cross join lateral (
            select i.author_id, i.live, i.visibility = 'public' as public, i.tags, i.age_limited
            from public.feed_items i
            where i.item_id = u.item_id
            offset 0
        ) i
        where i.live
            and i.author_id <> p_viewer
            and (v_adult or not i.age_limited)
            and (v_unheard is null or i.author_id not in (select unnest(v_unheard)))
            and (v_tired_tags is null or not i.tags && v_tired_tags)
            and case
                when i.public and v_anybody and v_post_reasons[p_posts + u.n] <> v_reposted then true
                when exists (
                    select from public.follows f where f.follower_id = p_viewer and f.followee_id = i.author_id offset 0
                ) then true
                else i.public
                    and v_post_reasons[p_posts + u.n] = v_reposted
                    and internal.feed_reposter(p_viewer, p_slate, u.item_id, v_unheard) is not null
            end
            and not (v_hides and exists (
                select
                from public.feed_hides h
                where h.user_id = p_viewer and h.item_id = u.item_id
                    and (h.reason = 'hidden' or h.created_at > v_gone_since)
                offset 0
            ))
            and (v_muted is null or not internal.feed_speaks_of(u.item_id, v_muted))
        order by u.n
        limit p_limit - cardinality(v_shop.item_ids)
    ) p;

    return (
        p_slate.epoch,
        cardinality(v_posts.item_ids),
        least(cardinality(v_shop.item_ids), cardinality(v_posts.item_ids) / 4),
        p_shop,
        v_posts.item_ids || v_shop.item_ids,
        v_posts.author_ids || v_shop.author_ids,
        v_posts.reposter_ids || v_shop.reposter_ids,
        v_posts.reasons || v_shop.reasons,
        v_posts.places || v_shop.places
    )::internal.feed_page;
end
$$;
comment on function internal.feed_page(uuid, public.feed_slates, integer, integer, integer, timestamptz) is
'The next part of a slate for its viewer, as the world is now.';
revoke all on function internal.feed_page(uuid, public.feed_slates, integer, integer, integer, timestamptz) from public;

-- Mix: the k-th shop item stands behind the page's 4k-th post. With four posts of its own page before each, no page has
-- more than a fifth of them and no fifty rows in a row more than ten, wherever pages end (docs/explanation/feed.md). A part
-- of the statement that asks for it, as internal.feed_eyes(); by offset 0 it is worked out once for each row, and not
-- wherever that statement names it.
drop function if exists internal.feed_mix(internal.feed_page);
create function internal.feed_mix(p_page internal.feed_page)
returns table (n integer, item_id uuid, item_type text, reason text, author_id uuid, reposter_id uuid)
language sql stable
as $$
    select k.n,
        (p_page).item_ids[k.entry],
        case when k.entry > (p_page).posts then 'shop_item' else 'post' end,
        (internal.feed_reasons())[(p_page).reasons[k.entry]],
        (p_page).author_ids[k.entry],
        (p_page).reposter_ids[k.entry]
    from (
        select g.n,
            case
                when g.n % 5 = 0 and g.n / 5 <= (p_page).shops then (p_page).posts + g.n / 5
                else g.n - least(g.n / 5, (p_page).shops)
            end as entry
        from generate_series(1, (p_page).posts + (p_page).shops) g (n)
        offset 0
    ) k
    offset 0
$$;
comment on function internal.feed_mix(internal.feed_page) is 'The rows of a page in their order.';
revoke all on function internal.feed_mix(internal.feed_page) from public;

create or replace function internal.feed_score(p_page internal.feed_page, p_n integer) returns double precision
language sql stable
as $$
    select (
        (p_page).epoch * 2097152 + 2097151
        - (p_page).places[p_n - least(p_n / 5, (p_page).shops)] * 512
        - coalesce((p_page).places[(p_page).posts + nullif(least(p_n / 5, (p_page).shops), 0)], (p_page).shop_from)
    )::double precision
$$;
comment on function internal.feed_score(internal.feed_page, integer) is
'The score of a row of a page, as internal.feed_cursor() reads it: how much of its slate is consumed with it.';
revoke all on function internal.feed_score(internal.feed_page, integer) from public;

create or replace function internal.feed_walk(
    p_viewer uuid, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, p_make boolean,
    p_at timestamptz, out page internal.feed_page, out ends timestamptz
)
language plpgsql stable set search_path = ''
as $$
declare
    v_from record;
    v_slate public.feed_slates;
    v_posts integer := 0;
    v_shop integer := 0;
begin
    if coalesce(p_limit not between 1 and 100, true) then
        raise sqlstate 'PT400' using message = 'A page has 1 to 100 items.', detail = 'invalid_value';
    end if;
    if p_cursor_score is null and p_cursor_id is null then
        select n.slate, n.ends into v_from from internal.feed_slate_newest(p_viewer, p_mode) n;
        v_slate := v_from.slate;
        ends := v_from.ends;
        if v_slate.epoch is null or ends <= p_at then
            if not p_make then
                return;
            end if;
            v_slate := internal.feed_slate_fill(p_viewer, p_mode, false, null, p_at);
            ends := (select e.ends from internal.feed_slate_end(p_viewer, v_slate.epoch) e);
        end if;
    else
        select * into v_from from internal.feed_cursor(p_viewer, p_mode, p_cursor_score, p_cursor_id);
        v_slate := v_from.slate;
        v_posts := v_from.posts;
        v_shop := v_from.shop;
    end if;
    loop
        page := internal.feed_page(p_viewer, v_slate, v_posts, v_shop, p_limit, p_at);
        exit when v_slate.complete or page.posts + page.shops = p_limit;
        page := null;
        exit when not p_make;
        v_slate := internal.feed_slate_grow(v_slate, p_at);
    end loop;
end
$$;
comment on function internal.feed_walk(uuid, text, double precision, uuid, integer, boolean, timestamptz) is
'The rows of a page, and until when they are a first page. Without p_make a null page rather than a slate, or more of one.';
revoke all on function internal.feed_walk(uuid, text, double precision, uuid, integer, boolean, timestamptz) from public;
