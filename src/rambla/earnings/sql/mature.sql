create or replace function public.earnings_mature(p_at timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_most constant integer := 1000;
    v_users uuid[];
    v_currencies text[];
    v_matured integer := 0;
    v_told record;
begin
    perform internal.require_service();

    -- Ledger rows first and in order, as every posting takes them. Who is busy now is matured by the next call.
    select array_agg(locked.user_id), array_agg(locked.currency) into v_users, v_currencies
    from (
        select l.user_id, l.currency
        from public.earnings_ledger l
        where (l.user_id, l.currency) in (
            select due.user_id, due.currency
            from (
                select r.user_id, r.currency
                from internal.earnings_accruals r
                where r.pending > 0 and r.matures_at <= p_at
                order by r.matures_at
                limit v_most
            ) due
        )
        order by l.user_id, l.currency
        for no key update skip locked
    ) locked;

    -- A second statement: its snapshot has what committed before the locks came.
    for v_told in
        with postings as (
            insert into public.earnings_events (
                user_id, id, currency, amount_minor, status, kind, reason, parent_id, group_id, source, source_ref,
                idem_key, occurred_at, rule_version
            )
            select
                e.user_id, leg.id, e.currency, leg.amount_minor, leg.status, 'capture', 'matured', e.id, due.move_id,
                e.source, e.source_ref, leg.idem_key, p_at, e.rule_version
            from (
                select r.*, gen_random_uuid() as move_id
                from internal.earnings_accruals r
                join unnest(v_users, v_currencies) as locked (user_id, currency)
                    on r.user_id = locked.user_id and r.currency = locked.currency
                where r.pending > 0 and r.matures_at <= p_at
                order by r.matures_at
                limit v_most
            ) due
            join public.earnings_events e on e.user_id = due.user_id and e.id = due.event_id
            cross join lateral (values
                (gen_random_uuid(), 'pending', -due.pending, null),
                (due.move_id, 'captured', due.pending, 'mature:' || due.event_id)
            ) as leg (id, status, amount_minor, idem_key)
            returning user_id, currency, status, amount_minor, idem_key
        )
        select
            p.user_id, p.currency, count(*) as events, sum(p.amount_minor)::bigint as amount_minor,
            min(p.idem_key) as idem_key
        from postings p
        where p.status = 'captured'
        group by p.user_id, p.currency
        order by p.user_id, p.currency
    loop
        v_matured := v_matured + v_told.events;
        perform internal.earnings_tell(
            v_told.user_id, 'captured', v_told.amount_minor, v_told.currency, 'matured', v_told.idem_key, p_at
        );
    end loop;
    return v_matured;
end
$$;
comment on function public.earnings_mature(timestamptz) is
'Captures what is left of pending events whose hold period is over, at most a thousand a call; returns how many. Safe to call again and by several at once.';
revoke all on function public.earnings_mature(timestamptz) from public;
grant execute on function public.earnings_mature(timestamptz) to authenticated, service_role;
