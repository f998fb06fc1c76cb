create or replace function public.worker_limit_set(
    p_scope text,
    p_name text,
    p_most_running integer default null,
    p_most_per_key integer default null,
    p_rate_count integer default null,
    p_rate_seconds double precision default null,
    p_reason text default '',
    p_at timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require_service();
    perform internal.require_scope(p_scope);
    insert into public.worker_limits as l (
        scope, name, source, most_running, most_per_key, rate_count, rate_seconds, reason, set_by, set_at
    )
    values (
        p_scope, p_name, 'operator', p_most_running, p_most_per_key, p_rate_count, p_rate_seconds, p_reason, auth.uid(), p_at
    )
    on conflict (scope, name, source) do update
    set most_running = excluded.most_running,
        most_per_key = excluded.most_per_key,
        rate_count = excluded.rate_count,
        rate_seconds = excluded.rate_seconds,
        reason = excluded.reason,
        set_by = excluded.set_by,
        set_at = excluded.set_at;
    perform internal.count_runs();
    perform internal.gate_opened(p_scope, p_name);
    perform internal.audit(p_scope || '.limit', p_name, jsonb_build_object(
        'most_running', p_most_running, 'most_per_key', p_most_per_key, 'rate_count', p_rate_count,
        'rate_seconds', p_rate_seconds, 'reason', p_reason
    ));
end
$$;
comment on function public.worker_limit_set(text, text, integer, integer, integer, double precision, text, timestamptz) is
'Limits a queue (scope queue: p_most_running) or a job type in every queue (scope type: p_most_running at once, p_most_per_key at once of one partition key, p_rate_count in any p_rate_seconds). Stands in place of the whole limit that the code says, and over restarts, until worker_limit_clear(); what it leaves out has no limit, except that p_most_per_key falls back to the code''s number and without one to 1. What runs goes on.';
revoke all on function public.worker_limit_set(text, text, integer, integer, integer, double precision, text, timestamptz)
from public;
grant execute on function
public.worker_limit_set(text, text, integer, integer, integer, double precision, text, timestamptz)
to authenticated, service_role;
