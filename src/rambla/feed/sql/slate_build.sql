-- The sources that bring posts and shop items alike, each asked once for both, and not for nothing.
create or replace function internal.feed_items_found(
    p internal.feed_context, p_mode text, out posts internal.feed_candidate[], out shop internal.feed_candidate[]
)
language plpgsql stable set search_path = ''
as $$
declare
    v_warm boolean;
    v_reacts boolean;
begin
    select exists (select from public.feed_affinities a where a.viewer_id = p.viewer_id and a.subject_type = 'tag'),
        exists (select from public.feed_reactions r where r.user_id = p.viewer_id)
    into v_warm, v_reacts;
    select array_agg(c.candidate) filter (where c.item_type = 'post'),
        array_agg(c.candidate) filter (where c.item_type = 'shop_item')
    into posts, shop
    from (
        select f.item_type, (f.item_id, f.author_id, f.score, f.reason)::internal.feed_candidate as candidate
        from (
            select * from internal.feed_items_by_tags(p) where p_mode = 'for_you' and v_warm
            union all
            select * from internal.feed_items_similar(p) where p_mode = 'for_you' and v_reacts
            union all
            select 'post', * from internal.feed_posts_by_new_authors(p) where p_mode = 'for_you'
            union all
            select * from internal.feed_items_reposted(p) r
            where p.reposts <> '{}' and (p_mode = 'for_you' or r.item_type = 'post')
            union all
            select * from internal.feed_items_offered(p) where p.extras is not null
            offset 0 -- asks both below once, not of each source
        ) f
        where f.author_id <> p.viewer_id and f.author_id not in (select unnest(p.silenced))
    ) c;
end
$$;
comment on function internal.feed_items_found(internal.feed_context, text) is
'Candidates of both kinds, without those of the viewer and of people whom they do not want.';
revoke all on function internal.feed_items_found(internal.feed_context, text) from public;

-- An item comes by several ways and keeps the best.
drop function if exists internal.feed_posts_ranked(internal.feed_context, text);
drop function if exists internal.feed_posts_ranked(internal.feed_context, text, internal.feed_candidate[]);
create or replace function internal.feed_posts_ranked(
    p internal.feed_context, p_mode text, p_found internal.feed_candidate[], p_before uuid[], p_limit integer,
    out ids uuid[], out authors integer[], out reasons smallint[]
)
language plpgsql stable set search_path = ''
as $$
declare
    v_decay constant double precision := (p.weights).diversity_decay;
    v_floor constant double precision := (p.weights).diversity_floor;
    v_tired constant internal.feed_tired[] := p.tired;
    v_muted constant text := p.muted;
    v_extras constant internal.feed_extra[] := p.extras;
begin
    with found as (
        select distinct on (c.item_id) c.*
        from (
            -- Five posts of each of 48 authors where there is nothing else, otherwise the best two.
            select *
            from internal.feed_posts_by_authors(p, p_mode = 'following', case p_mode when 'following' then 240 else 96 end)
            where p_mode <> 'trending'
            union all
            select * from internal.feed_posts_trending(p, p_limit) where p_mode <> 'following'
            union all
            select * from unnest(p_found)
        ) c
        order by c.item_id, c.score desc, c.reason
    ),
    damped as (
        select f.item_id, f.author_id, f.reason,
            f.score + case
                when v_tired is null then 0 else internal.feed_damp_of(v_tired, f.item_id, f.author_id)
            end + case when v_extras is null then 0 else internal.feed_nudge_of(v_extras, f.item_id) end as score
        from found f
        where v_muted is null or not internal.feed_speaks_of(f.item_id, v_muted)
        union all
        -- Whom the reader has just read counts less, and stands apart from what comes.
        select i.item_id, i.author_id, null, 1e6 - 10 * b.n
        from unnest(p_before) with ordinality b (item_id, n)
        cross join lateral (select * from public.feed_items i where i.item_id = b.item_id offset 0) i
    ),
    -- An author's number is the place of their first post. Both windows are in one order, so it takes one sort.
    decayed as (
        select d.item_id, d.reason, (rank() over author)::integer as author,
            d.score + ln((1 - v_floor) * v_decay ^ (row_number() over post - rank() over author) + v_floor) as score
        from damped d
        window post as (order by d.author_id, d.score desc, d.item_id desc), author as (order by d.author_id)
    )
    select array_agg(d.item_id), array_agg(d.author), array_agg(d.reason)
    into ids, authors, reasons
    from (
        select *
        from decayed d
        where d.score > '-infinity'
        order by d.score desc, d.item_id desc
        limit p_limit + cardinality(p_before)
    ) d;
end
$$;
comment on function internal.feed_posts_ranked(internal.feed_context, text, internal.feed_candidate[], uuid[], integer) is
'The posts that come next in a slate, by score; each further post of an author counts less. First those just before them, without a reason.';
revoke all on function internal.feed_posts_ranked(internal.feed_context, text, internal.feed_candidate[], uuid[], integer)
from public;

