create or replace function internal.feed_items_offered(p internal.feed_context)
returns table (item_type text, item_id uuid, author_id uuid, score double precision, reason smallint)
language plpgsql stable set search_path = ''
as $$
begin
    return query
    select i.item_type, i.item_id, i.author_id, i.rank_key + max(e.boost), 7::smallint
    from unnest(p.extras) e
    cross join lateral (select * from public.feed_items i where i.item_id = e.item_id offset 0) i
    where e.offered and i.live and i.in_stock
        and (p.adult or not i.age_limited)
        and (i.visibility = 'public' or i.author_id = any (p.followees))
        and i.item_id not in (select unnest(p.unwanted))
    group by i.item_type, i.item_id, i.author_id, i.rank_key;
end
$$;
comment on function internal.feed_items_offered(internal.feed_context) is
'Candidates: what sources outside of the database offer, as far as the viewer may see it.';
revoke all on function internal.feed_items_offered(internal.feed_context) from public;

create or replace function internal.feed_nudge_of(p_extras internal.feed_extra[], p_item_id uuid) returns double precision
language plpgsql immutable set search_path = ''
as $$
begin
    return coalesce(
        (select sum(e.boost) from unnest(p_extras) e where not e.offered and e.item_id = p_item_id), 0
    );
end
$$;
comment on function internal.feed_nudge_of(internal.feed_extra[], uuid) is 'What scorers outside of the database add to a score.';
revoke all on function internal.feed_nudge_of(internal.feed_extra[], uuid) from public;

create or replace function internal.feed_slate_notes(p_slate public.feed_slates, p internal.feed_context) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
    if coalesce(p.reposts, '{}') = '{}' and p.extras is null then
        return '{}';
    end if;
    return (
        with placed as materialized (
            select u.item_id, u.reason
            from unnest(p_slate.post_ids || p_slate.shop_ids, p_slate.post_reasons || p_slate.shop_reasons) u (item_id, reason)
            where u.reason in (6, 7) or p.extras is not null
        ),
        brought as (
            select r.item_id, 6 as reason, jsonb_build_object('by', r.user_id) as note from unnest(p.reposts) r
            union all
            select e.item_id, 7, jsonb_build_object('source', e.by, 'words', e.words, 'boost', e.boost)
            from (
                select distinct on (o.item_id) o.* from unnest(p.extras) o where o.offered order by o.item_id, o.boost desc
            ) e
        ),
        moved as (
            select e.item_id,
                jsonb_build_object('nudges', jsonb_agg(jsonb_build_object('by', e.by, 'words', e.words, 'boost', e.boost))) as note
            from unnest(p.extras) e
            where not e.offered
            group by e.item_id
        )
        select coalesce(jsonb_object_agg(s.item_id, coalesce(b.note, '{}') || coalesce(m.note, '{}')), '{}')
        from placed s
        left join brought b on b.item_id = s.item_id and b.reason = s.reason
        left join moved m on m.item_id = s.item_id
        where b.note is not null or m.note is not null
    );
end
$$;
comment on function internal.feed_slate_notes(public.feed_slates, internal.feed_context) is
'By item of a slate, what its place rests on besides its reason.';
revoke all on function internal.feed_slate_notes(public.feed_slates, internal.feed_context) from public;

create or replace function internal.feed_explain_extras(p_viewer uuid, p_item_id uuid, p_mode text)
returns table (term text, value double precision, words text)
language sql stable set search_path = ''
as $$
    with noted as (
        select l.notes -> p_item_id::text as note
        from public.feed_slates l
        where l.viewer_id = p_viewer and l.mode = p_mode
        order by l.epoch desc
        limit 1
    )
    select 'source', (n.note ->> 'boost')::double precision, n.note ->> 'words' from noted n where n.note ? 'source'
    union all
    select 'scorer', (s ->> 'boost')::double precision, s ->> 'words'
    from noted n, jsonb_array_elements(n.note -> 'nudges') s
$$;
comment on function internal.feed_explain_extras(uuid, uuid, text) is
'What extensions said of an item when the viewer''s newest feed was made.';
revoke all on function internal.feed_explain_extras(uuid, uuid, text) from public;
