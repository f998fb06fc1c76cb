create or replace function internal.earnings_drifted(p_tally internal.earnings_tally) returns boolean
language sql immutable set search_path = ''
as $$
    select (p_tally.captured_drift, p_tally.pending_drift, p_tally.reversed_drift, p_tally.expired_drift, p_tally.count_drift)
        <> (0, 0, 0, 0, 0)
$$;
comment on function internal.earnings_drifted(internal.earnings_tally) is 'Whether the ledger does not agree with the sums.';
revoke all on function internal.earnings_drifted(internal.earnings_tally) from public;

create or replace function internal.earnings_settle(p_user_id uuid, p_tallies internal.earnings_tally[])
returns internal.earnings_tally[]
language plpgsql volatile set search_path = ''
as $$
declare
    v_tallies internal.earnings_tally[];
begin
    -- Ledger and checkpoint disagree; each is a cache. The events alone decide which one was wrong.
    perform internal.earnings_forget(p_user_id);
    v_tallies := array(select t from internal.earnings_fold(p_user_id) t);

    insert into public.earnings_drift (
        user_id, currency, cause, captured, pending, reversed, expired, event_count
    )
    select
        p_user_id, d.currency, d.cause, d.captured_drift, d.pending_drift, d.reversed_drift, d.expired_drift, d.count_drift
    from (
        select 'ledger' as cause, t.* from unnest(v_tallies) t where internal.earnings_drifted(t)
        union all
        select 'checkpoint', t.*
        from unnest(p_tallies) t
        where internal.earnings_drifted(t)
            and not exists (
                select from unnest(v_tallies) f where f.currency = t.currency and internal.earnings_drifted(f)
            )
    ) d;

    -- As a difference and not as a value: what others post meanwhile stays in.
    insert into public.earnings_ledger as l (
        user_id, currency, total, captured, pending, reversed, expired, event_count, changed_at
    )
    select
        p_user_id,
        t.currency,
        t.captured_drift + t.pending_drift + t.reversed_drift + t.expired_drift,
        t.captured_drift,
        t.pending_drift,
        t.reversed_drift,
        t.expired_drift,
        t.count_drift,
        clock_timestamp()
    from unnest(v_tallies) t
    where internal.earnings_drifted(t)
    order by t.currency
    on conflict (user_id, currency) do update set
        total = l.total + excluded.total,
        captured = l.captured + excluded.captured,
        pending = l.pending + excluded.pending,
        reversed = l.reversed + excluded.reversed,
        expired = l.expired + excluded.expired,
        event_count = l.event_count + excluded.event_count,
        changed_at = excluded.changed_at;
    return v_tallies;
end
$$;
comment on function internal.earnings_settle(uuid, internal.earnings_tally[]) is
'Finds out from every event which cache had drifted, writes that down and puts it right.';
revoke all on function internal.earnings_settle(uuid, internal.earnings_tally[]) from public;
