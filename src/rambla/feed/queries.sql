-- page_json: the answer of GET /v1/feed as PostgreSQL writes it; null when a first page has no slate yet
select internal.feed_page_json(
    %(claims)s, %(mode)s, %(score)s::double precision, %(item_id)s::uuid, %(limit)s::integer
);

-- page: the same as rows
select f.item_id, f.item_type, f.score, f.reason, f.author_id, f.author_handle, f.author_name, f.author_avatar_url,
    f.title, f.body, f.image_url, f.tags, f.price_minor, f.currency, f.stock, f.created_at, f.likes, f.saves,
    f.liked, f.saved
from public.feed_fusion_home(
    %(mode)s, %(score)s::double precision, %(item_id)s::uuid, %(limit)s::integer
) f;

-- epoch: of the slate that a first page comes from; null when there is none yet
select public.feed_epoch(%(mode)s);

-- fill: makes and stores the slate unless somebody else has just done so
select count(*) from public.feed_fusion_home(%(mode)s, null, null, 1);

-- refresh: a new slate
select public.feed_refresh(%(mode)s);

-- record: events, each once
select public.feed_record(%(events)s::jsonb);

-- hide: out of the feed
select public.feed_hide(%(item_id)s, %(reason)s);

-- unhide: may be shown again
select public.feed_unhide(%(item_id)s::uuid);

-- wishes: what the caller does not want to see
select w.kind, w.subject, w.label, w.since, w.gone_until, w.fades_until from public.feed_wishes() w;

-- see_fewer: of an author or a tag
select public.feed_see_fewer(%(subject_type)s, %(subject)s);

-- see_again: as before
select public.feed_see_again(%(subject_type)s, %(subject)s);

-- mute_word: the word as it is kept
select public.feed_mute_word(%(word)s);

-- unmute_word: may be shown again
select public.feed_unmute_word(%(word)s);

-- react: like or save
select public.feed_react(%(item_id)s, %(kind)s);

-- unreact: take it back
select public.feed_unreact(%(item_id)s, %(kind)s);

-- fold: events into counters and affinities
select public.feed_fold(%(limit)s);

-- prune: what nobody needs any more
select public.feed_prune();

-- new_count: posts that a refresh would add
select public.feed_new_count(%(mode)s, %(since)s::double precision);

-- renew: a new slate, unless there is one already that is newer than the row
select public.feed_refresh(%(mode)s)
where coalesce(public.feed_epoch(%(mode)s), 0) <= %(score)s::double precision / 2097152;

-- place_keep: how far the caller has read
select public.feed_place_keep(%(mode)s, %(score)s::double precision, %(item_id)s::uuid);

-- place: where to go on
select p.score, p.item_id, p.passed, p.kept_at from public.feed_place(%(mode)s) p;

-- explain: why the caller sees an item
select e.term, e.value, e.words from public.feed_explain(%(item_id)s, %(mode)s) e;

-- item_name: what an item is called on a page about it
select coalesce(
    (select coalesce(nullif(p.title, ''), p.body) from public.posts p where p.id = %(item_id)s),
    (select s.title from public.shop_items s where s.id = %(item_id)s)
);

-- is_adult: whether the caller has said that they are of age
select public.is_adult();