drop function if exists internal.feed_shop_ranked(internal.feed_context, text);
drop function if exists internal.feed_shop_ranked(internal.feed_context, text, internal.feed_candidate[]);
create or replace function internal.feed_shop_ranked(
    p internal.feed_context, p_mode text, p_found internal.feed_candidate[], p_before uuid[], p_limit integer,
    out ids uuid[], out authors integer[], out reasons smallint[]
)
language plpgsql stable set search_path = ''
as $$
declare
    v_tired constant internal.feed_tired[] := p.tired;
    v_muted constant text := p.muted;
    v_extras constant internal.feed_extra[] := p.extras;
begin
    with found as (
        select distinct on (c.item_id) c.*
        from (
            select * from internal.feed_shop_items_offered(p, 2 * p_limit) where p_mode <> 'following'
            union all
            select * from unnest(p_found)
        ) c
        order by c.item_id, c.score desc, c.reason
    ),
    damped as (
        select f.item_id, f.author_id, f.reason,
            f.score + case
                when v_tired is null then 0 else internal.feed_damp_of(v_tired, f.item_id, f.author_id)
            end + case when v_extras is null then 0 else internal.feed_nudge_of(v_extras, f.item_id) end as score
        from found f
        where v_muted is null or not internal.feed_speaks_of(f.item_id, v_muted)
        union all
        select i.item_id, i.author_id, null, 1e6 - b.n
        from unnest(p_before) with ordinality b (item_id, n)
        cross join lateral (select * from public.feed_items i where i.item_id = b.item_id offset 0) i
    )
    select array_agg(f.item_id), array_agg(f.author), array_agg(f.reason)
    into ids, authors, reasons
    from (
        select f.item_id, f.reason, dense_rank() over (order by f.author_id)::integer as author
        from damped f
        where f.score > '-infinity'
        order by f.score desc, f.item_id desc
        limit p_limit + cardinality(p_before)
    ) f;
end
$$;
comment on function internal.feed_shop_ranked(internal.feed_context, text, internal.feed_candidate[], uuid[], integer) is
'The shop items that come next in a slate, by score. First those just before them, without a reason.';
revoke all on function internal.feed_shop_ranked(internal.feed_context, text, internal.feed_candidate[], uuid[], integer)
from public;

-- As it was called before extensions had a say.
drop function if exists internal.feed_slate_build(uuid, text, bigint, timestamptz);
create or replace function internal.feed_slate_build(
    p_viewer uuid, p_mode text, p_epoch bigint, p_extras internal.feed_extra[], p_at timestamptz
) returns public.feed_slates
language plpgsql stable set search_path = ''
as $$
declare
    v_context internal.feed_context := internal.feed_context_of(p_viewer, p_mode, p_at);
    v_slate public.feed_slates;
begin
    v_context.extras := p_extras;
    v_slate.viewer_id := p_viewer;
    v_slate.mode := p_mode;
    v_slate.epoch := p_epoch;
    v_slate.weights_version := (v_context.weights).version;
    v_slate.post_ids := '{}';
    v_slate.post_reasons := '{}';
    v_slate.shop_ids := '{}';
    v_slate.shop_reasons := '{}';
    v_slate.notes := '{}';
    v_slate.complete := false;
    return case p_mode
        when 'latest' then internal.feed_slate_latest(v_slate, v_context)
        else internal.feed_slate_more(v_slate, v_context)
    end;
end
$$;
comment on function internal.feed_slate_build(uuid, text, bigint, internal.feed_extra[], timestamptz) is
'Candidates, score, diversity: what the viewer will read, as of now. Writes nothing.';
revoke all on function internal.feed_slate_build(uuid, text, bigint, internal.feed_extra[], timestamptz) from public;

-- At most two of an author in twenty posts. Shop items are seen one in five, so four of them are as far apart. What
-- stands before a stretch is spread with it, and keeps its place.
create or replace function internal.feed_slate_stretch(p_slate public.feed_slates, p internal.feed_context)
returns public.feed_slates
language plpgsql stable set search_path = ''
as $$
declare
    -- Who has read a thousand is better served by a new one; and a score carries no more than 511 shop items.
    v_limit constant integer := least(
        internal.setting('feed_slate_posts')::integer, 1000 - cardinality(p_slate.post_ids)
    );
    v_shop_limit constant integer := least((v_limit + 3) / 4, 511 - cardinality(p_slate.shop_ids));
    v_slate public.feed_slates := p_slate;
    v_found record;
    -- Variables of their own: an array inside a record is unpacked again for each element that is asked of it.
    v_ids uuid[];
    v_authors integer[];
    v_reasons smallint[];
