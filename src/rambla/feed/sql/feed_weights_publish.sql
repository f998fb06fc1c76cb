create or replace function internal.feed_require_weights(p_changes jsonb) returns void
language plpgsql stable set search_path = ''
as $$
declare
    v_unknown constant text[] := array(
        select k from jsonb_object_keys(p_changes) k where not to_jsonb(internal.feed_weights()) ? k order by k
    );
begin
    if v_unknown <> '{}' then
        raise sqlstate 'PT400' using
            message = 'There is no such weight: ' || array_to_string(v_unknown, ', ') || '.', detail = 'invalid_value';
    end if;
end
$$;
comment on function internal.feed_require_weights(jsonb) is 'Refuses names that no weight has: a slip would change nothing and tell nobody.';
revoke all on function internal.feed_require_weights(jsonb) from public;

create or replace function public.feed_weights_publish(p_changes jsonb) returns integer
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_old public.feed_weights;
    v_new public.feed_weights;
begin
    perform internal.require_service();
    perform internal.feed_require_weights(p_changes);
    -- A key that somebody else makes of the old weights meanwhile would be corrected by nobody, and stand above or below
    -- everything for good: whoever ranks an item is waited for, and waits, and so does an experiment that begins. Who
    -- waits for a lock holds up whoever comes after, so not for long.
    perform set_config('lock_timeout', '3s', true);
    lock table public.feed_experiments, public.feed_items in share row exclusive mode;
    v_old := internal.feed_weights();
    if exists (select from public.feed_experiments e where e.stopped_at is null) then
        raise sqlstate 'PT409' using
            message = 'An experiment runs, and its arms were made from the current weights.', detail = 'conflict',
            hint = 'Stop it first, with feed_experiment_stop().';
    end if;
    v_new := jsonb_populate_record(v_old, p_changes - '{version,created_at,trial}'::text[]);
    if v_new is not distinct from v_old then
        return v_old.version;
    end if;
    v_new.version := nextval(pg_get_serial_sequence('public.feed_weights', 'version'));
    v_new.created_at := now();
    insert into public.feed_weights overriding system value values (v_new.*);
    perform internal.audit('feed.weights_publish', v_new.version::text, p_changes);

    -- Keys are comparable only when all were made with the same weights.
    update public.feed_items i
    set engagement_bucket = k.bucket,
        rank_key = internal.feed_rank_key(i.item_type, i.published_at, k.bucket, v_new)
    from (
        select f.item_id, coalesce(internal.feed_bucket(c, v_new), 0::smallint) as bucket
        from public.feed_items f
        left join public.feed_counters c on c.item_id = f.item_id
    ) k
    where i.item_id = k.item_id
        and (i.engagement_bucket, i.rank_key)
        <> (k.bucket, internal.feed_rank_key(i.item_type, i.published_at, k.bucket, v_new));
    return v_new.version;
end
$$;
comment on function public.feed_weights_publish(jsonb) is
'Makes a new version of the weights from the current one with some of them changed, and ranks every item by it. Nobody posts, likes, saves or buys until that is committed, so not at a busy hour.';
revoke all on function public.feed_weights_publish(jsonb) from public;
grant execute on function public.feed_weights_publish(jsonb) to authenticated, service_role;
