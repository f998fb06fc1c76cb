-- Filter and mix. What is eligible is asked now; what is not is replaced from deeper in the slate. The k-th shop item
-- stands behind the page's 4k-th post: with four posts of its own page before each, no page has more than a fifth of
-- them and no fifty rows in a row more than ten, wherever pages end (docs/explanation/feed.md).
-- Everything is looked up one by one (offset 0): the planner would rather read all of a table while it is small, and all
-- whom a viewer follows, all that they have hidden or bought, however much that is. Where they have hidden or bought
-- nothing at all, nothing is looked up.
-- What a function returns changes only when it is made anew; in one transaction with what reads it.
drop function if exists internal.feed_page(uuid, public.feed_slates, integer, integer, integer, timestamptz);
create function internal.feed_page(
    p_viewer uuid, p_slate public.feed_slates, p_posts integer, p_shop integer, p_limit integer, p_at timestamptz
) returns internal.feed_row[]
language plpgsql stable set search_path = ''
as $$
declare
    v_gone_since timestamptz;
    v_unheard uuid[];
    v_tired_tags text[];
    v_adult boolean;
    v_muted text;
    v_reasons constant text[] := internal.feed_reasons();
    v_reposted constant smallint := array_position(v_reasons, 'reposted');
    v_post_reasons constant smallint[] := p_slate.post_reasons;
    v_shop_reasons constant smallint[] := p_slate.shop_reasons;
    v_hides boolean;
    v_carts boolean;
    v_owns boolean;
    -- What is shown of each list, and how much of the list is consumed with it.
    v_posts uuid[];
    v_post_authors uuid[];
    v_post_places integer[];
    v_shop uuid[];
    v_shop_authors uuid[];
    v_shop_places integer[];
    v_shops integer;
