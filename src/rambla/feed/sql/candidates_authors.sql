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
begin
    if cardinality(v_all) <= 1000 then
        return v_all;
    end if;
    -- More would cost more than the whole slate may. Nothing that is hot is missed: the thousand best authors of all
    -- are asked instead whether they are followed.
    return array(
        select t.author_id
        from (
            select a.author_id from public.feed_authors a
            where a.top_key is not null
            order by a.top_key desc, a.author_id
            limit 1000
        ) t
        where exists (
            select from public.follows f where f.follower_id = p.viewer_id and f.followee_id = t.author_id
        )
        union
        select unnest(v_all)
    );
end
$$;
comment on function internal.feed_followees(internal.feed_context) is
'Whom the viewer follows; of very many, the newest thousand and those with the best posts.';
revoke all on function internal.feed_followees(internal.feed_context) from public;

-- Each author's boost is the same for all their posts, so the order by rank_key within an author is the viewer's order
-- too, and top_key + boost bounds what an author can bring: the 64 best bounds hold whatever follows are left out.
create or replace function internal.feed_posts_by_authors(p internal.feed_context, p_followed_only boolean)
returns setof internal.feed_candidate
language plpgsql stable set search_path = ''
as $$
begin
    return query
    with warm as materialized (
        select a.subject::uuid as author_id,
            (p.weights).affinity_boost * ln(1 + exp(
                a.heat_key - extract(epoch from p.at)::double precision / (p.weights).affinity_tau_seconds
            )) as boost
        from public.feed_affinities a
        where a.viewer_id = p.viewer_id and a.subject_type = 'author'
        order by a.heat_key desc
        limit 32
    ),
    known as (
        select f.author_id, (p.weights).follow_boost + coalesce(w.boost, 0) as boost, 1::smallint as reason
        from unnest(internal.feed_followees(p)) f (author_id)
        left join warm w on w.author_id = f.author_id
        union all
        select w.author_id, w.boost, 2::smallint
        from warm w
        where not p_followed_only and not exists (
            select from public.follows f where f.follower_id = p.viewer_id and f.followee_id = w.author_id
        )
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
    select i.item_id, b.author_id, i.rank_key + b.boost, b.reason
    from best b
    cross join lateral (
        select i.item_id, i.rank_key
        from public.feed_items i
        where i.author_id = b.author_id and i.item_type = 'post' and i.live
            and (b.reason = 1 or i.visibility = 'public')
        order by i.rank_key desc, i.item_id desc
        limit greatest(8, 512 / b.authors)
        offset 0 -- keeps the probe a probe: without it the planner may read every author's posts and join
    ) i;
end
$$;
comment on function internal.feed_posts_by_authors(internal.feed_context, boolean) is
'Candidates: posts of the authors whom the viewer follows, and of those they engage with.';
revoke all on function internal.feed_posts_by_authors(internal.feed_context, boolean) from public;
