drop trigger if exists posts_state_moves_forward on public.posts;
create trigger posts_state_moves_forward before update of state on public.posts
for each row when (old.state <> new.state) execute function internal.state_moves_forward();

drop trigger if exists shop_items_state_moves_forward on public.shop_items;
create trigger shop_items_state_moves_forward before update of state on public.shop_items
for each row when (old.state <> new.state) execute function internal.state_moves_forward();

drop trigger if exists blocks_end_follows on public.blocks;
create trigger blocks_end_follows after insert on public.blocks
referencing new table as new_rows
for each statement execute function internal.blocks_end_follows();

drop trigger if exists follows_notify on public.follows;
create trigger follows_notify after insert on public.follows
referencing new table as new_rows
for each statement execute function internal.follows_notify();
