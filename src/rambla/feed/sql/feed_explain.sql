-- The terms add up to the score that the item would have in a slate made now, less the part of time that is the same for
-- all of them. Places among others (diversity, shop slots) are not terms of one item and are told without a value.
create or replace function public.feed_explain(
    p_item_id uuid, p_mode text default 'for_you', p_at timestamptz default now()
) returns table (
    term text,
    value double precision,
    words text
)
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
declare
    v_viewer constant uuid := auth.uid();
    v_mode constant text := internal.feed_mode(v_viewer, p_mode);
    v_at constant timestamptz := least(p_at, now());
begin
    perform internal.require_may_act_for(v_viewer);
    perform internal.feed_require_visible(p_item_id);
    if v_mode = 'latest' then
        return query
        select 'newest', null::double precision, 'Here the newest stands first: nothing else counts'
        union all
        select * from internal.feed_explain_place(v_viewer, p_item_id, v_mode);
        return;
    end if;
    return query
    select * from internal.feed_explain_item(p_item_id, v_at)
    union all
    select * from internal.feed_explain_viewer(v_viewer, p_item_id, v_mode, v_at)
    union all
    select * from internal.feed_explain_tired(v_viewer, p_item_id, v_at)
    union all
    select * from internal.feed_explain_extras(v_viewer, p_item_id, v_mode)
    union all
    select 'experiment', null::double precision,
        'Your feed is ranked by version ' || x.weights_version || ' of the weights: arm ' || x.arm || ' of ' || x.experiment
    from internal.feed_explain_arm(v_viewer, v_mode) x
    union all
    select * from internal.feed_explain_place(v_viewer, p_item_id, v_mode);
end
$$;
comment on function public.feed_explain(uuid, text, timestamptz) is
'Why the caller sees an item: each term of its score in words, and where it stands in their newest feed. A term of 0.69 doubles, one of -0.69 halves.';
revoke all on function public.feed_explain(uuid, text, timestamptz) from public;
grant execute on function public.feed_explain(uuid, text, timestamptz) to authenticated;
