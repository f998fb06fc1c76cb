create or replace function internal.feed_repost_count(p_item_id uuid) returns bigint
language plpgsql stable set search_path = ''
as $$
begin
    return coalesce((select c.reposts from public.feed_counters c where c.item_id = p_item_id), 0);
end
$$;
comment on function internal.feed_repost_count(uuid) is 'How many people have reposted an item.';
revoke all on function internal.feed_repost_count(uuid) from public;

create or replace function public.feed_repost(p_item_id uuid, p_at timestamptz default now()) returns bigint
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_at constant timestamptz := least(p_at, now());
    v_author constant uuid := (select i.author_id from public.feed_items i where i.item_id = p_item_id and i.live);
begin
    perform internal.require_may_act_for(auth.uid());
    perform internal.feed_require_visible(p_item_id);
    if coalesce(v_author = auth.uid(), true) then
        raise sqlstate 'PT400' using
            message = 'One does not repost what is one''s own.', detail = 'invalid_value',
            hint = 'Followers get it in their feed already.';
    end if;
    insert into public.feed_reposts (user_id, item_id, created_at)
    values (auth.uid(), p_item_id, v_at)
    on conflict (user_id, item_id) do nothing;
    if found then
        perform internal.feed_warm(array[auth.uid()], array[p_item_id], array[2], array[v_at]);
        -- The key is the reposter's and the item's, so taking it back and doing it again tells the author once.
        perform internal.notify(
            v_author, 'inapp', 'item_reposted',
            left(p.display_name || ' reposted ' || coalesce(n.words, 'something of yours'), 200), '',
            jsonb_build_object('item_id', p_item_id, 'handle', p.handle), 'repost:' || p_item_id || ':' || p.id
        )
        from public.profiles p
        cross join lateral (
            select left(coalesce(
                (select coalesce(nullif(o.title, ''), o.body) from public.posts o where o.id = p_item_id),
                (select o.title from public.shop_items o where o.id = p_item_id)
            ), 80) as words
        ) n
        where p.id = auth.uid();
    end if;
    return internal.feed_repost_count(p_item_id);
end
$$;
comment on function public.feed_repost(uuid, timestamptz) is
'Shows an item to the caller''s followers and returns how many have reposted it; twice is once. Who may not see the original does not see it by way of a repost.';
revoke all on function public.feed_repost(uuid, timestamptz) from public;
grant execute on function public.feed_repost(uuid, timestamptz) to authenticated;
