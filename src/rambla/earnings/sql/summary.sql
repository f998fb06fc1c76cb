create or replace function public.earnings_summary(p_user_id uuid default auth.uid())
returns table (
    currency text,
    total bigint,
    captured bigint,
    pending bigint,
    missed bigint,
    missed_open bigint,
    missed_lost bigint,
    reversed bigint,
    expired bigint,
    event_count bigint,
    next_capture_at timestamptz,
    changed_at timestamptz
)
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(p_user_id);

    return query
    select
        l.currency, l.total, l.captured, l.pending, l.missed, l.pending, l.reversed + l.expired, l.reversed, l.expired,
        l.event_count,
        (
            select min(r.matures_at)
            from internal.earnings_accruals r
            where r.user_id = l.user_id and r.currency = l.currency and r.pending > 0
        ),
        l.changed_at
    from public.earnings_ledger l
    where l.user_id = p_user_id
    order by l.currency;
end
$$;
comment on function public.earnings_summary(uuid) is
'A user''s totals per currency. Missed is still open (pending) or lost (reversed and expired); next_capture_at is the earliest end of a hold period.';
revoke all on function public.earnings_summary(uuid) from public;
grant execute on function public.earnings_summary(uuid) to authenticated, service_role;
