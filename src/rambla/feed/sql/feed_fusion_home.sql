create or replace function public.feed_fusion_home(
    p_mode text,
    p_cursor_score double precision default null,
    p_cursor_id uuid default null,
    p_limit integer default 50,
    p_at timestamptz default now()
) returns table (
    item_id uuid,
    item_type text,
    score double precision,
    reason text,
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
    saved boolean
)
-- Stable, although a first call stores its slate: the one thing it writes is a cache fill in a volatile function, which
-- PostgreSQL allows, and every call of a statement reads the same slate, because the fill returns what is stored. In a
-- read-only transaction or on a standby nothing is stored, and the page is the same.
language plpgsql stable rows 50 security definer set search_path = '' set row_security = off
as $$
declare
    v_viewer constant uuid := coalesce(auth.uid(), internal.feed_visitor());
    v_mode constant text := internal.feed_mode(v_viewer, p_mode);
    -- Time moves backwards only, or whoever names a day to come would keep everybody's slate until then.
    v_at constant timestamptz := least(p_at, now());
    v_from record;
    v_slate public.feed_slates;
    v_posts integer := 0;
    v_shop integer := 0;
begin
    if coalesce(p_limit not between 1 and 100, true) then
        raise sqlstate 'PT400' using message = 'A page has 1 to 100 items.', detail = 'invalid_value';
    end if;
    if p_cursor_score is null and p_cursor_id is null then
        v_slate := internal.feed_slate_live(v_viewer, v_mode, v_at);
        if v_slate.epoch is null then
            v_slate := internal.feed_slate_fill(v_viewer, v_mode, false, v_at);
        end if;
    else
        select * into v_from from internal.feed_cursor(v_viewer, v_mode, p_cursor_score, p_cursor_id);
        v_slate := v_from.slate;
        v_posts := v_from.posts;
        v_shop := v_from.shop;
    end if;
    return query
    select r.item_id, r.item_type, r.score, r.reason, r.author_id, a.handle, a.display_name, a.avatar_url,
        coalesce(p.title, s.title), coalesce(p.body, s.description), coalesce(p.image_url, s.image_url),
        coalesce(p.tags, s.tags), s.price_minor, s.currency, s.stock, coalesce(p.created_at, s.created_at),
        coalesce(c.likes, 0), coalesce(c.saves, 0),
        exists (
            select from public.feed_reactions k
            where k.user_id = v_viewer and k.item_id = r.item_id and k.kind = 'like'
        ),
        exists (
            select from public.feed_reactions k
            where k.user_id = v_viewer and k.item_id = r.item_id and k.kind = 'save'
        )
    from internal.feed_page(v_viewer, v_slate, v_posts, v_shop, p_limit, v_at) r
    join public.profiles a on a.id = r.author_id
    left join public.posts p on r.item_type = 'post' and p.id = r.item_id
    left join public.shop_items s on r.item_type = 'shop_item' and s.id = r.item_id
    left join public.feed_counters c on c.item_id = r.item_id
    order by r.score desc;
end
$$;
comment on function public.feed_fusion_home(text, double precision, uuid, integer, timestamptz) is
'A page of the caller''s home feed. Score and item_id of any row are the cursor of what follows it. Fewer rows than asked for: that was all. The first page stays the same until feed_refresh(), half an hour, or an act of the viewer.';
revoke all on function public.feed_fusion_home(text, double precision, uuid, integer, timestamptz) from public;
grant execute on function public.feed_fusion_home(text, double precision, uuid, integer, timestamptz)
to anon, authenticated, service_role;
