create or replace function internal.feed_explain_item(p_item_id uuid, p_at timestamptz)
returns table (term text, value double precision, words text)
language sql stable set search_path = ''
as $$
    select t.term, t.value, t.words
    from public.feed_items i
    cross join internal.feed_weights() w
    left join public.feed_counters c on c.item_id = i.item_id
    cross join lateral (values
        (
            'popularity',
            i.engagement_bucket * ln(2::double precision) / 4,
            coalesce(
                (
                    select string_agg(
                        n.count || ' ' || n.one || case when n.count = 1 then '' else 's' end, ', ' order by n.nth
                    )
                    from (values
                        (1, c.likes, 'like'), (2, c.saves, 'save'), (3, c.shares, 'share'), (4, c.clicks, 'click'),
                        (5, c.purchases, 'purchase'), (6, c.cart_adds, 'cart'), (7, c.reposts, 'repost')
                    ) n (nth, count, one)
                    where n.count > 0
                ),
                'Nobody has reacted to it yet'
            )
        ),
        (
            'age',
            -extract(epoch from p_at - i.published_at)::double precision
            / case i.item_type when 'post' then w.post_tau_seconds else w.shop_tau_seconds end,
            case when i.item_type = 'post' then 'Posted ' else 'On offer since ' end
            || to_char(i.published_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
        )
    ) t (term, value, words)
    where i.item_id = p_item_id
$$;
comment on function internal.feed_explain_item(uuid, timestamptz) is 'The part of a score that is the same for everybody.';
revoke all on function internal.feed_explain_item(uuid, timestamptz) from public;

-- An item may come by several ways; as in the slate, the one that gives most counts, and the others do not add to it.
create or replace function internal.feed_explain_viewer(
    p_viewer uuid, p_item_id uuid, p_mode text, p_at timestamptz
) returns table (term text, value double precision, words text)
language sql stable set search_path = ''
as $$
    with item as (
        select i.*, p.display_name as author,
            exists (
                select from public.follows f where f.follower_id = p_viewer and f.followee_id = i.author_id
            ) as followed
        from public.feed_items i
        join public.profiles p on p.id = i.author_id
        where i.item_id = p_item_id
    ),
    felt as (
        select a.subject_type, a.subject,
            ln(
                1 + exp(greatest(a.heat_key - extract(epoch from p_at)::double precision / w.affinity_tau_seconds, -700))
            ) as heat
        from item i
        cross join internal.feed_weights_of(p_viewer) w
        join public.feed_affinities a
            on a.viewer_id = p_viewer
            and (
                (a.subject_type = 'author' and a.subject = i.author_id::text)
                or (a.subject_type = 'tag' and a.subject = any (i.tags))
            )
    ),
    reposted as (
        select p.weights, r.at, u.display_name as reposter
        from internal.feed_context_of(p_viewer, p_mode, p_at) p
        cross join unnest(p.reposts) r
        join public.profiles u on u.id = r.user_id
        where r.item_id = p_item_id
    ),
    terms as (
        select 1 as way, 'follow' as term, w.follow_boost as value, 'You follow ' || i.author as words
        from item i, internal.feed_weights_of(p_viewer) w
        where i.followed and (p_mode <> 'trending' or i.item_type = 'shop_item')
        union all
        select 1, 'affinity', w.affinity_boost * f.heat, 'You have reacted to posts by ' || i.author
        from item i, internal.feed_weights_of(p_viewer) w, felt f
        where f.subject_type = 'author' and i.item_type = 'post'
            and (p_mode = 'for_you' or (p_mode = 'following' and i.followed))
        union all
        select 2, 'interest', w.tag_boost * f.heat, 'You have reacted to #' || f.subject
        from internal.feed_weights_of(p_viewer) w, (select * from felt where subject_type = 'tag' order by heat desc limit 1) f
        where p_mode = 'for_you'
        union all
        select 3, 'new_author', w.new_author_boost, i.author || ' is new here, and this is their best post'
        from item i, internal.feed_weights_of(p_viewer) w, public.feed_authors a
        where p_mode = 'for_you' and i.item_type = 'post' and i.visibility = 'public'
            and a.author_id = i.author_id and a.top_key = i.rank_key
            and a.first_live_at > p_at - make_interval(days => w.new_author_days)
        union all
        select 4, 'repost', internal.feed_repost_boost(r.weights)
            + extract(epoch from r.at - i.published_at)::double precision
            / case i.item_type when 'post' then (r.weights).post_tau_seconds else (r.weights).shop_tau_seconds end,
            'Reposted by ' || r.reposter || ', whom you follow'
        from item i, reposted r
        where i.item_type = 'post' or p_mode = 'for_you'
        union all
        select 5, 'similar', internal.feed_similar_boost(l.likeness, w.similar_boost), 'People who liked what you liked also liked it'
        from item i, internal.feed_weights_of(p_viewer) w, internal.feed_likeness(p_viewer) l
        where p_mode = 'for_you' and i.visibility = 'public' and l.item_id = i.item_id
    )
    select t.term, t.value, t.words
    from terms t
    where t.way = (select s.way from terms s group by s.way order by sum(s.value) desc, s.way limit 1)
$$;
comment on function internal.feed_explain_viewer(uuid, uuid, text, timestamptz) is
'The part of a score that comes from whom the viewer follows and what they react to.';
revoke all on function internal.feed_explain_viewer(uuid, uuid, text, timestamptz) from public;

create or replace function internal.feed_explain_tired(p_viewer uuid, p_item_id uuid, p_at timestamptz)
returns table (term text, value double precision, words text)
language sql stable set search_path = ''
as $$
    select 'fewer', nullif(t.damp, '-infinity'),
        case t.subject_type
            when 'item' then 'You were not interested in it'
            when 'author' then 'You asked for fewer of ' || p.display_name
            else 'You asked for fewer of #' || t.subject
        end
        || case when t.damp = '-infinity' then ', so it is not shown for now' else '; this fades' end
    from public.feed_items i
    join public.profiles p on p.id = i.author_id
    cross join unnest(internal.feed_tired(p_viewer, internal.feed_weights_of(p_viewer), p_at)) t
    where i.item_id = p_item_id
        and case t.subject_type
            when 'item' then t.subject = i.item_id::text
            when 'author' then t.subject = i.author_id::text
            else t.subject = any (i.tags)
        end
$$;
comment on function internal.feed_explain_tired(uuid, uuid, timestamptz) is
'What a viewer''s wish to see fewer takes from a score.';
revoke all on function internal.feed_explain_tired(uuid, uuid, timestamptz) from public;

create or replace function internal.feed_explain_place(p_viewer uuid, p_item_id uuid, p_mode text)
returns table (term text, value double precision, words text)
language sql stable set search_path = ''
as $$
    select 'place', null::double precision,
        case
            when s.post is not null
                then 'Post ' || s.post || ' of ' || cardinality(s.post_ids)
                || ' in your feed'
                || case p_mode when 'latest' then '' else ': at most two of an author stand among twenty' end
            else 'Shop item ' || s.shop || ' of ' || cardinality(s.shop_ids)
                || ' in your feed: one in five places is the shop''s'
        end
        || case when s.reason = 'seen' then '. You have seen it, so it stands behind what you have not' else '' end
    from (
        select l.*, array_position(l.post_ids, p_item_id) as post, array_position(l.shop_ids, p_item_id) as shop,
            (internal.feed_reasons())[coalesce(
                l.post_reasons[array_position(l.post_ids, p_item_id)],
                l.shop_reasons[array_position(l.shop_ids, p_item_id)]
            )] as reason
        from public.feed_slates l
        where l.viewer_id = p_viewer and l.mode = p_mode
        order by l.epoch desc
        limit 1
    ) s
    where coalesce(s.post, s.shop) is not null
$$;
comment on function internal.feed_explain_place(uuid, uuid, text) is 'Where an item stands in a viewer''s newest feed.';
revoke all on function internal.feed_explain_place(uuid, uuid, text) from public;
