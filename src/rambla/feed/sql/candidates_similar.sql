-- How alike an item is to all that the viewer reacted to lately, as one number: the sum over those.
-- Both functions become a part of the statement that asks for them, as internal.feed_cards() does.
create or replace function internal.feed_likeness(p_viewer uuid)
returns table (item_id uuid, likeness double precision)
language sql stable rows 500
as $$
    select u.similar_id, sum(u.likeness)::double precision
    from (
        -- Side by side, which in from would store each list before it is read.
        select unnest(s.similar_ids) as similar_id, unnest(s.likeness) as likeness
        from (
            select distinct r.item_id
            from (
                select r.item_id
                from public.feed_reactions r
                where r.user_id = p_viewer
                order by r.created_at desc
                limit 20
            ) r
        ) l
        cross join lateral (
            select s.similar_ids, s.likeness from internal.feed_similar s where s.item_id = l.item_id offset 0
        ) s
    ) u
    group by u.similar_id
$$;
comment on function internal.feed_likeness(uuid) is 'What people who liked what the viewer liked also liked, and how much.';
revoke all on function internal.feed_likeness(uuid) from public;

create or replace function internal.feed_similar_boost(p_likeness double precision, p_boost double precision)
returns double precision
language sql immutable
as $$ select p_boost * ln(1 + 10 * p_likeness) $$;
comment on function internal.feed_similar_boost(double precision, double precision) is
'What a likeness adds to a score: nothing when there is none, and a tenth counts as much as a doubling of engagement does with a boost of one.';
revoke all on function internal.feed_similar_boost(double precision, double precision) from public;

create or replace function internal.feed_items_similar(p internal.feed_context)
returns table (item_type text, item_id uuid, author_id uuid, score double precision, reason smallint)
language plpgsql stable set search_path = ''
as $$
declare
    v_reason constant smallint := array_position(internal.feed_reasons(), 'similar');
    v_boost constant double precision := (p.weights).similar_boost;
    v_adult constant boolean := p.adult;
begin
    return query
    select i.item_type, i.item_id, i.author_id, i.rank_key + internal.feed_similar_boost(l.likeness, v_boost), v_reason
    from (
        select f.item_id, f.likeness
        from internal.feed_likeness(p.viewer_id) f
        where f.item_id not in (select unnest(p.unwanted))
        order by f.likeness desc, f.item_id
        limit 150
    ) l
    cross join lateral (select * from public.feed_items i where i.item_id = l.item_id offset 0) i
    where i.live and i.in_stock and i.visibility = 'public' and (v_adult or not i.age_limited);
end
$$;
comment on function internal.feed_items_similar(internal.feed_context) is
'Candidates: public posts and shop items that people liked who liked what the viewer liked.';
revoke all on function internal.feed_items_similar(internal.feed_context) from public;
