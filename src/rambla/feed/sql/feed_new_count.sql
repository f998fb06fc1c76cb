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
    v_gone_since constant timestamptz := internal.feed_gone_since(v_at);
    v_unheard constant uuid[] := internal.feed_unheard(v_viewer, v_gone_since);
    v_tired constant internal.feed_tired[] := internal.feed_tired(v_viewer, internal.feed_weights(), v_at);
    v_adult constant boolean := internal.is_adult(v_viewer);
    v_muted constant text := internal.feed_muted(v_viewer);
    v_anybody constant boolean := v_mode = 'trending' or v_mode = 'for_you' and not exists (
        select from public.follows f where f.follower_id = v_viewer
    );
    v_known uuid[];
begin
    if not coalesce(p_since between 2097152 and 9007199254740991, true) then
        raise sqlstate 'PT400' using
            message = 'The score is not of this feed.', detail = 'invalid_cursor', hint = 'Pass the score of any row.';
    end if;
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
            select
            from (
                select i.item_id, i.author_id, i.visibility, i.age_limited
                from public.feed_items i
                where i.live and i.item_type = 'post'
                    and i.published_at >= to_timestamp(v_epoch) and i.published_at <= v_at
                order by i.published_at desc
                limit 1000
            ) i
            cross join lateral (
                select exists (
                    select from public.follows f where f.follower_id = v_viewer and f.followee_id = i.author_id
                ) as followed
            ) f
            where i.author_id <> v_viewer
                and i.author_id not in (select unnest(v_unheard))
                and (v_adult or not i.age_limited)
                and (f.followed or v_anybody and i.visibility = 'public')
                -- The epoch is a whole second: what was published in it may be in the slate already.
                and i.item_id not in (select unnest(v_known))
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
'How many posts a refresh would add for the caller since the feed that the score is a row of, or since their newest one: of whom they follow, in trending (and for who follows nobody) of everybody. Counts to a hundred, among the thousand newest.';
revoke all on function public.feed_new_count(text, double precision, timestamptz) from public;
grant execute on function public.feed_new_count(text, double precision, timestamptz) to anon, authenticated;
