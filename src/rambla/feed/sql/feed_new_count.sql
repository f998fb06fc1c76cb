create or replace function internal.feed_new_reposts(
    p_viewer uuid, p_unheard uuid[], p_since timestamptz, p_at timestamptz
) returns setof uuid
language plpgsql stable set search_path = ''
as $$
begin
    -- As internal.feed_reposts() takes them into a slate, but by time: whom the viewer follows may be thousands.
    return query
    select distinct r.item_id
    from (
        select n.item_id
        from (
            select r.item_id, r.user_id, r.created_at
            from public.feed_reposts r
            where r.created_at >= greatest(p_since, p_at - interval '72 hours') and r.created_at <= p_at
            order by r.created_at desc
            limit 1000
        ) n
        cross join lateral (
            select exists (
                select from public.follows f where f.follower_id = p_viewer and f.followee_id = n.user_id
            ) as yes
        ) f
        where f.yes and n.user_id not in (select unnest(p_unheard))
        order by n.created_at desc
        limit 96
    ) r;
end
$$;
comment on function internal.feed_new_reposts(uuid, uuid[], timestamptz, timestamptz) is
'Originals of what those whom a viewer follows and hears have reposted since then, among the thousand newest reposts.';
revoke all on function internal.feed_new_reposts(uuid, uuid[], timestamptz, timestamptz) from public;

create or replace function public.feed_new_count(
    p_mode text, p_since double precision default null, p_at timestamptz default now()
) returns integer
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
declare
    v_viewer constant uuid := coalesce(auth.uid(), internal.feed_visitor());
    v_mode constant text := internal.feed_mode(v_viewer, p_mode);
    v_at constant timestamptz := least(p_at, now());
    v_epoch bigint;
    v_unheard uuid[];
    v_adult boolean;
    v_muted text;
    v_seen_since constant timestamptz := v_at
        - make_interval(days => internal.setting('feed_seen_days')::integer);
    v_tired constant internal.feed_tired[] := internal.feed_tired(v_viewer, internal.feed_weights(), v_at);
    v_anybody constant boolean := v_mode = 'trending' or v_mode = 'for_you' and not exists (
        select from public.follows f where f.follower_id = v_viewer
    );
    v_known uuid[];
begin
    if not coalesce(p_since between 2097152 and 9007199254740991, true) then
        raise sqlstate 'PT400' using
            message = 'The score is not of this feed.', detail = 'invalid_cursor', hint = 'Pass the score of any row.';
    end if;
    select e.unheard, e.adult, e.muted into v_unheard, v_adult, v_muted from internal.feed_eyes(v_viewer, v_at) e;
    select s.epoch, s.post_ids into v_epoch, v_known
    from public.feed_slates s
    where s.viewer_id = v_viewer and s.mode = v_mode
        and (p_since is null or s.epoch = floor(p_since / 2097152))
    order by s.epoch desc
    limit 1;
    v_epoch := coalesce(v_epoch, floor(p_since / 2097152)::bigint);

    return (
        select count(*)
        from (
            select distinct i.item_id
            from (
                (
                    select i.item_id, i.author_id, i.visibility, i.age_limited, v_anybody as to_anybody
                    from public.feed_items i
                    where i.live and i.item_type = 'post'
                        and i.published_at >= to_timestamp(v_epoch) and i.published_at <= v_at
                    order by i.published_at desc
                    limit 1000
                )
                union all
                select i.item_id, i.author_id, i.visibility, i.age_limited, true
                from internal.feed_new_reposts(v_viewer, v_unheard, to_timestamp(v_epoch), v_at) r (item_id)
                cross join lateral (select * from public.feed_items i where i.item_id = r.item_id offset 0) i
                where v_mode <> 'trending' and i.live and i.item_type = 'post'
            ) i
            cross join lateral (
                select exists (
                    select from public.follows f where f.follower_id = v_viewer and f.followee_id = i.author_id
                ) as followed
            ) f
            where i.author_id <> v_viewer
                and i.author_id not in (select unnest(v_unheard))
                and (v_adult or not i.age_limited)
                and (f.followed or i.to_anybody and i.visibility = 'public')
                -- The epoch is a whole second: what was published in it may be in the slate already.
                and i.item_id not in (select unnest(v_known))
                -- One by one (offset 0): the planner would rather read all that a viewer has ever seen and hidden.
                and not exists (
                    select from public.feed_firsts s
                    where s.viewer_id = v_viewer and s.item_id = i.item_id and s.at > v_seen_since
                    offset 0
                )
                and not exists (
                    select from public.feed_hides h
                    where h.user_id = v_viewer and h.item_id = i.item_id and h.reason = 'hidden'
                    offset 0
                )
                and (
                    v_tired is null
                    or internal.feed_damp_of(v_tired, i.item_id, i.author_id) > '-infinity'
                )
                and (v_muted is null or not internal.feed_speaks_of(i.item_id, v_muted))
            limit 100
        ) n
    );
end
$$;
comment on function public.feed_new_count(text, double precision, timestamptz) is
'How many posts a refresh would add for the caller since the feed that the score is a row of, or since their newest one: of whom they follow and by their reposts, in trending (and for who follows nobody) of everybody; none that they have seen. Counts to a hundred, among the thousand newest posts and the thousand newest reposts.';
revoke all on function public.feed_new_count(text, double precision, timestamptz) from public;
grant execute on function public.feed_new_count(text, double precision, timestamptz) to anon, authenticated;
