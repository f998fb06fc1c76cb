-- Greedy: each place takes the best item whose author has room, looking at most p_lookahead items ahead, so an item
-- moves back only for diversity and few are passed over. Authors come as small numbers, which index the two arrays.
create or replace function internal.feed_spread(p_authors integer[], p_window integer, p_lookahead integer)
returns integer[]
language plpgsql immutable set search_path = ''
as $$
declare
    v_count constant integer := cardinality(p_authors);
    v_authors constant integer := (select max(a) from unnest(p_authors) a);
    v_next integer[] := array(select generate_series(1, v_count + 1)); -- v_next[i + 1] is whoever waits behind i
    v_last integer[];
    v_before integer[];
    v_order integer[] := '{}';
    v_prior integer;
    v_apart integer; -- behind whom the first waits that at least does not follow its own author
    v_looked integer;
    v_at integer;
    v_author integer;
begin
    if v_authors is null or v_authors = 1 then
        return array(select generate_series(1, v_count));
    end if;
    v_last := array_fill(-p_window, array[v_authors]);
    v_before := v_last;
    for v_place in 1 .. v_count loop
        v_prior := 0;
        v_apart := -1;
        v_looked := 0;
        loop
            v_at := v_next[v_prior + 1];
            v_author := p_authors[v_at];
            if v_looked = p_lookahead or v_author is null then
                v_prior := greatest(v_apart, 0);
                v_at := v_next[v_prior + 1];
                v_author := p_authors[v_at];
                exit;
            end if;
            if v_last[v_author] < v_place - 1 then
                exit when v_before[v_author] <= v_place - p_window;
                if v_apart < 0 then
                    v_apart := v_prior;
                end if;
            end if;
            v_prior := v_at;
            v_looked := v_looked + 1;
        end loop;
        v_next[v_prior + 1] := v_next[v_at + 1];
        v_before[v_author] := v_last[v_author];
        v_last[v_author] := v_place;
        v_order := v_order || v_at;
    end loop;
    return v_order;
end
$$;
comment on function internal.feed_spread(integer[], integer, integer) is
'An order in which no author stands next to themselves or three times within the window, where the lookahead allows it.';
revoke all on function internal.feed_spread(integer[], integer, integer) from public;
