-- Becomes a part of the statement that asks for it, which a function with a search_path of its own would not; every name
-- in it has its schema. Row by row (offset 0), whatever the size of the tables: the planner would rather read all of one that
-- is small, and all that a viewer has reacted to however much that is.
drop function if exists internal.feed_cards(uuid, internal.feed_row[]);
create function internal.feed_cards(p_viewer uuid, p_page internal.feed_row[])
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
    select r.item_id, r.item_type, r.score, r.reason,
        r.author_id, a.handle, a.display_name, a.avatar_url,
        coalesce(p.title, s.title), coalesce(p.body, s.description), coalesce(p.image_url, s.image_url),
        coalesce(p.tags, s.tags), s.price_minor, s.currency, s.stock, coalesce(p.created_at, s.created_at),
        coalesce(c.likes, 0), coalesce(c.saves, 0),
        v.reacts and exists (
            select
            from public.feed_reactions k
            where k.user_id = p_viewer and k.item_id = r.item_id and k.kind = 'like'
            offset 0
        ),
        v.reacts and exists (
            select
            from public.feed_reactions k
            where k.user_id = p_viewer and k.item_id = r.item_id and k.kind = 'save'
            offset 0
        ),
        coalesce(c.reposts, 0),
        v.reposts and exists (
            select
            from public.feed_reposts k
            where k.user_id = p_viewer and k.item_id = r.item_id
            offset 0
        ),
        b.id, b.handle, b.display_name
    from (
        -- Most have reposted nothing, and who is not signed in has not liked anything either: nothing is looked up then.
        select exists (select from public.feed_reactions k where k.user_id = p_viewer) as reacts,
            exists (select from public.feed_reposts k where k.user_id = p_viewer) as reposts
    ) v
    cross join unnest(p_page) r
    cross join lateral (
        select a.handle, a.display_name, a.avatar_url from public.profiles a where a.id = r.author_id offset 0
    ) a
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
    left join lateral (
        select c.likes, c.saves, c.reposts from public.feed_counters c where c.item_id = r.item_id offset 0
    ) c on true
    left join lateral (
        select b.id, b.handle, b.display_name from public.profiles b where b.id = r.reposter_id offset 0
    ) b on true
$$;
comment on function internal.feed_cards(uuid, internal.feed_row[]) is
'What a viewer reads on the rows of a page, in no order.';
revoke all on function internal.feed_cards(uuid, internal.feed_row[]) from public;
