create or replace function public.feed_experiment_stop(p_name text, p_at timestamptz default now()) returns boolean
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_service();
    if not exists (select from public.feed_experiments e where e.name = p_name) then
        raise sqlstate 'PT404' using message = 'There is no such experiment.', detail = 'not_found';
    end if;
    update public.feed_experiments e set stopped_at = greatest(p_at, e.started_at) where e.name = p_name and e.stopped_at is null;
    if not found then
        return false;
    end if;
    perform internal.audit('feed.experiment_stop', p_name, '{}');
    return true;
end
$$;
comment on function public.feed_experiment_stop(text, timestamptz) is
'Everybody''s next slate has the default weights again; false when it was stopped already. For admins and the service.';
revoke all on function public.feed_experiment_stop(text, timestamptz) from public;
grant execute on function public.feed_experiment_stop(text, timestamptz) to authenticated, service_role;
