-- Cart, orders and payments: where earnings and suppression come from.

create table public.shopping_cart_items (
    user_id uuid not null references public.profiles (id) on delete cascade,
    item_id uuid not null references public.shop_items (id) on delete cascade,
    quantity integer not null default 1,
    added_at timestamptz not null default now(),
    primary key (user_id, item_id),
    constraint shopping_cart_items_quantity_in_range check (quantity between 1 and 99)
);
create index shopping_cart_items_item on public.shopping_cart_items (item_id);
comment on table public.shopping_cart_items is 'What a person means to buy; the feed does not show it meanwhile.';

create table public.orders (
    buyer_id uuid not null references public.profiles (id) on delete restrict,
    id uuid not null,
    state text not null default 'placed', -- placed -> paid | cancelled; both are final here
    currency text not null,
    total_minor bigint not null,
    checkout_key text not null,
    request_hash text not null,
    placed_at timestamptz not null default now(),
    paid_at timestamptz,
    payment_provider text,
    payment_reference text,
    primary key (buyer_id, id),
    constraint orders_checkout_key_key unique (buyer_id, checkout_key),
    constraint orders_state_known check (state in ('placed', 'paid', 'cancelled')),
    constraint orders_total_positive check (total_minor > 0),
    constraint orders_currency_form check (currency ~ '^[A-Z]{3}$'),
    constraint orders_paid_has_payment check (
        (state = 'paid') = (paid_at is not null and payment_provider is not null and payment_reference is not null)
    )
);
create index orders_buyer_recent on public.orders (buyer_id, placed_at desc, id desc);
comment on table public.orders is 'One currency each; a cart with two currencies is checked out as two orders.';

create table public.order_lines (
    buyer_id uuid not null,
    order_id uuid not null,
    line_no integer not null,
    item_id uuid not null references public.shop_items (id) on delete restrict,
    seller_id uuid not null references public.profiles (id) on delete restrict,
    title text not null,
    quantity integer not null,
    unit_price_minor bigint not null,
    creator_rate_bp integer not null,
    line_total_minor bigint not null generated always as (quantity * unit_price_minor) stored,
    primary key (buyer_id, order_id, line_no),
    constraint order_lines_order foreign key (buyer_id, order_id)
    references public.orders (buyer_id, id) on delete restrict,
    constraint order_lines_quantity_in_range check (quantity between 1 and 99),
    constraint order_lines_price_positive check (unit_price_minor > 0),
    constraint order_lines_rate_in_range check (creator_rate_bp between 0 and 10000)
);
create unique index order_lines_item_once on public.order_lines (buyer_id, order_id, item_id);
create index order_lines_seller on public.order_lines (seller_id, order_id);
create index order_lines_item on public.order_lines (item_id);
comment on table public.order_lines is 'Price, title and the seller''s rate as they were when the order was placed.';

create table public.owned_items (
    user_id uuid not null references public.profiles (id) on delete cascade,
    item_id uuid not null references public.shop_items (id) on delete cascade,
    order_id uuid not null,
    bought_at timestamptz not null default now(),
    primary key (user_id, item_id)
);
create index owned_items_item on public.owned_items (item_id);
comment on table public.owned_items is 'What a person has bought; the feed never shows it to them again.';

alter table public.shopping_cart_items enable row level security;
alter table public.shopping_cart_items force row level security;
alter table public.orders enable row level security;
alter table public.orders force row level security;
alter table public.order_lines enable row level security;
alter table public.order_lines force row level security;
alter table public.owned_items enable row level security;
alter table public.owned_items force row level security;
