create or replace function internal.feed_is_barred(p_item_id uuid, p_muted text, p_gone_tags text[]) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
    return (p_muted is not null and internal.feed_speaks_of(p_item_id, p_muted))
        or (
            p_gone_tags <> '{}'
            and exists (select from public.feed_items i where i.item_id = p_item_id and i.tags && p_gone_tags)
        );
end
$$;
comment on function internal.feed_is_barred(uuid, text, text[]) is
'Whether a muted word stands in an item, or a tag of which the viewer wants none.';
revoke all on function internal.feed_is_barred(uuid, text, text[]) from public;

-- What the viewer has barred is looked past, and not without end: who has muted what stands in nearly everything is not
-- worth a search through all there is. Nobody else's candidates are asked.
create or replace function internal.feed_posts_trending(p internal.feed_context, p_limit integer)
returns setof internal.feed_candidate
language plpgsql stable set search_path = ''
as $$
declare
    v_bars constant boolean := p.muted is not null or p.gone_tags <> '{}';
    v_muted constant text := p.muted;
    v_gone_tags constant text[] := p.gone_tags;
begin
    return query
    select i.item_id, i.author_id, i.rank_key, 3::smallint
    from (
        select i.item_id, i.author_id, i.rank_key
        from public.feed_items i
        where i.live and i.item_type = 'post' and i.visibility = 'public'
            and (p.adult or not i.age_limited)
            and i.author_id <> p.viewer_id
            and i.author_id not in (select unnest(p.silenced))
            and i.item_id not in (select unnest(p.unwanted))
        order by i.rank_key desc, i.item_id desc
        limit case when v_bars then 2000 else p_limit end
    ) i
    where not v_bars or not internal.feed_is_barred(i.item_id, v_muted, v_gone_tags)
    limit p_limit;
end
$$;
comment on function internal.feed_posts_trending(internal.feed_context, integer) is
'Candidates: the best public posts of all.';
revoke all on function internal.feed_posts_trending(internal.feed_context, integer) from public;

drop function if exists internal.feed_items_by_tags(internal.feed_context, text);
create or replace function internal.feed_items_by_tags(p internal.feed_context)
returns table (item_type text, item_id uuid, author_id uuid, score double precision, reason smallint)
language plpgsql stable set search_path = ''
as $$
declare
    v_now constant double precision := extract(epoch from p.at) / (p.weights).affinity_tau_seconds;
    v_tag_boost constant double precision := (p.weights).tag_boost;
    v_bars constant boolean := p.muted is not null or p.gone_tags <> '{}';
    v_muted constant text := p.muted;
    v_gone_tags constant text[] := p.gone_tags;
begin
    return query
    with warm as materialized (
        select a.subject as tag,
            v_tag_boost * ln(1 + exp(greatest(a.heat_key - v_now, -700))) as boost
        from public.feed_affinities a
        where a.viewer_id = p.viewer_id and a.subject_type = 'tag'
        order by a.heat_key desc
        limit 8
    )
    select k.item_type, t.item_id, t.author_id, t.rank_key + w.boost, 2::smallint
    from warm w
    cross join (values ('post'), ('shop_item')) k (item_type)
    cross join lateral (
        select t.item_id, t.author_id, t.rank_key
        from (
            select t.item_id, t.author_id, t.rank_key
            from public.feed_item_tags t
            where t.tag = w.tag and t.item_type = k.item_type and t.item_id not in (select unnest(p.unwanted))
            order by t.rank_key desc, t.item_id desc
            limit case when v_bars then 80 else 8 end
        ) t
        where not v_bars or not internal.feed_is_barred(t.item_id, v_muted, v_gone_tags)
        limit 8
        offset 0
    ) t;
end
$$;
comment on function internal.feed_items_by_tags(internal.feed_context) is
'Candidates: public items with the tags that the viewer engages with.';
revoke all on function internal.feed_items_by_tags(internal.feed_context) from public;

create or replace function internal.feed_posts_by_new_authors(p internal.feed_context)
returns setof internal.feed_candidate
language plpgsql stable set search_path = ''
as $$
declare
    v_bars constant boolean := p.muted is not null or p.gone_tags <> '{}';
    v_muted constant text := p.muted;
    v_gone_tags constant text[] := p.gone_tags;
begin
    return query
    with newest as materialized (
        select a.author_id
        from public.feed_authors a
        where a.top_key is not null
            and a.first_live_at > p.at - make_interval(days => (p.weights).new_author_days)
        order by a.first_live_at desc
        limit 32
    )
    select i.item_id, n.author_id, i.rank_key + (p.weights).new_author_boost, 4::smallint
    from newest n
    cross join lateral (
        select i.item_id, i.rank_key
        from (
            select i.item_id, i.rank_key
            from public.feed_items i
            where i.author_id = n.author_id and i.item_type = 'post' and i.live and i.visibility = 'public'
                and (p.adult or not i.age_limited)
                and i.item_id not in (select unnest(p.unwanted))
            order by i.rank_key desc, i.item_id desc
            limit case when v_bars then 10 else 1 end
        ) i
        where not v_bars or not internal.feed_is_barred(i.item_id, v_muted, v_gone_tags)
        limit 1
        offset 0
    ) i;
end
$$;
comment on function internal.feed_posts_by_new_authors(internal.feed_context) is
'Candidates: the best post of each of the newest authors, whom nobody follows yet.';
revoke all on function internal.feed_posts_by_new_authors(internal.feed_context) from public;

create or replace function internal.feed_shop_items_offered(p internal.feed_context, p_limit integer)
returns setof internal.feed_candidate
language plpgsql stable set search_path = ''
as $$
declare
    v_follow_boost constant double precision := (p.weights).follow_boost;
    -- Of very many the part that this slate asks: the table would be read item by item, or all that is the viewer's.
    v_followees constant uuid[] := coalesce(p.followees, internal.feed_followees_asked(p, 'trending'));
    v_bars constant boolean := p.muted is not null or p.gone_tags <> '{}';
    v_muted constant text := p.muted;
    v_gone_tags constant text[] := p.gone_tags;
begin
    return query
    select i.item_id, i.author_id,
        i.rank_key + case when f.author_id is null then 0 else v_follow_boost end,
        case when f.author_id is null then 3 else 1 end::smallint
    from (
        select i.item_id, i.author_id, i.rank_key
        from (
            select i.item_id, i.author_id, i.rank_key
            from public.feed_items i
            where i.live and i.in_stock and i.item_type = 'shop_item'
                and (p.adult or not i.age_limited)
                and i.author_id <> p.viewer_id
                and i.author_id not in (select unnest(p.silenced))
                and i.item_id not in (select unnest(p.unwanted))
            order by i.rank_key desc, i.item_id desc
            limit case when v_bars then 500 else p_limit end
        ) i
        where not v_bars or not internal.feed_is_barred(i.item_id, v_muted, v_gone_tags)
        limit p_limit
    ) i
    left join unnest(v_followees) f (author_id) on f.author_id = i.author_id;
end
$$;
comment on function internal.feed_shop_items_offered(internal.feed_context, integer) is
'Candidates: the best shop items of all, those of followed sellers before others.';
revoke all on function internal.feed_shop_items_offered(internal.feed_context, integer) from public;
