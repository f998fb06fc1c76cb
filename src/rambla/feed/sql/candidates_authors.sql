create or replace function internal.feed_followees(p internal.feed_context) returns uuid[]
language plpgsql stable set search_path = ''
as $$
begin
    return array(
        select f.followee_id from public.follows f where f.follower_id = p.viewer_id order by f.created_at desc limit 501
    );
end
$$;
comment on function internal.feed_followees(internal.feed_context) is
'Whom the viewer follows, the newest first, as far as a slate asks after them one by one; one more says that there are more.';
revoke all on function internal.feed_followees(internal.feed_context) from public;

-- The order of all authors by their best posts is the order of those whom one follows too, so the first 48 of them are
-- all that a ranking takes (internal.feed_posts_by_authors).
create or replace function internal.feed_hottest_followees(p internal.feed_context) returns uuid[]
language plpgsql stable set search_path = ''
as $$
begin
    return array(
        select t.author_id
        from (
            select a.author_id
            from public.feed_authors a
            where a.top_key is not null
            order by a.top_key desc, a.author_id
            limit 200
        ) t
        cross join lateral (
            select
            from public.follows f
            where f.follower_id = p.viewer_id and f.followee_id = t.author_id
            offset 0 -- asks one by one, until there are enough of them
        ) f
        limit 48
    );
end
$$;
comment on function internal.feed_hottest_followees(internal.feed_context) is
'Whom the viewer follows of the two hundred authors with the best posts, 48 at most.';
revoke all on function internal.feed_hottest_followees(internal.feed_context) from public;

create or replace function internal.feed_other_followees(p internal.feed_context) returns uuid[]
language plpgsql stable set search_path = ''
as $$
declare
    -- Somewhere among all ids, and somewhere else at the next refresh.
    v_start constant uuid := md5(p.at::text)::uuid;
begin
    return array(
        (
            select f.followee_id
            from public.follows f
            where f.follower_id = p.viewer_id and f.followee_id >= v_start
            order by f.followee_id
            limit 100
        )
        union all
        (
            select f.followee_id
            from public.follows f
            where f.follower_id = p.viewer_id and f.followee_id < v_start
            order by f.followee_id desc
            limit 100
        )
    );
end
$$;
comment on function internal.feed_other_followees(internal.feed_context) is
'Two hundred of very many whom the viewer follows: different ones at each refresh, so that nobody is left out for good.';
revoke all on function internal.feed_other_followees(internal.feed_context) from public;

create or replace function internal.feed_followees_beside(
    p internal.feed_context, p_newest uuid[], p_hottest uuid[]
) returns uuid[]
language plpgsql stable set search_path = ''
as $$
begin
    return array(
        (
            select unnest(p_newest[:200])
            union
            select unnest(internal.feed_other_followees(p))
        )
        except
        select unnest(p_hottest)
    );
end
$$;
comment on function internal.feed_followees_beside(internal.feed_context, uuid[], uuid[]) is
'Of very many whom the viewer follows the newest and others, beside those with the best posts.';
revoke all on function internal.feed_followees_beside(internal.feed_context, uuid[], uuid[]) from public;

-- To ask after very many would cost more than the whole slate may.
create or replace function internal.feed_followees_asked(p internal.feed_context, p_mode text) returns uuid[]
language plpgsql stable set search_path = ''
as $$
declare
    v_newest constant uuid[] := internal.feed_followees(p);
    v_hottest uuid[];
begin
    if cardinality(v_newest) <= 500 then
        return v_newest;
    end if;
    v_hottest := internal.feed_hottest_followees(p);
    if cardinality(v_hottest) = 48 and p_mode <> 'latest' then
        return v_hottest;
    end if;
    return v_hottest || internal.feed_followees_beside(p, v_newest, v_hottest);
