create or replace function internal.earnings_settle_accruals(p_user_id uuid) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
    v_drifted integer;
begin
    with truth as (
        select
            coalesce(e.parent_id, e.id) as event_id,
            min(e.currency) as currency,
            min(e.matures_at) as matures_at,
            coalesce(sum(e.amount_minor) filter (where e.status = 'captured'), 0)::bigint as captured,
            coalesce(sum(e.amount_minor) filter (where e.status = 'pending'), 0)::bigint as pending,
            coalesce(sum(e.amount_minor) filter (where e.status = 'reversed'), 0)::bigint as reversed,
            coalesce(sum(e.amount_minor) filter (where e.status = 'expired'), 0)::bigint as expired
        from public.earnings_events e
        where e.user_id = p_user_id and (e.parent_id is not null or e.amount_minor > 0)
        group by 1
    ),
    wrong as (
        select
            t.event_id, t.currency, t.matures_at,
            t.captured - coalesce(r.captured, 0) as captured,
            t.pending - coalesce(r.pending, 0) as pending,
            t.reversed - coalesce(r.reversed, 0) as reversed,
            t.expired - coalesce(r.expired, 0) as expired,
            r.event_id is null as missing
        from truth t
        left join internal.earnings_accruals r on r.user_id = p_user_id and r.event_id = t.event_id
        where (r.captured, r.pending, r.reversed, r.expired) is distinct from (t.captured, t.pending, t.reversed, t.expired)
    ),
    -- As a difference and not as a value: what others post meanwhile stays in.
    mended as (
        update internal.earnings_accruals r set
            captured = r.captured + w.captured,
            pending = r.pending + w.pending,
            reversed = r.reversed + w.reversed,
            expired = r.expired + w.expired
        from wrong w
        where not w.missing and r.user_id = p_user_id and r.event_id = w.event_id
    ),
    made as (
        insert into internal.earnings_accruals (
            user_id, event_id, currency, matures_at, captured, pending, reversed, expired
        )
        select
            p_user_id, w.event_id, w.currency, case when w.pending > 0 then w.matures_at end,
            w.captured, w.pending, w.reversed, w.expired
        from wrong w
        where w.missing
    )
    insert into public.earnings_drift (user_id, currency, cause, captured, pending, reversed, expired, event_count)
    select p_user_id, w.currency, 'accrual', w.captured, w.pending, w.reversed, w.expired, 0
    from wrong w;
    get diagnostics v_drifted = row_count;
    return v_drifted;
end
$$;
comment on function internal.earnings_settle_accruals(uuid) is
'Compares what is left of each event with its postings, writes down what differs and puts it right; returns how many.';
revoke all on function internal.earnings_settle_accruals(uuid) from public;
