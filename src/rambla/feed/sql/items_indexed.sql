create or replace function internal.feed_items_tagged() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    if tg_op = 'UPDATE' then
        delete from public.feed_item_tags t
        using new_rows n
        where t.item_id = n.item_id
            and not (n.live and n.in_stock and n.visibility = 'public' and not n.age_limited and t.tag = any (n.tags));
    end if;
    insert into public.feed_item_tags as t (tag, item_id, item_type, author_id, rank_key, published_at)
    select distinct tag, n.item_id, n.item_type, n.author_id, n.rank_key, n.published_at
    from new_rows n, unnest(n.tags) tag
    where n.live and n.in_stock and n.visibility = 'public' and not n.age_limited
    on conflict (item_id, tag) do update
    set rank_key = excluded.rank_key, published_at = excluded.published_at
    where (t.rank_key, t.published_at) <> (excluded.rank_key, excluded.published_at);
    return null;
end
$$;
comment on function internal.feed_items_tagged() is 'Keeps feed_item_tags.';
revoke all on function internal.feed_items_tagged() from public;

create or replace function internal.feed_authors_changed() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
declare
    v_authors uuid[] := '{}';
begin
    if tg_op <> 'DELETE' then
        insert into public.feed_authors (author_id, first_live_at)
        select n.author_id, min(n.published_at)
        from new_rows n
        where n.live and n.item_type = 'post'
        group by n.author_id
        order by n.author_id
        on conflict (author_id) do nothing;
        v_authors := array(select distinct n.author_id from new_rows n where n.item_type = 'post');
    end if;
    if tg_op <> 'INSERT' then
        v_authors := v_authors || array(select distinct o.author_id from old_rows o where o.item_type = 'post');
    end if;

    -- Whoever changes an author's posts holds the author's row to the end. Computed in the statement after the
    -- lock, whose snapshot has all that earlier holders did; otherwise one of two writers is forgotten, and a bound
    -- that is too low hides a post from every slate.
    perform
    from public.feed_authors a
    where a.author_id = any (v_authors)
    order by a.author_id
    for no key update;
    update public.feed_authors a
    set top_key = t.top_key
    from public.feed_authors b
    left join lateral (
        select i.rank_key as top_key
        from public.feed_items i
        where i.author_id = b.author_id and i.item_type = 'post' and i.live
        order by i.rank_key desc
        limit 1
    ) t on true
    where b.author_id = any (v_authors) and a.author_id = b.author_id and a.top_key is distinct from t.top_key;
    return null;
end
$$;
comment on function internal.feed_authors_changed() is 'Keeps feed_authors.';
revoke all on function internal.feed_authors_changed() from public;
