create or replace function internal.feed_reaction_count(p_item_id uuid, p_kind text) returns bigint
language plpgsql stable set search_path = ''
as $$
begin
    return coalesce(
        (
            select case p_kind when 'like' then c.likes else c.saves end
            from public.feed_counters c
            where c.item_id = p_item_id
        ),
        0
    );
end
$$;
comment on function internal.feed_reaction_count(uuid, text) is 'How many likes or saves an item has.';
revoke all on function internal.feed_reaction_count(uuid, text) from public;

create or replace function internal.feed_reactions_add(
    p_viewer uuid, p_item_ids uuid[], p_kinds text[], p_at timestamptz
) returns void
language sql volatile set search_path = ''
as $$
    with added as (
        insert into public.feed_reactions as r (user_id, item_id, kind, created_at)
        select distinct p_viewer, u.item_id, u.kind, p_at
        from unnest(p_item_ids, p_kinds) u (item_id, kind)
        order by u.item_id, u.kind
        on conflict (user_id, item_id, kind) do nothing
        returning r.item_id, r.kind
    )
    select internal.feed_warm(
        array_agg(p_viewer), array_agg(a.item_id), array_agg(case a.kind when 'like' then 1 else 2 end), array_agg(p_at)
    )
    from added a
    having count(*) > 0
$$;
comment on function internal.feed_reactions_add(uuid, uuid[], text[], timestamptz) is
'Likes and saves that stand from now on, and what they tell of their viewer; those that stood already are as they were.';
revoke all on function internal.feed_reactions_add(uuid, uuid[], text[], timestamptz) from public;

create or replace function public.feed_react(p_item_id uuid, p_kind text, p_at timestamptz default now()) returns bigint
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    if coalesce(p_kind not in ('like', 'save'), true) then
        raise sqlstate 'PT400' using
            message = 'There is no such reaction.', detail = 'invalid_value', hint = 'Reactions are like and save.';
    end if;
    perform internal.feed_require_visible(p_item_id);
    perform internal.feed_reactions_add(auth.uid(), array[p_item_id], array[p_kind], least(p_at, now()));
    return internal.feed_reaction_count(p_item_id, p_kind);
end
$$;
comment on function public.feed_react(uuid, text, timestamptz) is
'Likes or saves an item for the caller and returns how many have; twice is once.';
revoke all on function public.feed_react(uuid, text, timestamptz) from public;
grant execute on function public.feed_react(uuid, text, timestamptz) to authenticated;
