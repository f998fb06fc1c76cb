-- cast: two new people
select public.uuid7() as viewer, public.uuid7() as author;

-- people: the cast moves in
with users as (
    insert into auth.users (id) values (%(viewer)s), (%(author)s)
)
insert into public.profiles (id, handle, display_name)
values
    (%(viewer)s, 'smoke_' || right(%(viewer)s::text, 12), 'Smoke viewer'),
    (%(author)s, 'smoke_' || right(%(author)s::text, 12), 'Smoke author');

-- posts: enough for several pages
insert into public.posts (author_id, body, created_at)
select %(author)s, 'Smoke post ' || n, now() - n * interval '1 minute'
from generate_series(1, 120) n;

-- shop: more than the cap lets through
insert into public.shop_items (seller_id, title, price_minor, currency, created_at)
select %(author)s, 'Smoke item ' || n, 500, 'EUR', now() - n * interval '1 minute'
from generate_series(1, 40) n;

-- feed: the contract, with a limit
select f.item_id, f.item_type, f.score
from public.feed_fusion_home('for_you', %(score)s, %(item)s, %(limit)s) f;

-- add_to_cart: as the viewer
insert into public.shopping_cart_items (user_id, item_id) values (%(viewer)s, %(item)s);

-- hide: as the viewer
insert into public.feed_hides (user_id, item_id) values (%(viewer)s, %(item)s);

-- send: the contract
select public.notif_send(%(viewer)s, 'inapp', 'test', 'Hi', 'Body', null, %(key)s);

-- quiet: quiet hours around this minute
select public.notif_quiet_hours_set(
    (now() at time zone 'UTC' - interval '1 hour')::time, (now() at time zone 'UTC' + interval '1 hour')::time, 127, 'UTC'
);

-- session: a token for one short stream
select public.session_start(%(viewer)s, %(token)s, 'bearer', 'smoke', interval '1 minute');

-- leave: the cast moves out
delete from auth.users where id in (%(viewer)s, %(author)s);

-- admin: somebody who may see the admin pages
select r.user_id as id from public.user_roles r where r.role = 'admin' order by r.granted_at limit 1;

-- mark_all_read: the contract
select public.notif_mark_all_read();

-- unread: the contract
select public.notif_unread_count();

-- earn: 12.00 coming
select public.earnings_record(%(author)s, 'EUR', 1200, 'sale', 'smoke', 'smoke', 'smoke');

-- capture: 7.00 of it
select public.earnings_transition(%(author)s, e.id, 'captured', 700, 'smoke', 'smoke-capture')
from public.earnings_events e
where e.user_id = %(author)s and e.idem_key = 'smoke';

-- recompute: the contract, beside the plain sum
select r.total, r.captured, r.pending, r.missed, r.drift,
    (select sum(e.amount_minor)::bigint from public.earnings_events e where e.user_id = %(author)s) as sum_of_events
from public.earnings_recompute(%(author)s) r;

-- poison: the contract's insert
insert into public.worker_jobs (job_type, payload, max_attempts, next_run_at, status)
values ('poison_test', '{"fail":true}'::jsonb, %(max_attempts)s, now(), 'pending')
returning id;

-- fail: the contract
select public.worker_fail_job(%(job)s, 'smoke');

-- wait: when the job runs next
select status, extract(epoch from next_run_at - now())::float8 as seconds
from public.worker_jobs
where id = %(job)s;

-- alive: whether the job is still in the queue
select count(*) from public.worker_jobs where id = %(job)s;

-- dead: whether the job is in the dead letters
select count(*) from public.dead_letter_queue where job_id = %(job)s;

-- enqueue: with a key
select public.worker_enqueue('noop', '{}'::jsonb, 'smoke-key');
