create or replace function public.feed_prune(p_at timestamptz default now()) returns bigint
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_events bigint;
    v_slates bigint;
begin
    perform internal.require_service();
    delete from public.feed_events e
    where e.received_at < p_at - make_interval(days => internal.setting('feed_event_days')::integer);
    get diagnostics v_events = row_count;
    delete from public.feed_firsts f
    where f.at < p_at - make_interval(days => internal.setting('feed_event_days')::integer);
    delete from public.feed_slates s where s.epoch < extract(epoch from p_at) - 86400;
    get diagnostics v_slates = row_count;
    return v_events + v_slates;
end
$$;
comment on function public.feed_prune(timestamptz) is
'Deletes events past their days and slates that nobody has read from since yesterday; how many rows went.';
revoke all on function public.feed_prune(timestamptz) from public;
grant execute on function public.feed_prune(timestamptz) to service_role;