begin
    p.unwanted := p.unwanted || p_slate.post_ids || p_slate.shop_ids;
    select f.posts, f.shop into v_found from internal.feed_items_found(p, p_slate.mode) f;

    select r.ids, r.authors, r.reasons into v_ids, v_authors, v_reasons
    from internal.feed_posts_ranked(
        p, p_slate.mode, v_found.posts, p_slate.post_ids[cardinality(p_slate.post_ids) - 18:], v_limit
    ) r;
    select p_slate.post_ids || coalesce(array_agg(v_ids[o.i]), '{}'),
        p_slate.post_reasons || coalesce(array_agg(v_reasons[o.i]), '{}')
    into v_slate.post_ids, v_slate.post_reasons
    from unnest(internal.feed_spread(v_authors, 20)) o (i)
    where v_reasons[o.i] is not null;

    select r.ids, r.authors, r.reasons into v_ids, v_authors, v_reasons
    from internal.feed_shop_ranked(
        p, p_slate.mode, v_found.shop, p_slate.shop_ids[cardinality(p_slate.shop_ids) - 2:], v_shop_limit
    ) r;
    select p_slate.shop_ids || coalesce(array_agg(v_ids[o.i]), '{}'),
        p_slate.shop_reasons || coalesce(array_agg(v_reasons[o.i]), '{}')
    into v_slate.shop_ids, v_slate.shop_reasons
    from unnest(internal.feed_spread(v_authors, 4)) o (i)
    where v_reasons[o.i] is not null;
    return v_slate;
end
$$;
comment on function internal.feed_slate_stretch(public.feed_slates, internal.feed_context) is
'A slate with the next stretch at its end: the best, as of now, of what is not in it yet.';
revoke all on function internal.feed_slate_stretch(public.feed_slates, internal.feed_context) from public;

create or replace function internal.feed_slate_more(p_slate public.feed_slates, p internal.feed_context)
returns public.feed_slates
language plpgsql stable set search_path = ''
-- Planned once a session: planning a dozen statements for the viewer at hand is an eighth of a slate.
set plan_cache_mode = force_generic_plan
as $$
declare
    v_enough constant integer := cardinality(p_slate.post_ids) + internal.setting('feed_slate_posts')::integer;
    v_slate public.feed_slates := p_slate;
    v_posts integer;
begin
    loop
        v_posts := cardinality(v_slate.post_ids);
        v_slate := internal.feed_slate_stretch(v_slate, p);
        v_slate.complete := cardinality(v_slate.post_ids) in (v_posts, 1000);
        exit when v_slate.complete or cardinality(v_slate.post_ids) >= v_enough;
    end loop;
    v_slate.notes := p_slate.notes || internal.feed_slate_notes(v_slate, p);
    return case when v_slate.complete and p.seen <> '{}' then internal.feed_slate_with_seen(v_slate, p) else v_slate end;
end
$$;
comment on function internal.feed_slate_more(public.feed_slates, internal.feed_context) is
'A slate that goes on for feed_slate_posts, or as far as there are any; then it is complete, with what was seen at its end.';
revoke all on function internal.feed_slate_more(public.feed_slates, internal.feed_context) from public;

create or replace function internal.feed_slate_with_seen(p_slate public.feed_slates, p internal.feed_context)
returns public.feed_slates
language plpgsql stable set search_path = ''
as $$
declare
    v_seen constant smallint := array_position(internal.feed_reasons(), 'seen');
    v_room constant integer := 511 - cardinality(p_slate.shop_ids); -- a score carries no more
    v_slate public.feed_slates := p_slate;
    v_post_ids uuid[];
    v_post_authors integer[];
    v_shop_ids uuid[];
    v_shop_authors integer[];
begin
    p.seen := array(
        select s.item_id
        from unnest(p.seen) with ordinality s (item_id, n)
        where s.item_id not in (select unnest(p_slate.post_ids || p_slate.shop_ids))
        order by s.n
    );
    select r.post_ids, r.post_authors, r.shop_ids, r.shop_authors
    into v_post_ids, v_post_authors, v_shop_ids, v_shop_authors
    from internal.feed_seen_ranked(p, p_slate.mode) r;
    v_slate.post_ids := v_slate.post_ids || array(
        select v_post_ids[o.i] from unnest(internal.feed_spread(v_post_authors, 20)) o (i)
    );
    v_slate.post_reasons := v_slate.post_reasons || array_fill(v_seen, array[coalesce(cardinality(v_post_ids), 0)]);

    if p_slate.mode <> 'following' then
        v_slate.shop_ids := v_slate.shop_ids || array(
            select v_shop_ids[o.i] from unnest(internal.feed_spread(v_shop_authors, 4)) o (i) limit v_room
        );
        v_slate.shop_reasons := v_slate.shop_reasons
            || array_fill(v_seen, array[least(coalesce(cardinality(v_shop_ids), 0), v_room)]);
    end if;
    return v_slate;
end
$$;
comment on function internal.feed_slate_with_seen(public.feed_slates, internal.feed_context) is
'A new slate with what the viewer has seen behind everything else.';
revoke all on function internal.feed_slate_with_seen(public.feed_slates, internal.feed_context) from public;
