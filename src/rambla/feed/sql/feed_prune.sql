create or replace function public.feed_prune(p_at timestamptz default now()) returns bigint
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_since constant timestamptz := internal.feed_events_since(p_at);
    v_timeless bigint;
    v_events bigint;
    v_slates bigint;
begin
    perform internal.require_service();
    delete from internal.feed_events_timeless e where e.received_at < v_since;
    get diagnostics v_timeless = row_count;
    delete from internal.feed_events_default e where e.received_at < v_since;
    get diagnostics v_events = row_count;
    delete from public.feed_firsts f where f.at < v_since;
    delete from public.feed_slates s where s.epoch < extract(epoch from p_at) - 86400;
    get diagnostics v_slates = row_count;
    delete from public.feed_exposures e
    using public.feed_experiments x
    where x.name = e.experiment and x.stopped_at < v_since;
    return v_timeless + v_events + v_slates;
end
$$;
comment on function public.feed_prune(timestamptz) is
'Deletes events of no week that are past their days, slates that were made more than a day ago, and who was shown an experiment that ended as long ago as events are kept; how many events and slates went. Weeks are feed_events_turn()''s.';
revoke all on function public.feed_prune(timestamptz) from public;
grant execute on function public.feed_prune(timestamptz) to service_role;
