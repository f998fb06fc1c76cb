-- What a function returns grows only when it is made anew; in one transaction with what reads it.
drop function if exists public.feed_fusion_home(text, double precision, uuid, integer, timestamptz);
create function public.feed_fusion_home(
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
    saved boolean,
    reposts bigint,
    reposted boolean,
    reposter_id uuid,
    reposter_handle text,
    reposter_name text,
    source text
)
-- Stable, although a first call stores its slate: the one thing it writes is a cache fill in a volatile function, which
-- PostgreSQL allows, and every call of a statement reads the same slate, because the fill returns what is stored. In a
-- read-only transaction or on a standby nothing is stored, and the page is the same.
language plpgsql stable rows 50 security definer set search_path = '' set row_security = off
-- Planned once a session, as internal.feed_page_dated().
set plan_cache_mode = force_generic_plan
as $$
declare
    v_viewer constant uuid := coalesce(auth.uid(), internal.feed_visitor());
    v_mode constant text := internal.feed_mode(v_viewer, p_mode);
    -- Time moves backwards only, or whoever names a day to come would keep everybody's slate until then.
    v_at constant timestamptz := least(p_at, now());
    v_page constant internal.feed_page := (
        internal.feed_walk(v_viewer, v_mode, p_cursor_score, p_cursor_id, p_limit, true, v_at)
    ).page;
begin
    return query
    select c.item_id, c.item_type, c.score,
        -- In the words of release 0.1.0, which knows no others; source has all of them.
        case
            when c.source = 'reposted' then 'followed'
            when c.source in ('similar', 'offered') then 'interest'
            else c.source
        end,
        c.author_id, c.author_handle, c.author_name, c.author_avatar_url,
        c.title, c.body, c.image_url, c.tags, c.price_minor, c.currency, c.stock, c.created_at,
        c.likes, c.saves, c.liked, c.saved, c.reposts, c.reposted,
        c.reposter_id, c.reposter_handle, c.reposter_name, c.source
    from internal.feed_cards(v_viewer, v_page) c
    order by c.score desc;
end
$$;
comment on function public.feed_fusion_home(text, double precision, uuid, integer, timestamptz) is
'A page of the caller''s home feed. Score and item_id of any row are the cursor of what follows it. Fewer rows than asked for: that was all. The first page stays the same until feed_refresh(), half an hour, or an act of the viewer. source says by which way an item came, reason the same in five words.';
revoke all on function public.feed_fusion_home(text, double precision, uuid, integer, timestamptz) from public;
grant execute on function public.feed_fusion_home(text, double precision, uuid, integer, timestamptz)
to anon, authenticated, service_role;
