-- new_id: later ones sort after earlier ones
select public.uuid7();

-- post_insert: nothing when the id is taken
insert into public.posts (id, author_id, title, body, image_url, tags, visibility, state, age_limited)
values (
    %(id)s, %(author_id)s, %(title)s, %(body)s, %(image_url)s, %(tags)s, %(visibility)s, %(state)s,
    %(age_limited)s
)
on conflict (id) do nothing;

-- post: one that the caller may see
select p.id, p.author_id, p.title, p.body, p.image_url, p.tags, p.visibility, p.state, p.age_limited,
    p.removal_reason, p.created_at
from public.posts p
where p.id = %(id)s;

-- post_own: one of the caller's, to be changed
select p.id, p.author_id, p.title, p.body, p.image_url, p.tags, p.visibility, p.state, p.age_limited,
    p.removal_reason, p.created_at
from public.posts p
where p.id = %(id)s and p.author_id = auth.uid()
for update;

-- post_update: as it is now
update public.posts
set title = %(title)s, body = %(body)s, image_url = %(image_url)s, tags = %(tags)s, visibility = %(visibility)s,
    state = %(state)s, age_limited = %(age_limited)s
where id = %(id)s;

-- shop_item_insert: nothing when the id is taken
insert into public.shop_items
    (id, seller_id, title, description, image_url, tags, price_minor, currency, stock, state, age_limited)
values (
    %(id)s, %(seller_id)s, %(title)s, %(description)s, %(image_url)s, %(tags)s, %(price_minor)s, %(currency)s,
    %(stock)s, %(state)s, %(age_limited)s
)
on conflict (id) do nothing;

-- shop_item: one that the caller may see
select s.id, s.seller_id, s.title, s.description, s.image_url, s.tags, s.price_minor, s.currency, s.stock, s.state,
    s.age_limited, s.removal_reason, s.created_at
from public.shop_items s
where s.id = %(id)s;

-- shop_item_own: one of the caller's, to be changed
select s.id, s.seller_id, s.title, s.description, s.image_url, s.tags, s.price_minor, s.currency, s.stock, s.state,
    s.age_limited, s.removal_reason, s.created_at
from public.shop_items s
where s.id = %(id)s and s.seller_id = auth.uid()
for update;

-- shop_item_update: as it is now
update public.shop_items
set title = %(title)s, description = %(description)s, image_url = %(image_url)s, tags = %(tags)s,
    price_minor = %(price_minor)s, stock = %(stock)s, state = %(state)s, age_limited = %(age_limited)s
where id = %(id)s;

-- knows_currency: whether ISO 4217 has it
select exists (select from public.currencies c where c.code = %(currency)s);

-- person: whoever the caller may deal with; nobody who has blocked them
select p.id
from public.profiles p
where p.id = %(id)s
    and (
        not public.is_blocked(p.id)
        or exists (select from public.blocks b where b.user_id = auth.uid() and b.blocked_id = p.id)
    );

-- profile: a person as the caller sees them
select p.id, p.handle, p.display_name, p.bio, p.avatar_url,
    exists (select from public.follows f where f.follower_id = auth.uid() and f.followee_id = p.id) as following,
    exists (select from public.mutes m where m.user_id = auth.uid() and m.muted_id = p.id) as muted,
    exists (select from public.blocks b where b.user_id = auth.uid() and b.blocked_id = p.id) as blocked
from public.profiles p
where p.handle = %(handle)s
    and (
        not public.is_blocked(p.id)
        or exists (select from public.blocks b where b.user_id = auth.uid() and b.blocked_id = p.id)
    );

-- profile_for_visitor: a person as anybody sees them
select p.id, p.handle, p.display_name, p.bio, p.avatar_url,
    false as following, false as muted, false as blocked
from public.profiles p
where p.handle = %(handle)s;

-- follow: twice is once
insert into public.follows (follower_id, followee_id) values (auth.uid(), %(id)s)
on conflict (follower_id, followee_id) do nothing;

-- unfollow: whether it was there or not
delete from public.follows where follower_id = auth.uid() and followee_id = %(id)s;

-- block: twice is once
insert into public.blocks (user_id, blocked_id) values (auth.uid(), %(id)s)
on conflict (user_id, blocked_id) do nothing;

-- unblock: whether it was there or not
delete from public.blocks where user_id = auth.uid() and blocked_id = %(id)s;

-- mute: twice is once
insert into public.mutes (user_id, muted_id) values (auth.uid(), %(id)s)
on conflict (user_id, muted_id) do nothing;

-- unmute: whether it was there or not
delete from public.mutes where user_id = auth.uid() and muted_id = %(id)s;

-- posts_of: a person's posts that the caller may see, before another or the newest
select p.id, p.author_id, p.title, p.body, p.image_url, p.tags, p.visibility, p.state, p.age_limited,
    p.removal_reason, p.created_at, a.handle as author_handle, a.display_name as author_name,
    a.avatar_url as author_avatar_url
from public.posts p
join public.profiles a on a.id = p.author_id
where p.author_id = %(id)s and p.state = 'published'
    and (p.created_at, p.id) < (
        coalesce(%(before)s::timestamptz, 'infinity'),
        coalesce(%(before_id)s::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    )
order by p.created_at desc, p.id desc
limit %(limit)s;

-- tagged: public posts with a tag, before another or the newest
select p.id, p.author_id, p.title, p.body, p.image_url, p.tags, p.visibility, p.state, p.age_limited,
    p.removal_reason, t.published_at as created_at, a.handle as author_handle, a.display_name as author_name,
    a.avatar_url as author_avatar_url
from public.feed_tagged(%(tag)s, %(before)s::timestamptz, %(before_id)s::uuid, %(limit)s::integer) t
join public.posts p on p.id = t.item_id
join public.profiles a on a.id = p.author_id
order by t.published_at desc, t.item_id desc;

-- shop_items_of: the newest of a person's shop items that the caller may see
select s.id, s.seller_id, s.title, s.description, s.image_url, s.tags, s.price_minor, s.currency, s.stock, s.state,
    s.age_limited, s.removal_reason, s.created_at
from public.shop_items s
where s.seller_id = %(id)s and s.state = 'listed'
order by s.created_at desc, s.id desc
limit %(limit)s;

-- reposts_of: what a person reposted last, of what the caller may see
select r.item_id as id, n.words, n.image_url, a.handle, a.display_name, r.created_at
from public.feed_reposts r
cross join lateral (
    select p.author_id, coalesce(nullif(p.title, ''), left(p.body, 200)) as words, p.image_url
    from public.posts p
    where p.id = r.item_id
    union all
    select s.seller_id, s.title, s.image_url from public.shop_items s where s.id = r.item_id
) n
join public.profiles a on a.id = n.author_id
where r.user_id = %(id)s
order by r.created_at desc, r.item_id
limit %(limit)s;

-- age_confirm: whether the caller is of age
select public.age_confirm(%(of_age)s);

-- remove: a moderator's removal
select public.content_remove(%(item_id)s, %(reason)s);

-- restore: and its end
select public.content_restore(%(item_id)s, %(reason)s);

-- removals: what is removed now
select r.item_id, r.item_type, r.author_handle, r.author_name, r.words, r.reason from public.content_removals() r;

-- named: a post or shop item by its first words, as far as the caller may see it
select n.id, a.display_name as author_name, left(n.words, 200) as words
from (
    select p.id, p.author_id, coalesce(nullif(p.title, ''), p.body) as words from public.posts p where p.id = %(id)s
    union all
    select s.id, s.seller_id, s.title from public.shop_items s where s.id = %(id)s
) n
join public.profiles a on a.id = n.author_id;