end
$$;
comment on function internal.feed_followees_asked(internal.feed_context, text) is
'Whom the viewer follows, as far as a slate asks after them: of very many those with the best posts, and where these are few, or the newest come first, the newest and others too.';
revoke all on function internal.feed_followees_asked(internal.feed_context, text) from public;

-- Each author's boost is the same for all their posts, so the order by rank_key within an author is the viewer's order
-- too, and top_key + boost bounds what an author can bring. They are asked in the order of that bound until there are
-- posts enough: two of each of 48, or of as many more as it takes when the first have little that the viewer has not
-- read. The best bounds hold whatever follows are left out.
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
    v_bars constant boolean := p.muted is not null or p.gone_tags <> '{}';
    v_muted constant text := p.muted;
    v_gone_tags constant text[] := p.gone_tags;
    v_followees uuid[] := p.followees;
    v_newest uuid[];
    v_found integer;
begin
    loop
        return query
        with warm as materialized (
            select a.subject::uuid as author_id,
                v_affinity_boost * ln(1 + exp(greatest(a.heat_key - v_now, -700))) as boost
            from public.feed_affinities a
            where a.viewer_id = p.viewer_id and a.subject_type = 'author'
            order by a.heat_key desc
            limit 32
        ),
        followed as (
            select t.author_id, t.top_key, v_follow_boost as boost, 1 as reason
            from public.feed_authors t
            where t.author_id = any (v_followees)
                and t.top_key is not null
                and t.author_id not in (select unnest(p.silenced))
                and t.author_id not in (select w.author_id from warm w)
        ),
        engaged as (
            select t.author_id, t.top_key, w.boost + case when f.followee_id is null then 0 else v_follow_boost end,
                case when f.followee_id is null then 2 else 1 end
            from warm w
            join public.feed_authors t on t.author_id = w.author_id
            left join lateral (
                select o.followee_id
                from public.follows o
                where o.follower_id = p.viewer_id and o.followee_id = w.author_id
                offset 0
            ) f on true
            where t.top_key is not null
                and t.author_id not in (select unnest(p.silenced))
                and (f.followee_id is not null or not p_followed_only)
        ),
        best as materialized (
            select k.*, least(count(*) over (), 48) as authors
            from (select * from followed union all select * from engaged) k
            order by k.top_key + k.boost desc, k.author_id
            limit case when v_bars then 96 end -- to look past what is barred costs more of each
        )
        select i.item_id, b.author_id, i.rank_key + b.boost, b.reason::smallint
        from best b
        cross join lateral (
            select i.item_id, i.rank_key
            from (
                select i.item_id, i.rank_key
                from public.feed_items i
                where i.author_id = b.author_id and i.item_type = 'post' and i.live
                    and (b.reason = 1 or i.visibility = 'public')
                    and (v_adult or not i.age_limited)
                    and i.item_id not in (select unnest(p.unwanted))
                order by i.rank_key desc, i.item_id desc
                limit greatest(1, p_limit / b.authors) * case when v_bars then 5 else 1 end
            ) i
            where not v_bars or not internal.feed_is_barred(i.item_id, v_muted, v_gone_tags)
            limit greatest(1, p_limit / b.authors)
            offset 0 -- keeps the probe a probe: without it the planner may read every author's posts and join
        ) i
        limit p_limit; -- asks no more of them than it takes
        get diagnostics v_found = row_count;
        exit when v_found >= p_limit / 2 or cardinality(p.followees) is distinct from 48 or v_followees <> p.followees;
        -- The hottest of very many had little; or these are all.
        v_newest := internal.feed_followees(p);
        exit when cardinality(v_newest) <= 500;
        v_followees := internal.feed_followees_beside(p, v_newest, p.followees);
    end loop;
end
$$;
comment on function internal.feed_posts_by_authors(internal.feed_context, boolean, integer) is
'Candidates: posts of the authors whom the viewer follows, and of those they engage with.';
revoke all on function internal.feed_posts_by_authors(internal.feed_context, boolean, integer) from public;
