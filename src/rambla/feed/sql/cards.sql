-- Both become parts of the statement that asks for them, as internal.feed_eyes(). Row by row (offset 0), whatever the size
-- of the tables: the planner would rather read all of one that is small, and all that a viewer has reacted to however much
-- that is. Most have reposted nothing, and who is not signed in has not liked anything either: nothing is looked up then.
create or replace function internal.feed_around(p_viewer uuid, p_item_id uuid, p_author_id uuid, p_reposter_id uuid)
returns table (
    author_handle text,
    author_name text,
    author_avatar_url text,
    likes bigint,
    saves bigint,
    liked boolean,
    saved boolean,
    reposts bigint,
    reposted boolean,
    reposter_handle text,
    reposter_name text
)
language sql stable
as $$
    select a.handle, a.display_name, a.avatar_url,
        coalesce(c.likes, 0), coalesce(c.saves, 0),
        coalesce('like' = any (r.kinds), false), coalesce('save' = any (r.kinds), false),
        coalesce(c.reposts, 0),
        exists (select from public.feed_reposts k where k.user_id = p_viewer)
        and exists (
            select
            from public.feed_reposts k
            where k.user_id = p_viewer and k.item_id = p_item_id
            offset 0
        ),
        case
            when p_reposter_id is not null then (select p.handle from public.profiles p where p.id = p_reposter_id)
        end,
        case
            when p_reposter_id is not null
                then (select p.display_name from public.profiles p where p.id = p_reposter_id)
        end
    from (select a.handle, a.display_name, a.avatar_url from public.profiles a where a.id = p_author_id offset 0) a
    left join lateral (
        select c.likes, c.saves, c.reposts from public.feed_counters c where c.item_id = p_item_id offset 0
    ) c on true
    left join lateral (
        select array_agg(k.kind) as kinds
        from public.feed_reactions k
        where k.user_id = p_viewer and k.item_id = p_item_id
            and exists (select from public.feed_reactions o where o.user_id = p_viewer)
        offset 0
    ) r on true
$$;
comment on function internal.feed_around(uuid, uuid, uuid, uuid) is
'What a viewer reads beside an item: of whom it is, who brought it, and what people and the viewer did with it.';
revoke all on function internal.feed_around(uuid, uuid, uuid, uuid) from public;

create or replace function internal.feed_cards(p_viewer uuid, p_page internal.feed_page)
returns table (
    item_id uuid,
    item_type text,
    score double precision,
    source text,
    author_id uuid,
    author_handle text,
    author_name text,
    author_avatar_url text,
    title text,
    body text,
    image_url text,
    tags text[],
    price_minor bigint,
    currency text,
    stock integer,
    created_at timestamptz,
    likes bigint,
    saves bigint,
    liked boolean,
    saved boolean,
    reposts bigint,
    reposted boolean,
    reposter_id uuid,
    reposter_handle text,
    reposter_name text
)
language sql stable
as $$
    select r.item_id, r.item_type, internal.feed_score(p_page, r.n), r.reason,
        r.author_id, a.author_handle, a.author_name, a.author_avatar_url,
        coalesce(p.title, s.title), coalesce(p.body, s.description), coalesce(p.image_url, s.image_url),
        coalesce(p.tags, s.tags), s.price_minor, s.currency, s.stock, coalesce(p.created_at, s.created_at),
        a.likes, a.saves, a.liked, a.saved, a.reposts, a.reposted, r.reposter_id, a.reposter_handle, a.reposter_name
    from internal.feed_mix(p_page) r
    cross join lateral internal.feed_around(p_viewer, r.item_id, r.author_id, r.reposter_id) a
    left join lateral (
        select p.title, p.body, p.image_url, p.tags, p.created_at
        from public.posts p
        where p.id = r.item_id and r.item_type = 'post'
        offset 0
    ) p on true
    left join lateral (
        select s.title, s.description, s.image_url, s.tags, s.price_minor, s.currency, s.stock, s.created_at
        from public.shop_items s
        where s.id = r.item_id and r.item_type = 'shop_item'
        offset 0
    ) s on true
$$;
comment on function internal.feed_cards(uuid, internal.feed_page) is
'What a viewer reads on the rows of a page, in no order.';
revoke all on function internal.feed_cards(uuid, internal.feed_page) from public;
