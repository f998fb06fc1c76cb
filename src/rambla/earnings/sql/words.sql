create or replace function internal.earnings_words(p_kind text, p_reason text) returns text
language sql immutable set search_path = ''
as $$
    select upper(left(k.word, 1)) || substr(k.word, 2) || coalesce(': ' || nullif(r.words, ''), '')
    from
        (select case p_kind
            when 'capture' then 'captured'
            when 'reversal' then 'reversed'
            when 'expiry' then 'expired'
            else replace(p_kind, '_', ' ')
        end as word) k,
        (select case p_reason
            when 'matured' then 'the hold period is over'
            when 'returned' then 'the buyer sent it back'
            when 'cancelled' then 'the order was cancelled'
            when 'chargeback' then 'the buyer''s bank took the payment back'
            when 'fraud' then 'the payment was fraud'
            when 'self_referral' then 'it came from your own account'
            when 'duplicate' then 'it was counted before'
            when 'outside_terms' then 'it did not meet the terms'
            when 'window_expired' then 'the time to earn it is over'
            when 'unclaimed' then 'nobody claimed it in time'
            when 'brand_unpaid' then 'the brand did not pay'
            else p_reason
        end as words) r
$$;
comment on function internal.earnings_words(text, text) is
'A kind and a reason as a sentence for people. A reason that is no known code is words already.';
revoke all on function internal.earnings_words(text, text) from public;
