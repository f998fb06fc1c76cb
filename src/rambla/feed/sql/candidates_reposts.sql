create or replace function internal.feed_reposts(p internal.feed_context) returns internal.feed_repost[]
language plpgsql stable set search_path = ''
as $$
begin
    -- Three days are seven times the tau of a post: what was reposted before stands behind everything else anyhow.
    return array(
        select (r.item_id, r.user_id, r.at)::internal.feed_repost
        from (
            select distinct on (n.item_id) n.item_id, n.user_id, n.created_at as at
            from (
                select r.item_id, r.user_id, r.created_at
                from public.feed_reposts r
                where r.user_id = any (p.followees)
                    and r.user_id not in (select unnest(p.silenced))
                    and r.created_at between p.at - interval '72 hours' and p.at
                order by r.created_at desc, r.user_id, r.item_id
                limit 96
            ) n
            order by n.item_id, n.created_at desc, n.user_id
        ) r
    );
end
$$;
comment on function internal.feed_reposts(internal.feed_context) is
'What those whom the viewer follows have reposted lately, each original once with who was last.';
revoke all on function internal.feed_reposts(internal.feed_context) from public;

-- A repost is as new as itself, and counts repost_factor of what a post of the reposter's own would.
create or replace function internal.feed_repost_boost(p_weights public.feed_weights) returns double precision
language sql immutable set search_path = ''
as $$ select p_weights.follow_boost + ln(p_weights.repost_factor) $$;
comment on function internal.feed_repost_boost(public.feed_weights) is
'What a repost adds to the score of its original for followers, beside making it as new as the repost.';
revoke all on function internal.feed_repost_boost(public.feed_weights) from public;

create or replace function internal.feed_items_reposted(p internal.feed_context)
returns table (item_type text, item_id uuid, author_id uuid, score double precision, reason smallint)
language plpgsql stable set search_path = ''
as $$
declare
    v_boost constant double precision := internal.feed_repost_boost(p.weights);
    v_post_tau constant double precision := (p.weights).post_tau_seconds;
    v_shop_tau constant double precision := (p.weights).shop_tau_seconds;
begin
    return query
    select i.item_type, i.item_id, i.author_id,
        i.rank_key + v_boost + extract(epoch from r.at - i.published_at)::double precision
        / case i.item_type when 'post' then v_post_tau else v_shop_tau end,
        6::smallint
    from unnest(p.reposts) r
    cross join lateral (select * from public.feed_items i where i.item_id = r.item_id offset 0) i
    where i.live and i.in_stock
        and (p.adult or not i.age_limited)
        and (i.visibility = 'public' or i.author_id = any (p.followees))
        and i.item_id not in (select unnest(p.unwanted));
end
$$;
comment on function internal.feed_items_reposted(internal.feed_context) is
'Candidates: originals of what those whom the viewer follows have reposted.';
revoke all on function internal.feed_items_reposted(internal.feed_context) from public;

create or replace function internal.feed_reposter(
    p_viewer uuid, p_slate public.feed_slates, p_item_id uuid, p_unheard uuid[]
) returns uuid
language plpgsql stable set search_path = ''
as $$
begin
    return (
        select r.user_id
        from public.feed_reposts r
        join public.follows f on f.follower_id = p_viewer and f.followee_id = r.user_id
        where r.user_id = (p_slate.notes -> p_item_id::text ->> 'by')::uuid
            and r.item_id = p_item_id
            and r.user_id not in (select unnest(p_unheard))
    );
end
$$;
comment on function internal.feed_reposter(uuid, public.feed_slates, uuid, uuid[]) is
'Whose repost brought an item into a slate; null once it is taken back, or the viewer does not follow or hear them any more.';
revoke all on function internal.feed_reposter(uuid, public.feed_slates, uuid, uuid[]) from public;
