create or replace function internal.money(p_minor bigint, p_currency text) returns text
language sql stable set search_path = ''
as $$
    select concat(
        case when p_minor < 0 then '-' end,
        case when d.exponent = 0 then d.digits else overlay(d.digits placing '.' from length(d.digits) - d.exponent + 1 for 0) end,
        ' ', p_currency
    )
    from (
        select c.exponent, lpad(ltrim(p_minor::text, '-'), greatest(c.exponent + 1, length(ltrim(p_minor::text, '-'))), '0') as digits
        from (select coalesce((select c.exponent from public.currencies c where c.code = p_currency), 2) as exponent) c
    ) d
$$;
comment on function internal.money(bigint, text) is 'An amount as plain words of a message: 12.99 EUR. Pages format by locale.';
revoke all on function internal.money(bigint, text) from public;
