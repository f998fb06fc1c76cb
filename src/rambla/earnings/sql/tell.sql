create or replace function internal.earnings_tell(
    p_user_id uuid, p_to text, p_amount_minor bigint, p_currency text, p_reason text, p_key text, p_at timestamptz
) returns void
language sql volatile set search_path = ''
as $$
    select internal.notify(
        p_user_id, 'inapp', 'earnings_' || p_to,
        format('%s %s', internal.money(p_amount_minor, p_currency), p_to),
        internal.earnings_words(case p_to when 'captured' then 'capture' else 'reversal' end, p_reason),
        jsonb_build_object('url', '/earnings', 'amount_minor', p_amount_minor, 'currency', p_currency),
        p_key, p_at
    )
    -- What expired was never promised; it is on the timeline for whoever looks.
    where p_to in ('captured', 'reversed')
$$;
comment on function internal.earnings_tell(uuid, text, bigint, text, text, text, timestamptz) is
'Tells a creator that money became theirs or was taken back, and why.';
revoke all on function internal.earnings_tell(uuid, text, bigint, text, text, text, timestamptz) from public;
