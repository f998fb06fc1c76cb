create or replace function public.earnings_timeline(
    p_user_id uuid default auth.uid(),
    p_currency text default null,
    p_cursor_at timestamptz default null,
    p_cursor_seq bigint default null,
    p_limit integer default 50
)
returns table (
    id uuid,
    seq bigint,
    occurred_at timestamptz,
    currency text,
    amount_minor bigint,
    status text,
    kind text,
    reason text,
    words text,
    from_pending bigint,
    from_captured bigint,
    pending_left bigint,
    expected_at timestamptz,
    parent_id uuid,
    source text,
    source_ref text
)
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(p_user_id);

    return query
    select
        e.id, e.seq, e.occurred_at, e.currency, e.amount_minor, e.status, e.kind, e.reason,
        internal.earnings_words(e.kind, e.reason),
        coalesce(taken.pending, 0)::bigint, coalesce(taken.captured, 0)::bigint,
        coalesce(r.pending, 0), case when r.pending > 0 then r.matures_at end,
        e.parent_id, e.source, e.source_ref
    from public.earnings_events e
    left join internal.earnings_accruals r on r.user_id = e.user_id and r.event_id = e.id
    left join lateral (
        select
            -sum(t.amount_minor) filter (where t.status = 'pending') as pending,
            -sum(t.amount_minor) filter (where t.status = 'captured') as captured
        from public.earnings_events t
        where t.user_id = e.user_id and t.parent_id = e.parent_id and t.group_id = e.group_id and t.amount_minor < 0
    ) taken on e.group_id is not null
    where e.user_id = p_user_id
        and (p_currency is null or e.currency = p_currency)
        -- Of a transition only the posting that arrives; what left is in from_pending and from_captured.
        and (e.group_id is null or e.amount_minor > 0)
        and (
            p_cursor_at is null
            or (e.occurred_at, e.seq) < (p_cursor_at, p_cursor_seq)
        )
    order by e.occurred_at desc, e.seq desc
    limit least(greatest(p_limit, 1), 200);
end
$$;
comment on function public.earnings_timeline(uuid, text, timestamptz, bigint, integer) is
'What happened to a user''s earnings, newest first: one row per event and per transition, with the reason in words and the date on which pending money is expected. A row''s occurred_at and seq are the cursor of the next page.';
revoke all on function public.earnings_timeline(uuid, text, timestamptz, bigint, integer) from public;
grant execute on function public.earnings_timeline(uuid, text, timestamptz, bigint, integer) to authenticated, service_role;
