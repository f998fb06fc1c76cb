-- page_dated: the answer of GET /v1/feed as PostgreSQL writes it; null when it takes a slate that is not made yet, or not so far
select f.page, f.rests_on, f.seconds, f.snapshot
from internal.feed_page_dated(
    %(claims)s, %(mode)s, %(score)s::double precision, %(item_id)s::uuid, %(limit)s::integer
) f;

-- page: the same as rows
select f.item_id, f.item_type, f.score, f.source as reason, f.author_id, f.author_handle, f.author_name, f.author_avatar_url,
    f.title, f.body, f.image_url, f.tags, f.price_minor, f.currency, f.stock, f.created_at, f.likes, f.saves,
    f.liked, f.saved, f.reposts, f.reposted, f.reposter_id, f.reposter_handle,
    f.reposter_name
from public.feed_fusion_home(
    %(mode)s, %(score)s::double precision, %(item_id)s::uuid, %(limit)s::integer
) f;

-- ready: whether the slate is made, and as far as the page goes
select public.feed_ready(
    %(mode)s, %(score)s::double precision, %(item_id)s::uuid, %(limit)s::integer
);

-- epoch: of the slate that a first page comes from; null when there is none yet
select public.feed_epoch(%(mode)s);

-- fill: makes and stores the slate, or as much of it as a page takes, unless somebody else has just done so
select count(*) from public.feed_fusion_home(
    %(mode)s, %(score)s::double precision, %(item_id)s::uuid, %(limit)s::integer
);

-- candidates: what a slate would begin with
select c.item_id, c.item_type, c.author_id, c.tags, c.reason, c.published_at
from public.feed_candidates(%(viewer_id)s, 'for_you', %(extras)s::jsonb) c;

-- extend: a slate with what extensions say
select public.feed_extend(%(viewer_id)s, 'for_you', %(extras)s::jsonb, %(fresh)s);

-- experiments: the newest first
select e.name, e.started_at, e.stopped_at from public.feed_experiments e order by e.started_at desc, e.name;

-- experiment: one of them
select e.name, e.started_at, e.stopped_at from public.feed_experiments e where e.name = %(name)s;

-- experiment_start: other weights for shares of the viewers
select public.feed_experiment_start(%(name)s, %(arms)s::jsonb, %(salt)s);

-- experiment_stop: the default weights for everybody
select public.feed_experiment_stop(%(name)s);

-- experiment_figures: of each arm
select f.arm, f.weights_version, f.share, f.viewers, f.exposures, f.clicks, f.likes, f.hides, f.clicked, f.liked, f.hid
from public.feed_experiment_figures(%(name)s) f;

-- experiment_changes: in what the weights of each arm differ from those that everybody had when they were made
select a.arm, e.key as weight, e.value::double precision as value, (to_jsonb(d) ->> e.key)::double precision as usual
from public.feed_experiment_arms a
join public.feed_weights w on w.version = a.weights_version
cross join lateral (
    select * from public.feed_weights d where not d.trial and d.version <= w.version order by d.version desc limit 1
) d
cross join lateral jsonb_each_text(to_jsonb(w) - '{version,created_at,trial}'::text[]) e
where a.experiment = %(name)s and e.value is distinct from to_jsonb(d) ->> e.key
order by a.from_bucket, e.key;

-- weights: those that rank for everybody
select w.version, to_jsonb(w) - '{version,created_at,trial}'::text[] as values
from public.feed_weights w
where not w.trial
order by w.version desc
limit 1;

-- weights_try: a version for an arm
select public.feed_weights_try(%(changes)s::jsonb);

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

-- repost: shows it to followers
select public.feed_repost(%(item_id)s);

-- unrepost: takes it back
select public.feed_unrepost(%(item_id)s);

-- fold: events into counters and affinities
select public.feed_fold(%(limit)s);

-- turn: tables of events for the weeks that come, none for those that are over
select public.feed_events_turn();

-- relate: what people who liked an item also liked
select public.feed_relate(%(limit)s);

-- prune: what nobody needs any more
select public.feed_prune();

-- new_count: posts that a refresh would add
select public.feed_new_count(%(mode)s, %(since)s::double precision);

-- is_newest: whether no slate is newer than the one that the row is of
select coalesce(public.feed_epoch(%(mode)s), 0) <= %(score)s::double precision / 2097152;

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
