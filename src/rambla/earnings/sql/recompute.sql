create or replace function public.earnings_recompute(p_user_id uuid)
returns table (
    currency text,
    total bigint,
    captured bigint,
    pending bigint,
    missed bigint,
    reversed bigint,
    expired bigint,
    event_count bigint,
    new_events bigint,
    drift bigint
)
-- Row security off turns "sum the rows that I may see" into an error, should the owner ever lose sight of some.
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_tallies internal.earnings_tally[];
begin
    perform internal.require_may_act_for(p_user_id);
    perform internal.earnings_lock(p_user_id);

    v_tallies := array(select t from internal.earnings_fold(p_user_id) t);
    if exists (select from unnest(v_tallies) t where internal.earnings_drifted(t)) then
        v_tallies := internal.earnings_settle(p_user_id, v_tallies);
    end if;

    return query
    select
        t.currency,
        t.captured + t.pending + t.reversed + t.expired,
        t.captured,
        t.pending,
        t.pending + t.reversed + t.expired,
        t.reversed,
        t.expired,
        t.event_count,
        t.new_events,
        abs(t.captured_drift) + abs(t.pending_drift) + abs(t.reversed_drift) + abs(t.expired_drift)
    from unnest(v_tallies) t;
end
$$;
comment on function public.earnings_recompute(uuid) is
'Sums a user''s events from a checkpoint and what came since, and proves the ledger by it. One row per currency; drift is what the ledger was off by, and it is put right.';
revoke all on function public.earnings_recompute(uuid) from public;
grant execute on function public.earnings_recompute(uuid) to authenticated, service_role;