begin
    select e.gone_since, e.unheard, e.tired_tags, e.adult, e.muted,
        exists (select from public.feed_hides h where h.user_id = p_viewer),
        exists (select from public.shopping_cart_items c where c.user_id = p_viewer),
        exists (select from public.owned_items o where o.user_id = p_viewer)
    into v_gone_since, v_unheard, v_tired_tags, v_adult, v_muted, v_hides, v_carts, v_owns
    from internal.feed_eyes(p_viewer, p_at) e;

    select coalesce(array_agg(s.item_id), '{}'), array_agg(s.author_id), array_agg(s.place)
    into v_shop, v_shop_authors, v_shop_places
    from (
        select u.item_id, i.author_id, (p_shop + u.n)::integer as place
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
            and i.author_id not in (select unnest(v_unheard))
            and not i.tags && v_tired_tags
            and (v_adult or not i.age_limited)
            and not (v_hides and exists (
                select
                from public.feed_hides h
                where h.user_id = p_viewer and h.item_id = u.item_id
                    and (h.reason = 'hidden' or h.created_at > v_gone_since)
                offset 0
            ))
            and (
                v_shop_reasons[p_shop + u.n] <> v_reposted
                or exists (
                    select from public.follows f where f.follower_id = p_viewer and f.followee_id = i.author_id offset 0
                )
                or internal.feed_reposter(p_viewer, p_slate, u.item_id, v_unheard) is not null
            )
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

    select coalesce(array_agg(p.item_id), '{}'), array_agg(p.author_id), array_agg(p.place)
    into v_posts, v_post_authors, v_post_places
    from (
        select u.item_id, i.author_id, (p_posts + u.n)::integer as place
        from unnest(p_slate.post_ids[p_posts + 1:]) with ordinality u (item_id, n)
        cross join lateral (
            select i.author_id, i.live, i.visibility, i.tags, i.age_limited
            from public.feed_items i
            where i.item_id = u.item_id
            offset 0
        ) i
        where i.live
            and i.author_id <> p_viewer
            and i.author_id not in (select unnest(v_unheard))
            and not i.tags && v_tired_tags
            and (v_adult or not i.age_limited)
            and (
                (i.visibility = 'public' and p_slate.mode not in ('following', 'latest') and v_post_reasons[p_posts + u.n] <> v_reposted)
                or exists (
                    select from public.follows f where f.follower_id = p_viewer and f.followee_id = i.author_id offset 0
                )
                or (
                    i.visibility = 'public'
                    and v_post_reasons[p_posts + u.n] = v_reposted
                    and internal.feed_reposter(p_viewer, p_slate, u.item_id, v_unheard) is not null
                )
            )
            and not (v_hides and exists (
                select
                from public.feed_hides h
                where h.user_id = p_viewer and h.item_id = u.item_id
                    and (h.reason = 'hidden' or h.created_at > v_gone_since)
                offset 0
            ))
            and (v_muted is null or not internal.feed_speaks_of(u.item_id, v_muted))
        order by u.n
        limit p_limit - cardinality(v_shop)
    ) p;

    v_shops := least(cardinality(v_shop), cardinality(v_posts) / 4);
    return array(
        select (
            case when m.is_shop then v_shop[m.shops] else v_posts[m.posts] end,
            case when m.is_shop then 'shop_item' else 'post' end,
            (
                p_slate.epoch * 2097152 + 2097151
                - v_post_places[m.posts] * 512 - coalesce(v_shop_places[m.shops], p_shop)
            )::double precision,
            v_reasons[m.reason],
            case when m.is_shop then v_shop_authors[m.shops] else v_post_authors[m.posts] end,
            case
                when m.reason = v_reposted then internal.feed_reposter(
                    p_viewer, p_slate, case when m.is_shop then v_shop[m.shops] else v_posts[m.posts] end, v_unheard
                )
            end
        )::internal.feed_row
        from (
            select k.*,
                case when k.is_shop then v_shop_reasons[v_shop_places[k.shops]] else v_post_reasons[v_post_places[k.posts]] end as reason
            from (
                -- How many of each there are up to and including the n-th row, which is a shop item or a post.
                select g.n - least(g.n / 5, v_shops) as posts, least(g.n / 5, v_shops) as shops,
                    g.n % 5 = 0 and g.n / 5 <= v_shops as is_shop
                from generate_series(1, cardinality(v_posts) + v_shops) g (n)
            ) k
        ) m
    );
end
$$;
comment on function internal.feed_page(uuid, public.feed_slates, integer, integer, integer, timestamptz) is
'The next rows of a slate for its viewer, as the world is now.';
revoke all on function internal.feed_page(uuid, public.feed_slates, integer, integer, integer, timestamptz) from public;

create or replace function internal.feed_walk(
    p_viewer uuid, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer, p_make boolean,
    p_at timestamptz, out page internal.feed_row[], out ends timestamptz
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
        v_slate := internal.feed_slate_newest(p_viewer, p_mode);
        ends := internal.feed_slate_end(p_viewer, v_slate.epoch);
        if v_slate.epoch is null or ends <= p_at then
            if not p_make then
                return;
            end if;
            v_slate := internal.feed_slate_fill(p_viewer, p_mode, false, null, p_at);
            ends := internal.feed_slate_end(p_viewer, v_slate.epoch);
        end if;
    else
        select * into v_from from internal.feed_cursor(p_viewer, p_mode, p_cursor_score, p_cursor_id);
        v_slate := v_from.slate;
        v_posts := v_from.posts;
        v_shop := v_from.shop;
    end if;
    loop
        page := internal.feed_page(p_viewer, v_slate, v_posts, v_shop, p_limit, p_at);
        exit when v_slate.complete or cardinality(page) = p_limit;
        page := null;
        exit when not p_make;
        v_slate := internal.feed_slate_grow(v_slate, p_at);
    end loop;
end
$$;
comment on function internal.feed_walk(uuid, text, double precision, uuid, integer, boolean, timestamptz) is
'The rows of a page, and until when they are a first page. Without p_make a null page rather than a slate, or more of one.';
revoke all on function internal.feed_walk(uuid, text, double precision, uuid, integer, boolean, timestamptz) from public;
