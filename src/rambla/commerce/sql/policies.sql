revoke all on public.currencies from anon, authenticated, service_role;
grant select on public.currencies to anon, authenticated, service_role;
drop policy if exists currencies_read on public.currencies;
create policy currencies_read on public.currencies for select to anon, authenticated using (true);

revoke all on public.shopping_cart_items from anon, authenticated, service_role;
grant select, delete on public.shopping_cart_items to authenticated, service_role;
grant insert (user_id, item_id, quantity), update (quantity)
on public.shopping_cart_items to authenticated, service_role;
drop policy if exists shopping_cart_items_own on public.shopping_cart_items;
create policy shopping_cart_items_own on public.shopping_cart_items for all to authenticated
using (user_id = (select auth.uid()))
with check (
    user_id = (select auth.uid())
    -- A sale to oneself would be earnings out of nothing.
    and not exists (select from public.shop_items i where i.id = item_id and i.seller_id = (select auth.uid()))
);

-- Orders and what follows from them are written by order_place() and order_pay() alone.
revoke all on public.orders from anon, authenticated, service_role;
grant select (
    buyer_id, id, state, currency, total_minor, placed_at, paid_at, payment_provider, payment_reference
) on public.orders to authenticated, service_role;
drop policy if exists orders_read_own on public.orders;
create policy orders_read_own on public.orders for select to authenticated
using (buyer_id = (select auth.uid()));

revoke all on public.order_lines from anon, authenticated, service_role;
grant select on public.order_lines to authenticated, service_role;
drop policy if exists order_lines_read_own on public.order_lines;
create policy order_lines_read_own on public.order_lines for select to authenticated
using (buyer_id = (select auth.uid()));
drop policy if exists order_lines_read_sold on public.order_lines;
create policy order_lines_read_sold on public.order_lines for select to authenticated
using (seller_id = (select auth.uid()) and sold_at is not null);

revoke all on public.owned_items from anon, authenticated, service_role;
grant select on public.owned_items to authenticated, service_role;
drop policy if exists owned_items_read_own on public.owned_items;
create policy owned_items_read_own on public.owned_items for select to authenticated
using (user_id = (select auth.uid()));
