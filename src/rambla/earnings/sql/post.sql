create or replace function internal.earnings_post() returns trigger
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_moved record;
begin
    if exists (
        select
        from added a
        where a.group_id is not null
        group by a.user_id, a.group_id, a.currency
        having sum(a.amount_minor) <> 0
    ) then
        raise sqlstate 'PT400' using
            message = 'The postings of a group must net to zero, in one statement.', detail = 'invalid_value';
    end if;

    -- Sorted, so that two writers take the ledger rows that they share in the same order; whoever has the ledger
    -- row has the accruals below it. No joins with "added": the session keeps the plan, and one made for a large
    -- load would read a whole table for a single row.
    insert into public.earnings_ledger as l (
        user_id, currency, total, captured, pending, reversed, expired, event_count, changed_at
    )
    select
        a.user_id,
        a.currency,
        sum(a.amount_minor),
        coalesce(sum(a.amount_minor) filter (where a.status = 'captured'), 0),
        coalesce(sum(a.amount_minor) filter (where a.status = 'pending'), 0),
        coalesce(sum(a.amount_minor) filter (where a.status = 'reversed'), 0),
        coalesce(sum(a.amount_minor) filter (where a.status = 'expired'), 0),
        count(*),
        clock_timestamp()
    from added a
    group by a.user_id, a.currency
    order by a.user_id, a.currency
    on conflict (user_id, currency) do update set
        total = l.total + excluded.total,
        captured = l.captured + excluded.captured,
        pending = l.pending + excluded.pending,
        reversed = l.reversed + excluded.reversed,
        expired = l.expired + excluded.expired,
        event_count = l.event_count + excluded.event_count,
        changed_at = excluded.changed_at;

    -- A posting without a parent that takes away has nothing that could be captured or reversed.
    insert into internal.earnings_accruals (
        user_id, event_id, currency, matures_at, pending, captured, reversed, expired
    )
    select
        a.user_id,
        a.id,
        a.currency,
        a.matures_at,
        case when a.status = 'pending' then a.amount_minor else 0 end,
        case when a.status = 'captured' then a.amount_minor else 0 end,
        case when a.status = 'reversed' then a.amount_minor else 0 end,
        case when a.status = 'expired' then a.amount_minor else 0 end
    from added a
    where a.parent_id is null and a.amount_minor > 0;

    for v_moved in
        select
            a.user_id,
            a.parent_id,
            a.currency,
            coalesce(sum(a.amount_minor) filter (where a.status = 'captured'), 0) as captured,
            coalesce(sum(a.amount_minor) filter (where a.status = 'pending'), 0) as pending,
            coalesce(sum(a.amount_minor) filter (where a.status = 'reversed'), 0) as reversed,
            coalesce(sum(a.amount_minor) filter (where a.status = 'expired'), 0) as expired
        from added a
        where a.parent_id is not null
        group by a.user_id, a.parent_id, a.currency
    loop
        update internal.earnings_accruals r set
            captured = r.captured + v_moved.captured,
            pending = r.pending + v_moved.pending,
            reversed = r.reversed + v_moved.reversed,
            expired = r.expired + v_moved.expired,
            -- Matured once; what somebody puts back into pending is captured by hand.
            matures_at = case when r.pending + v_moved.pending > 0 then r.matures_at end
        where r.user_id = v_moved.user_id and r.event_id = v_moved.parent_id and r.currency = v_moved.currency;
        if not found then
            raise sqlstate 'PT409' using
                message = 'The parent earned nothing in this currency.', detail = 'invalid_transition';
        end if;
    end loop;
    return null;
end
$$;
comment on function internal.earnings_post() is
'Keeps ledger and accruals in the transaction of the insert, once a statement: row by row, a large load would be quadratic.';
revoke all on function internal.earnings_post() from public;
