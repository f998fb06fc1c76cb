-- An item that is shown to fewer people than before, or reads differently, is out of date in everybody's pages. New rows
-- that are not as an old one, rather than a join of both: a session keeps the plan that it made for one row, and a join of
-- a million rows by that plan, or by any that hopes for its first 201 early, does not end in a day.
create or replace function internal.feed_items_touched() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    if tg_op = 'DELETE' then
        perform internal.touch('item', array(select distinct o.item_id from old_rows o limit 201));
    else
        perform internal.touch('item', array(
            select c.item_id
            from (
                select n.item_id, n.live, n.in_stock, n.visibility, n.age_limited, n.tags from new_rows n
                except
                select o.item_id, o.live, o.in_stock, o.visibility, o.age_limited, o.tags from old_rows o
            ) c
            limit 201
        ));
    end if;
    return null;
end
$$;
comment on function internal.feed_items_touched() is 'Keeps no page with an item that may not be shown as it was.';
revoke all on function internal.feed_items_touched() from public;

-- The arguments: what it is that has changed, and the columns of it that a page shows.
create or replace function internal.feed_words_touched() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.touch(tg_argv[0], array(
        select c.id
        from (
            select n.id, array(select to_jsonb(n) -> shown from unnest(tg_argv[1:]) shown) from new_rows n
            except
            select o.id, array(select to_jsonb(o) -> shown from unnest(tg_argv[1:]) shown) from old_rows o
        ) c
        limit 201
    ));
    return null;
end
$$;
comment on function internal.feed_words_touched() is 'Keeps no page with the words of before.';
revoke all on function internal.feed_words_touched() from public;

create or replace trigger feed_items_touched_update
after update on public.feed_items
referencing old table as old_rows new table as new_rows
for each statement execute function internal.feed_items_touched();

create or replace trigger feed_items_touched_delete
after delete on public.feed_items
referencing old table as old_rows
for each statement execute function internal.feed_items_touched();

-- Followers may have it for no other reason.
create or replace trigger feed_items_touched_unrepost
after delete on public.feed_reposts
referencing old table as old_rows
for each statement execute function internal.feed_items_touched();

-- Not the stock: while there is some, each sale would cost everybody their page.
do $$
declare
    v_trigger record;
begin
    for v_trigger in
        select *
        from (values
            ('posts', 'item, title, body, image_url'),
            ('shop_items', 'item, title, description, image_url, price_minor, currency'),
            ('profiles', 'profile, handle, display_name, avatar_url')
        ) as t (target, shown)
    loop
        execute format(
            'create or replace trigger feed_words_touched after update on public.%I'
            ' referencing old table as old_rows new table as new_rows'
            ' for each statement execute function internal.feed_words_touched(%s)',
            v_trigger.target, v_trigger.shown
        );
    end loop;
end
$$;
