-- Takes authors in the order of their items, as small numbers from 1, and returns the places of the items in a new
-- order. Greedy: each place goes to the best item whose author has room, that is, does not stand right before it and
-- not twice in the window that ends there. Items that are passed over are held and come as soon as there is room.
-- Once nobody left has any, the best goes first.
create or replace function internal.feed_spread(p_authors integer[], p_window integer) returns integer[]
language plpgsql immutable set search_path = ''
as $$
declare
    v_count constant integer := cardinality(p_authors);
    v_authors constant integer := (select max(a) from unnest(p_authors) a);
    v_order integer[] := '{}';
    v_following integer[]; -- the next item of the same author
    v_held integer[]; -- of each author, the first item that was passed over
    v_free integer[] := '{}'; -- authors of held items who have room
    v_last integer[]; -- where each author stands last, and where before that
    v_before integer[];
    v_prior integer := 0; -- the author in the place before
    v_at integer := 1; -- the first item that is neither placed nor held
    v_item integer;
    v_author integer;
begin
    if v_authors is null or v_authors = 1 then
        return array(select generate_series(1, v_count));
    end if;
    v_last := array_fill(-p_window, array[v_authors]);
    v_before := v_last;
    v_held := array_fill(null::integer, array[v_authors]);
    v_following := array(
        select lead(i) over (partition by a order by i) from unnest(p_authors) with ordinality u (a, i) order by i
    );
    for v_place in 1 .. v_count loop
        if v_place > p_window then
            v_author := p_authors[v_order[v_place - p_window]];
            if v_held[v_author] is not null and v_before[v_author] = v_place - p_window then
                v_free := v_free || v_author;
            end if;
        end if;

        while v_at <= v_count loop
            v_author := p_authors[v_at];
            if v_held[v_author] is null then
                exit when v_author <> v_prior and v_before[v_author] <= v_place - p_window;
                v_held[v_author] := v_at;
                if v_before[v_author] <= v_place - p_window then
                    v_free := v_free || v_author;
                end if;
            end if;
            v_at := v_at + 1;
        end loop;

        v_item := v_at;
        foreach v_author in array v_free loop
            if v_author <> v_prior and v_held[v_author] < v_item then
                v_item := v_held[v_author];
            end if;
        end loop;
        if v_item > v_count then
            v_item := coalesce(
                (select min(h) from unnest(v_held) with ordinality u (h, a) where a <> v_prior), v_held[v_prior]
            );
        end if;

        v_author := p_authors[v_item];
        v_order := v_order || v_item;
        v_before[v_author] := v_last[v_author];
        v_last[v_author] := v_place;
        v_prior := v_author;
        if v_item = v_at then
            v_at := v_at + 1;
        else
            v_held[v_author] := v_following[v_item];
            v_free := array_remove(v_free, v_author);
            if v_held[v_author] is not null and v_before[v_author] <= v_place + 1 - p_window then
                v_free := v_free || v_author;
            end if;
        end if;
    end loop;
    return v_order;
end
$$;
comment on function internal.feed_spread(integer[], integer) is
'An order in which no author stands next to themselves or three times within the window, as long as others are left.';
revoke all on function internal.feed_spread(integer[], integer) from public;
