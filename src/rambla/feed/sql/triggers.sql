-- Transition tables take one event each, hence a trigger for every event.
do $$
declare
    v_trigger record;
begin
    for v_trigger in
        select *
        from (values
            ('public.posts', 'feed_posts_changed'),
            ('public.shop_items', 'feed_shop_items_changed'),
            ('public.feed_items', 'feed_authors_changed'),
            ('public.feed_items', 'feed_items_tagged'),
            ('public.feed_reactions', 'feed_reactions_counted'),
            ('public.feed_reposts', 'feed_reposts_counted'),
            ('public.owned_items', 'feed_purchases_counted'),
            ('public.shopping_cart_items', 'feed_carts_counted')
        ) as t (target, action)
        cross join (values
            ('insert', 'new table as new_rows'),
            ('update', 'old table as old_rows new table as new_rows'),
            ('delete', 'old table as old_rows')
        ) as e (event, rows)
        where (t.action, e.event) not in (
            ('feed_items_tagged', 'delete'), -- they go with the item
            ('feed_reactions_counted', 'update'), -- reactions come and go
            ('feed_reposts_counted', 'update'),
            ('feed_carts_counted', 'update'),
            ('feed_carts_counted', 'delete'), -- nor does it when a cart is emptied
            ('feed_purchases_counted', 'update'),
            ('feed_purchases_counted', 'delete') -- a refund does not undo that people wanted it
        )
    loop
        execute format(
            'create or replace trigger %I after %s on %s referencing %s for each statement execute function internal.%I()',
            v_trigger.action || '_' || v_trigger.event, v_trigger.event, v_trigger.target, v_trigger.rows,
            v_trigger.action
        );
    end loop;
end
$$;
