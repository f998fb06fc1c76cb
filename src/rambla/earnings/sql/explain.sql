create or replace function public.earnings_explain(p_event_id uuid, p_user_id uuid default auth.uid())
returns table (
    event_id uuid,
    words text,
    expected_at timestamptz,
    currency text,
    amount_minor bigint,
    pending bigint,
    captured bigint,
    reversed bigint,
    expired bigint
)
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(p_user_id);

    return query
    select
        root.id,
        concat_ws(
            ' ',
            internal.earnings_words(root.kind, root.reason) || '.',
            internal.money(r.captured, r.currency) || ' captured.',
            case when r.pending > 0 then
                internal.money(r.pending, r.currency) || ' pending, '
                || coalesce('expected on ' || to_char(r.matures_at at time zone p.timezone, 'YYYY-MM-DD'), 'no date yet') || '.'
            end,
            (
                select string_agg(
                    format('%s %s.', internal.money(m.amount_minor, m.currency), lower(left(w.words, 1)) || substr(w.words, 2)),
                    ' ' order by m.seq
                )
                from public.earnings_events m, internal.earnings_words(m.kind, m.reason) w (words)
                where m.user_id = root.user_id and m.parent_id = root.id and m.amount_minor > 0
                    and m.status in ('reversed', 'expired')
            )
        ),
        case when r.pending > 0 then r.matures_at end,
        r.currency, root.amount_minor, r.pending, r.captured, r.reversed, r.expired
    from public.earnings_events e
    join public.earnings_events root on root.user_id = e.user_id and root.id = coalesce(e.parent_id, e.id)
    join internal.earnings_accruals r on r.user_id = root.user_id and r.event_id = root.id
    join public.profiles p on p.id = root.user_id
    where e.user_id = p_user_id and e.id = p_event_id;
    if not found then
        raise sqlstate 'PT404' using message = 'There is no such event.', detail = 'not_found';
    end if;
end
$$;
comment on function public.earnings_explain(uuid, uuid) is
'Where the money of one event is now, why, and when what is pending is expected, in words and numbers.';
revoke all on function public.earnings_explain(uuid, uuid) from public;
grant execute on function public.earnings_explain(uuid, uuid) to authenticated, service_role;
