-- Takes authors in the order of their items, as small numbers from 1, and returns the places of the items in a new
-- order. Greedy: each item takes the first place that is free and where its author has room, that is, does not stand
-- right before it and not twice in the window that ends there. Those before it have chosen, so each place has the best
-- item that may stand there, and no item is looked at twice.
create or replace function internal.feed_spread(p_authors integer[], p_window integer) returns integer[]
language plpgsql immutable set search_path = ''
as $$
declare
    v_order integer[] := '{}';
    v_next integer := 1; -- the first place that is free
    v_last integer[] := '{}'; -- where each author stands last; null: nowhere yet
    v_open integer[] := '{}'; -- from where on each has room again
    v_item integer := 0;
    v_author integer;
    v_place integer;
begin
    foreach v_author in array coalesce(p_authors, '{}') loop
        v_item := v_item + 1;
        v_place := greatest(v_next, v_open[v_author]);
        while v_order[v_place] > 0 loop
            v_place := v_place + 1;
        end loop;
        v_order[v_place] := v_item;
        v_open[v_author] := greatest(v_place + 2, v_last[v_author] + p_window);
        v_last[v_author] := v_place;
        while v_order[v_next] > 0 loop
            v_next := v_next + 1;
        end loop;
    end loop;
    if v_next > v_item then
        return v_order;
    end if;
    -- Nobody who is left has room at v_next, so they are at most half a window of authors.
    return v_order[:v_next - 1]
        || internal.feed_turns(p_authors, v_order[v_next:], p_authors[v_order[v_next - 1]]);
end
$$;
comment on function internal.feed_spread(integer[], integer) is
'An order in which no author stands next to themselves or three times within the window, as long as others are left; then they take turns.';
revoke all on function internal.feed_spread(integer[], integer) from public;

-- Whose turn was just before comes last in each, so nobody stands next to themselves while others are left.
create or replace function internal.feed_turns(p_authors integer[], p_items integer[], p_prior integer) returns integer[]
language plpgsql immutable set search_path = ''
as $$
begin
    return array(
        select t.item
        from (
            select i.item, i.author,
                row_number() over (partition by i.author order by i.item) as turn,
                min(i.item) over (partition by i.author) as best
            from (select u.item, p_authors[u.item] as author from unnest(p_items) u (item) where u.item > 0) i
        ) t
        order by t.turn, t.author = p_prior, t.best
    );
end
$$;
comment on function internal.feed_turns(integer[], integer[], integer) is
'Items in turns of their authors, each author once in a turn and always in the same order.';
revoke all on function internal.feed_turns(integer[], integer[], integer) from public;
