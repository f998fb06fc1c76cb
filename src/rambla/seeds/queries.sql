-- worlds: The world that a seed has made, if it has.
select (a.details ->> 'viewers')::int as viewers, (a.details ->> 'items')::int as items,
    (a.details ->> 'follows')::int as follows, (a.details ->> 'seed')::int as seed
from public.audit_log a
where a.action = %(action)s and (a.details ->> 'seed')::int = %(seed)s;

-- mark: Say that a world is complete.
select internal.audit(%(action)s, 'database', %(details)s::text::jsonb);

-- strangers: How many people have an address that may be real.
select count(*) from auth.users u where u.email is null or u.email !~ '[@.]example\.org$';

-- note_bindings: Remember what makes loading slow row by row: user triggers, foreign keys, and indexes but the keys.
create temporary table seed_bindings on commit drop as
select 1 as step, format('alter table %%s disable trigger user', t) as undo, format('alter table %%s enable trigger user', t) as redo
from unnest(%(tables)s::text[]::regclass[]) t
union all
select 2, format('alter table %%s drop constraint %%I', c.conrelid::regclass, c.conname),
    format('alter table %%s add constraint %%I %%s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
from pg_constraint c
where c.contype = 'f' and c.conrelid = any (%(tables)s::text[]::regclass[])
union all
select 3, format('drop index %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
from pg_index i
where i.indrelid = any (%(tables)s::text[]::regclass[])
    and not exists (select from pg_constraint c where c.conindid = i.indexrelid);

-- unbind: Take away what note_bindings noted; sorts of the whole transaction may use memory.
do $$
declare
    v_statement text;
begin
    set local work_mem = '128MB';
    set local maintenance_work_mem = '256MB';
    for v_statement in select b.undo from seed_bindings b order by b.step loop
        execute v_statement;
    end loop;
end
$$;

-- rebind: Put it back: each index in one sort, each foreign key in one join; indexes first, because the joins use them.
do $$
declare
    v_statement text;
begin
    for v_statement in select b.redo from seed_bindings b order by b.step desc loop
        execute v_statement;
    end loop;
end
$$;

-- copy_users: People as the sign-in knows them.
copy auth.users (id, email, created_at) from stdin;

-- copy_profiles: People as others know them.
copy public.profiles (id, handle, display_name, bio, avatar_url, timezone, created_at) from stdin;

-- copy_posts: Posts, public unless said otherwise.
copy public.posts (id, author_id, title, body, image_url, tags, visibility, created_at) from stdin;

-- copy_shop_items: Shop items, all of them listed.
copy public.shop_items (
    id, seller_id, title, description, image_url, tags, price_minor, currency, stock, created_at
) from stdin;

-- copy_follows: Who follows whom since when. Nobody is notified: the trigger tells only of one's own acts.
copy public.follows (follower_id, followee_id, created_at) from stdin;

-- copy_reactions: Likes and saves; fill_counters counts them.
copy public.feed_reactions (user_id, item_id, kind, created_at) from stdin;

-- copy_events: Impressions and clicks; fill_counters counts them.
copy public.feed_events (viewer_id, event_id, item_id, kind, received_at) from stdin;

-- copy_counters: Engagement by its numbers alone.
copy public.feed_counters (item_id, likes, saves, shares, clicks, purchases, impressions) from stdin;

-- fill_firsts: When each viewer first saw or used an item, as feed_record() writes it.
insert into public.feed_firsts (viewer_id, item_id, kind, at)
select e.viewer_id, e.item_id, e.kind, min(e.received_at)
from public.feed_events e
group by e.viewer_id, e.item_id, e.kind
on conflict (viewer_id, item_id, kind) do nothing;

-- fill_counters: Reactions and events as the functions count them: an event once per viewer, item and kind. Nobody in
-- a seed reacts to what is their own.
insert into public.feed_counters (item_id, likes, saves, shares, clicks, purchases, impressions, cart_adds, dwells)
select
    e.item_id,
    count(*) filter (where e.kind = 'like'),
    count(*) filter (where e.kind = 'save'),
    count(*) filter (where e.kind = 'share'),
    count(*) filter (where e.kind = 'click'),
    0,
    count(*) filter (where e.kind = 'impression'),
    count(*) filter (where e.kind = 'add_to_cart'),
    count(*) filter (where e.kind = 'dwell')
from (
    select r.item_id, r.kind from public.feed_reactions r
    union all
    select v.item_id, v.kind from public.feed_firsts v
) e
group by e.item_id
on conflict (item_id) do nothing;

-- fill_json: Rows of feed_item_json as the triggers on posts and shop items would have written them.
insert into internal.feed_item_json (item_id, members)
select
    p.id,
    internal.feed_members(
        p.id, 'post', p.author_id, p.title, p.body, p.image_url, p.tags, null, null, null, p.created_at
    )
from public.posts p
where not exists (select from internal.feed_item_json j where j.item_id = p.id)
union all
select
    i.id,
    internal.feed_members(
        i.id, 'shop_item', i.seller_id, i.title, i.description, i.image_url, i.tags, i.price_minor, i.currency,
        i.stock, i.created_at
    )
from public.shop_items i
where not exists (select from internal.feed_item_json j where j.item_id = i.id);

-- fill_items: Rows of feed_items as the triggers on posts and shop items would have written and moved them.
insert into public.feed_items (
    item_id, item_type, author_id, tags, visibility, live, in_stock, published_at, engagement_bucket, rank_key
)
select
    s.id, s.item_type, s.author_id, s.tags, s.visibility, s.live, s.in_stock, s.at, b.bucket,
    internal.feed_rank_key(s.item_type, s.at, b.bucket, w)
from (
    select
        p.id, 'post' as item_type, p.author_id, p.tags, p.visibility, p.state = 'published' as live, true as in_stock,
        least(p.created_at, now()) as at
    from public.posts p
    union all
    select
        i.id, 'shop_item', i.seller_id, i.tags, 'public', i.state = 'listed', coalesce(i.stock > 0, true),
        least(i.created_at, now())
    from public.shop_items i
) s
cross join internal.feed_weights() w
left join public.feed_counters c on c.item_id = s.id
cross join lateral (
    select case when c.item_id is null then 0::smallint else internal.feed_bucket(c, w) end
) b (bucket)
where not exists (select from public.feed_items i where i.item_id = s.id);

-- fill_tags: Rows of feed_item_tags as the triggers on feed_items would have written them.
insert into public.feed_item_tags (tag, item_id, item_type, author_id, rank_key, published_at)
select tag, i.item_id, i.item_type, i.author_id, i.rank_key, i.published_at
from public.feed_items i, unnest(i.tags) tag
where i.live and i.in_stock and i.visibility = 'public'
on conflict (item_id, tag) do nothing;

-- fill_authors: Rows of feed_authors as the triggers on feed_items would have written them.
insert into public.feed_authors (author_id, top_key, first_live_at)
select i.author_id, max(i.rank_key), min(i.published_at)
from public.feed_items i
where i.live and i.item_type = 'post'
group by i.author_id
on conflict (author_id) do update set top_key = excluded.top_key;

-- fill_affinities: What reactions and events make their viewers feel, as feed_warm() adds it up one by one.
with warm as (
    select r.user_id as viewer_id, r.item_id, case r.kind when 'like' then 1 else 2 end as weight, r.created_at as at
    from public.feed_reactions r
    union all
    select e.viewer_id, e.item_id, case e.kind when 'share' then 2 when 'add_to_cart' then 2 when 'click' then 0.3 else 0.2 end, min(e.received_at)
    from public.feed_events e
    where e.kind <> 'impression'
    group by e.viewer_id, e.item_id, e.kind
),
felt as (
    select w.viewer_id, s.subject_type, s.subject, ln(w.weight) + extract(epoch from w.at)::double precision / f.affinity_tau_seconds as heat
    from warm w
    join public.feed_items i on i.item_id = w.item_id
    cross join internal.feed_weights() f
    cross join lateral (
        select 'author' as subject_type, i.author_id::text as subject
        union
        select 'tag', tag from unnest(i.tags) tag
    ) s
),
peaks as (
    -- The sum of exponentials from the greatest on, because none of them fits into a number alone.
    select f.*, max(f.heat) over (partition by f.viewer_id, f.subject_type, f.subject) as peak
    from felt f
)
insert into public.feed_affinities (viewer_id, subject_type, subject, heat_key)
select p.viewer_id, p.subject_type, p.subject, max(p.peak) + ln(sum(exp(greatest(p.heat - p.peak, -700))))
from peaks p
group by p.viewer_id, p.subject_type, p.subject
on conflict (viewer_id, subject_type, subject) do nothing;

-- fill_unrelated: What feed_relate() is to look at: whatever somebody has reacted to.
insert into internal.feed_unrelated (item_id) select distinct r.item_id from public.feed_reactions r;

-- analyze: Tell the planner what has come.
analyze auth.users, public.profiles, public.posts, public.shop_items, public.follows, internal.feed_item_json, public.feed_items,
public.feed_item_tags, public.feed_authors, public.feed_counters;
