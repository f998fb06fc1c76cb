-- Posts: visitors read what is public; people also what they may as followers, and their own in any state. What a
-- moderator removed is its author's alone, who reads the reason there; the reason is not theirs to take away.
revoke all on public.posts from anon, authenticated, service_role;
grant select on public.posts to anon, authenticated, service_role;
grant insert (id, author_id, title, body, image_url, tags, visibility, state, age_limited) on public.posts to authenticated;
grant update (title, body, image_url, tags, visibility, state, age_limited) on public.posts to authenticated, service_role;
drop policy if exists posts_read_public on public.posts;
create policy posts_read_public on public.posts for select to anon
using (state = 'published' and visibility = 'public' and not age_limited and removal_reason is null);
drop policy if exists posts_read on public.posts;
create policy posts_read on public.posts for select to authenticated
using (
    author_id = (select auth.uid())
    or (
        state = 'published'
        and removal_reason is null
        and (not age_limited or (select public.is_adult()))
        and (
            visibility = 'public'
            or exists (
                select from public.follows f
                where f.follower_id = (select auth.uid()) and f.followee_id = author_id
            )
        )
        and not public.is_blocked(author_id)
    )
);
drop policy if exists posts_insert_own on public.posts;
create policy posts_insert_own on public.posts for insert to authenticated
with check (author_id = (select auth.uid()));
drop policy if exists posts_update_own on public.posts;
create policy posts_update_own on public.posts for update to authenticated
using (author_id = (select auth.uid())) with check (author_id = (select auth.uid()));

-- Shop items: everybody reads what is listed. The creator's rate is not the seller's to set.
revoke all on public.shop_items from anon, authenticated, service_role;
grant select on public.shop_items to anon, authenticated, service_role;
grant insert (id, seller_id, title, description, image_url, tags, price_minor, currency, stock, state, age_limited)
on public.shop_items to authenticated;
grant update (title, description, image_url, tags, price_minor, stock, state, age_limited)
on public.shop_items to authenticated, service_role;
drop policy if exists shop_items_read_listed on public.shop_items;
create policy shop_items_read_listed on public.shop_items for select to anon
using (state = 'listed' and not age_limited and removal_reason is null);
drop policy if exists shop_items_read on public.shop_items;
create policy shop_items_read on public.shop_items for select to authenticated
using (
    seller_id = (select auth.uid())
    or (
        state = 'listed'
        and removal_reason is null
        and (not age_limited or (select public.is_adult()))
        and not public.is_blocked(seller_id)
    )
);
drop policy if exists shop_items_insert_own on public.shop_items;
create policy shop_items_insert_own on public.shop_items for insert to authenticated
with check (seller_id = (select auth.uid()));
drop policy if exists shop_items_update_own on public.shop_items;
create policy shop_items_update_own on public.shop_items for update to authenticated
using (seller_id = (select auth.uid())) with check (seller_id = (select auth.uid()));

-- What one person wants of another: own rows; whom one follows, the followed may know too.
revoke all on public.follows from anon, authenticated, service_role;
grant select, insert (follower_id, followee_id), delete on public.follows to authenticated;
grant select on public.follows to service_role;
drop policy if exists follows_read on public.follows;
create policy follows_read on public.follows for select to authenticated
using ((select auth.uid()) in (follower_id, followee_id));
drop policy if exists follows_insert_own on public.follows;
create policy follows_insert_own on public.follows for insert to authenticated
with check (follower_id = (select auth.uid()) and not public.is_blocked(followee_id));
drop policy if exists follows_delete_own on public.follows;
create policy follows_delete_own on public.follows for delete to authenticated
using (follower_id = (select auth.uid()));

revoke all on public.blocks from anon, authenticated, service_role;
grant select, insert (user_id, blocked_id), delete on public.blocks to authenticated;
grant select on public.blocks to service_role;
drop policy if exists blocks_own on public.blocks;
create policy blocks_own on public.blocks for all to authenticated
using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

revoke all on public.mutes from anon, authenticated, service_role;
grant select, insert (user_id, muted_id), delete on public.mutes to authenticated;
grant select on public.mutes to service_role;
drop policy if exists mutes_own on public.mutes;
create policy mutes_own on public.mutes for all to authenticated
using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

revoke all on public.feed_hides from anon, authenticated, service_role;
grant select, insert (user_id, item_id, reason), update (reason), delete on public.feed_hides to authenticated;
grant select on public.feed_hides to service_role;
drop policy if exists feed_hides_own on public.feed_hides;
create policy feed_hides_own on public.feed_hides for all to authenticated
using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

revoke all on public.age_confirmations from anon, authenticated, service_role;
grant select on public.age_confirmations to authenticated, service_role;
drop policy if exists age_confirmations_own on public.age_confirmations;
create policy age_confirmations_own on public.age_confirmations for select to authenticated
using (user_id = (select auth.uid()));
