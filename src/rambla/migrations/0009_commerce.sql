-- Currencies, orders that are found by their id alone, and lines that know they were sold.

create table public.currencies (
    code text primary key,
    exponent smallint not null,
    constraint currencies_code_form check (code ~ '^[A-Z]{3}$'),
    constraint currencies_exponent_in_range check (exponent between 0 and 4)
);
comment on table public.currencies is
'ISO 4217: how many digits of an amount in minor units stand behind the point. Payment providers count so too.';

insert into public.currencies (code, exponent)
select code, 2
from regexp_split_to_table(
    '
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU
    MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST
    XCD XCG YER ZAR ZMW ZWG
    ',
    '\s+'
) as code
where code <> ''
union all
select code, 0
from unnest('{BIF,CLP,DJF,GNF,ISK,JPY,KMF,KRW,PYG,RWF,UGX,VND,VUV,XAF,XOF,XPF}'::text[]) as code
union all
select code, 3
from unnest('{BHD,IQD,JOD,KWD,LYD,OMR,TND}'::text[]) as code;

-- A payment provider names the order and not its buyer. Not unique: unique keys contain the user.
create index orders_id on public.orders (id);

-- Set with the payment: what tells a seller's sale from somebody's intention, without reading the order.
alter table public.order_lines add column sold_at timestamptz;

create type internal.cart_line as (
    item_id uuid,
    seller_id uuid,
    title text,
    quantity integer,
    unit_price_minor bigint,
    creator_rate_bp integer,
    available boolean
);
comment on type internal.cart_line is 'A cart row with what the item is and costs now.';

insert into internal.settings (key, value, description) values
('order_manual_payment', 'true', 'Whether buyers may mark their own orders as paid: the test payment. Turn off when a provider is connected.');

alter table public.currencies enable row level security;
alter table public.currencies force row level security;
