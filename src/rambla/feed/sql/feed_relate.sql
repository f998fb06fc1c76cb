create or replace function public.feed_relate(p_limit integer default 50) returns integer
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_taken uuid[];
begin
    perform internal.require_service();
    -- Two at once would each write lists without what the other found.
    if not pg_try_advisory_xact_lock(hashtextextended('feed_relate', 7)) then
        return 0;
    end if;
    with taken as (
        delete from internal.feed_unrelated u
        where u.id in (select n.id from internal.feed_unrelated n order by n.id limit least(p_limit, 1000))
        returning u.item_id
    )
    select coalesce(array_agg(t.item_id), '{}') into v_taken from taken t;
    perform internal.feed_similar_write(array(
        select i.item_id from public.feed_items i where i.item_id in (select unnest(v_taken))
    ));
    return cardinality(v_taken);
end
$$;
comment on function public.feed_relate(integer) is
'Finds again what people who liked an item also liked, for items that many more have liked since; how many it looked at. Less than the limit: that was all. For the service, one at a time.';
revoke all on function public.feed_relate(integer) from public;
grant execute on function public.feed_relate(integer) to service_role;

-- The cosine of two items: how many reacted to both over the root of how many reacted to each, less where that is few.
-- Of an item's people the newest three hundred are asked, of each of them what they reacted to last, and of a popular
-- item they stand for all: hence people / asked.
create or replace function internal.feed_similar_found(p_item_ids uuid[])
returns table (item_id uuid, similar_id uuid, likeness double precision)
language plpgsql stable set search_path = ''
as $$
begin
    return query
    with people as materialized (
        select a.item_id, l.user_id, count(*) over (partition by a.item_id) as asked
        from unnest(p_item_ids) a (item_id)
        cross join lateral (
            select distinct k.user_id
            from (
                select r.user_id
                from public.feed_reactions r
                where r.item_id = a.item_id
                order by r.created_at desc
                limit 300
            ) k
        ) l
    ),
    -- One person in common would tell everybody what that person likes.
    common as (
        select p.item_id, r.item_id as similar_id, count(*) as both_, max(p.asked) as asked
        from people p
        cross join lateral (
            select distinct k.item_id
            from (
                select r.item_id
                from public.feed_reactions r
                where r.user_id = p.user_id
                order by r.created_at desc
                limit 300
            ) k
            where k.item_id <> p.item_id
        ) r
        group by p.item_id, r.item_id
        having count(*) > 1
    )
    select b.item_id, b.similar_id, b.likeness
    from (
        select c.item_id, c.similar_id, s.likeness,
            row_number() over (partition by c.item_id order by s.likeness desc, c.similar_id) as nth
        from common c
        join public.feed_counters m on m.item_id = c.item_id
        join public.feed_counters o on o.item_id = c.similar_id
        cross join lateral (
            select least(
                c.both_::double precision / c.asked
                * sqrt(
                    greatest(m.likes, m.saves, c.asked)::double precision / greatest(o.likes, o.saves, c.both_)
                ), 1
            ) * c.both_ / (c.both_ + 10) as likeness
        ) s
    ) b
    where b.nth <= 50;
end
$$;
comment on function internal.feed_similar_found(uuid[]) is
'For each of some items the fifty that most of its people reacted to as well.';
revoke all on function internal.feed_similar_found(uuid[]) from public;

create or replace function internal.feed_similar_write(p_item_ids uuid[]) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    -- A list that an item newly belongs to takes it in; otherwise what is new would wait until the old is liked again.
    with found as materialized (
        select f.* from internal.feed_similar_found(p_item_ids) f
    ),
    -- Likes were taken back, or those who liked went: a list that stayed would tell what one person likes. What it named
    -- is looked at next, because its own list may rest on nothing else.
    emptied as (
        delete from internal.feed_similar s
        where s.item_id = any (p_item_ids) and s.item_id not in (select f.item_id from found f)
        returning s.similar_ids
    ),
    again as (
        insert into internal.feed_unrelated (item_id)
        select distinct u.id
        from emptied e
        cross join unnest(e.similar_ids) u (id)
        where u.id <> all (p_item_ids)
    ),
    joining as materialized (
        select f.similar_id as item_id, f.item_id as similar_id, f.likeness
        from found f
        left join internal.feed_similar s on s.item_id = f.similar_id
        where f.similar_id <> all (p_item_ids)
            and f.item_id <> all (coalesce(s.similar_ids, '{}'))
            and (coalesce(cardinality(s.similar_ids), 0) < 50 or f.likeness > s.likeness[50])
    ),
    pairs as (
        select f.item_id, f.similar_id, f.likeness from found f
        union all
        select j.item_id, j.similar_id, j.likeness from joining j
        union all
        select s.item_id, u.similar_id, u.likeness
        from internal.feed_similar s
        cross join unnest(s.similar_ids, s.likeness) u (similar_id, likeness)
        where s.item_id in (select j.item_id from joining j)
    ),
    best as (
        select p.*, row_number() over (partition by p.item_id order by p.likeness desc, p.similar_id) as nth
        from pairs p
    )
    insert into internal.feed_similar (item_id, similar_ids, likeness)
    select b.item_id, array_agg(b.similar_id order by b.nth), array_agg(b.likeness::real order by b.nth)
    from best b
    where b.nth <= 50
    group by b.item_id
    on conflict (item_id) do update set similar_ids = excluded.similar_ids, likeness = excluded.likeness;
end
$$;
comment on function internal.feed_similar_write(uuid[]) is
'Writes the lists of some items, deletes those of which nothing is left, and adds these to the lists of what they are alike to.';
revoke all on function internal.feed_similar_write(uuid[]) from public;
