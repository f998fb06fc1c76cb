create or replace function public.feed_fold(p_limit integer default 5000) returns integer
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_taken internal.feed_unfolded[];
begin
    perform internal.require_service();
    -- Taken out in the transaction that counts them, so each is counted once whoever crashes; what another fold holds
    -- is left to it.
    with taken as (
        delete from internal.feed_unfolded u
        where u.id in (
            select n.id
            from internal.feed_unfolded n
            order by n.id
            limit least(p_limit, 50000)
            for update skip locked
        )
        returning u.*
    )
    select array_agg(t) into v_taken from taken t;
    if v_taken is null then
        return 0;
    end if;
    perform internal.feed_count(array_agg((
        t.item_id, 0, 0, (t.kind = 'share')::int, (t.kind = 'click')::int, 0, (t.kind = 'impression')::int,
        (t.kind = 'add_to_cart')::int, (t.kind = 'dwell')::int, 0
    )::public.feed_counters))
    from unnest(v_taken) t;
    perform internal.feed_warm(
        array_agg(t.viewer_id),
        array_agg(t.item_id),
        array_agg(case t.kind when 'share' then 2 when 'add_to_cart' then 2 when 'click' then 0.3 else 0.2 end),
        array_agg(t.at)
    )
    from unnest(v_taken) t
    where t.kind <> 'impression'
    having count(*) > 0;
    return cardinality(v_taken);
end
$$;
comment on function public.feed_fold(integer) is
'Adds recorded events to the counters of items and to what viewers feel for authors and tags; how many. Less than the limit: that was all. For the service, any number at once.';
revoke all on function public.feed_fold(integer) from public;
grant execute on function public.feed_fold(integer) to service_role;
