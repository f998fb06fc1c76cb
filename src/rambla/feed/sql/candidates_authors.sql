create or replace function internal.feed_followees(p internal.feed_context) returns uuid[]
language plpgsql stable set search_path = ''
as $$
declare
    v_all constant uuid[] := array(
        select f.followee_id
        from public.follows f
        where f.follower_id = p.viewer_id
        order by f.created_at desc
        limit 1001
    );
    -- Somewhere among all ids, and somewhere else at the next refresh.
    v_start constant uuid := md5(p.at::text)::uuid;
begin
    if cardinality(v_all) <= 1000 then
        return v_all;
    end if;
    -- To ask after all of them would cost more than the whole slate may. These are whoever is hot, the newest, and five
    -- hundred others of which each refresh takes different ones, so that nobody is left out for good.
    return array(
        select t.author_id
        from (
            select a.author_id
            from public.feed_authors a
            where a.top_key is not null
            order by a.top_key desc, a.author_id
            limit 600
        ) t
        where exists (
            select from public.follows f where f.follower_id = p.viewer_id and f.followee_id = t.author_id
        )
        union
        select unnest(v_all[:200])
        union
        select f.followee_id
        from (
            select f.followee_id
            from public.follows f
            where f.follower_id = p.viewer_id and f.followee_id >= v_start
            order by f.followee_id
            limit 250
        ) f
        union
        select f.followee_id
        from (
            select f.followee_id
            from public.follows f
            where f.follower_id = p.viewer_id and f.followee_id < v_start
            order by f.followee_id desc
            limit 250
        ) f
    );
end
$$;
comment on function internal.feed_followees(internal.feed_context) is
'Whom the viewer follows; of very many, a part that is bounded and differs at each refresh.';
revoke all on function internal.feed_followees(internal.feed_context) from public;

-- Each author's boost is the same for all their posts, so the order by rank_key within an author is the viewer's order
-- too, and top_key + boost bounds what an author can bring: the 64 best bounds hold whatever follows are left out.
create or replace function internal.feed_posts_by_authors(
    p internal.feed_context, p_followed_only boolean, p_limit integer
) returns setof internal.feed_candidate
language plpgsql stable set search_path = ''
as $$
declare
    v_now constant double precision := extract(epoch from p.at) / (p.weights).affinity_tau_seconds;
    v_follow_boost constant double precision := (p.weights).follow_boost;
    v_affinity_boost constant double precision := (p.weights).affinity_boost;
    v_adult constant boolean := p.adult;
    v_followees constant uuid[] := internal.feed_followees(p);
begin
    return query
    with warm as materialized (
        select a.subject::uuid as author_id,
            v_affinity_boost * ln(1 + exp(greatest(a.heat_key - v_now, -700))) as boost
        from public.feed_affinities a
        where a.viewer_id = p.viewer_id and a.subject_type = 'author'
        order by a.heat_key desc
        limit 32
    ),
    known as (
        select f.author_id, v_follow_boost + coalesce(w.boost, 0) as boost, 1::smallint as reason
        from unnest(v_followees) f (author_id)
        left join warm w on w.author_id = f.author_id
        union all
        select w.author_id, w.boost + case when f.yes then v_follow_boost else 0 end, case when f.yes then 1 else 2 end
        from warm w
        cross join lateral (
            select exists (
                select from public.follows o where o.follower_id = p.viewer_id and o.followee_id = w.author_id
            ) as yes
        ) f
        where w.author_id not in (select unnest(v_followees)) and (f.yes or not p_followed_only)
    ),
    best as materialized (
        select k.*, count(*) over () as authors
        from (
            select k.author_id, k.boost, k.reason
            from known k
            join public.feed_authors t on t.author_id = k.author_id
            where t.top_key is not null and k.author_id not in (select unnest(p.silenced))
            order by t.top_key + k.boost desc, k.author_id
            limit 64
        ) k
    )
    select i.item_id, b.author_id, i.rank_key + b.boost, b.reason::smallint
    from best b
    cross join lateral (
        select i.item_id, i.rank_key
        from public.feed_items i
        where i.author_id = b.author_id and i.item_type = 'post' and i.live
            and (b.reason = 1 or i.visibility = 'public')
            and (v_adult or not i.age_limited)
            and i.item_id not in (select unnest(p.unwanted))
        order by i.rank_key desc, i.item_id desc
        limit greatest(1, p_limit / b.authors)
        offset 0 -- keeps the probe a probe: without it the planner may read every author's posts and join
    ) i;
end
$$;
comment on function internal.feed_posts_by_authors(internal.feed_context, boolean, integer) is
'Candidates: posts of the authors whom the viewer follows, and of those they engage with.';
revoke all on function internal.feed_posts_by_authors(internal.feed_context, boolean, integer) from public;
