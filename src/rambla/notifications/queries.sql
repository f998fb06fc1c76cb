-- send: what became of it
select * from public.notif_send_outcome(
    %(user_id)s, %(channel)s, %(type)s, %(title)s, %(body)s, %(data)s::jsonb, %(idempotency_key)s
);

-- inbox: one page of the caller's lanes, newest first; each lane is read from its own index
select n.id, n.seq, n.type, n.lane, n.title, n.body, n.url, n.data, n.created_at, n.read_at
from unnest(%(lanes)s::text[]) as l (lane)
cross join lateral (
    select *
    from public.notifications i
    where i.user_id = (select auth.uid())
        and i.lane = l.lane
        and i.channel = 'inapp'
        and i.archived_at is null
        and i.seq > %(after)s
        and i.seq < %(before)s
    order by i.seq desc
    limit %(limit)s
) n
order by n.seq desc
limit %(limit)s;

-- unread: the same of what is unread
select n.id, n.seq, n.type, n.lane, n.title, n.body, n.url, n.data, n.created_at, n.read_at
from unnest(%(lanes)s::text[]) as l (lane)
cross join lateral (
    select *
    from public.notifications i
    where i.user_id = (select auth.uid()) and i.lane = l.lane and i.unread and i.seq > %(after)s and i.seq < %(before)s
    order by i.seq desc
    limit %(limit)s
) n
order by n.seq desc
limit %(limit)s;

-- lanes: how many are unread in each, counted up to one hundred
select
    l.lane,
    (
        select count(*)
        from (
            select
            from public.notifications i
            where i.user_id = (select auth.uid()) and i.lane = l.lane and i.unread
            limit 100
        ) u
    ) as unread
from unnest(%(lanes)s::text[]) as l (lane);

-- bells: the count, the last number, and what came after since, oldest first; one row for each who asks, in order
select
    coalesce(s.unread, 0) as unread,
    coalesce(s.seq, 0) as seq,
    coalesce(n.items, '[]') as items
from unnest(%(users)s::uuid[], %(since)s::bigint[]) with ordinality as asked (user_id, since, place)
left join public.notification_states s on s.user_id = asked.user_id
left join lateral (
    select json_agg(i order by i.seq) as items
    from (
        select i.id, i.seq, i.type, i.title, i.body, i.url, i.created_at
        from public.notifications i
        where i.user_id = asked.user_id and i.channel = 'inapp' and i.archived_at is null and i.seq > asked.since
        order by i.seq
        limit %(limit)s
    ) i
) n on true
order by asked.place;

-- unread_count: the number on the badge
select public.notif_unread_count();

-- newest: the last number drawn for the caller
select coalesce((select s.seq from public.notification_states s where s.user_id = (select auth.uid())), 0);

-- mark_read: one or more of the caller's own
select public.notif_mark_read(%(ids)s);

-- mark_all_read: what the person has seen
select public.notif_mark_all_read(%(up_to_seq)s, %(lane)s);

-- archive: out of the inbox, or back
select public.notif_archive(%(ids)s, %(archived)s);

-- one: if it is there and the caller's
select n.id, n.seq, n.type, n.lane, n.title, n.body, n.url, n.data, n.created_at, n.read_at
from public.notifications n
where n.user_id = (select auth.uid()) and n.id = %(id)s and n.channel = 'inapp';

-- types: what the settings page lists
select t.type, t.lane, t.critical, t.description
from public.notification_types t
order by t.lane, t.description;

-- preferences: the caller's
select p.type, p.channel, p.enabled
from public.notification_preferences p
where p.user_id = (select auth.uid())
order by p.type, p.channel;

-- set_preferences: all of them anew
select public.notif_preferences_set(%(preferences)s::jsonb);

-- quiet_hours: the caller's; as text, because Python has no 24:00
select
    to_char(q.start_time, 'HH24:MI') as start,
    to_char(q.end_time, 'HH24:MI') as end,
    q.days,
    q.timezone
from public.notification_quiet_hours q
where q.user_id = (select auth.uid());

-- set_quiet_hours: anew, or off with nulls
select public.notif_quiet_hours_set(%(start)s::time, %(end)s::time, %(days)s, %(timezone)s);

-- timezones: what a person may choose from
select array_agg(z.name order by z.name)
from pg_catalog.pg_timezone_names z
where z.name = 'UTC' or z.name like '%%/%%' and z.name not similar to '(Etc|posix|right|SystemV)/%%';

-- explain: what a send to the caller would meet now
select e.* from public.notif_explain(auth.uid(), %(channel)s) e;

-- suppressions: what was held back from the caller lately
select s.at, s.channel, s.reason, coalesce(t.description, s.type) as description
from public.notification_suppressions s
left join public.notification_types t on t.type = s.type
where s.user_id = (select auth.uid())
order by s.id desc
limit 10;

-- delivery_begin: opens an attempt
select * from public.notif_delivery_begin(%(user_id)s, %(notification_id)s);

-- delivery_finish: closes it
select public.notif_delivery_finish(
    %(user_id)s, %(notification_id)s, %(attempt)s, %(outcome)s, %(detail)s, %(final)s
);
