create or replace function public.feed_weights_try(p_changes jsonb) returns integer
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_new public.feed_weights;
begin
    perform internal.require_service();
    if jsonb_typeof(p_changes) is distinct from 'object' or p_changes ?| internal.feed_weights_shared() then
        raise sqlstate 'PT400' using
            message = 'An arm differs only in what is a viewer''s own.', detail = 'invalid_value',
            hint = 'Shared by all: ' || array_to_string(internal.feed_weights_shared(), ', ') || '.';
    end if;
    perform internal.feed_require_weights(p_changes);
    v_new := jsonb_populate_record(internal.feed_weights(), p_changes - '{version,created_at,trial}'::text[]);
    v_new.version := nextval(pg_get_serial_sequence('public.feed_weights', 'version'));
    v_new.created_at := now();
    v_new.trial := true;
    insert into public.feed_weights overriding system value values (v_new.*);
    perform internal.audit('feed.weights_try', v_new.version::text, p_changes);
    return v_new.version;
end
$$;
comment on function public.feed_weights_try(jsonb) is
'Makes a version of the weights for an arm of an experiment, from the current one with some of them changed. Nobody''s feed changes.';
revoke all on function public.feed_weights_try(jsonb) from public;
grant execute on function public.feed_weights_try(jsonb) to authenticated, service_role;
