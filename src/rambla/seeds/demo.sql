-- is_empty: Whether nobody lives here yet.
select not exists (select from public.profiles);

-- stage: How far the demo world has come.
select case
    when exists (select from public.audit_log a where a.action = %(action)s) then 'complete'
    when exists (select from public.profiles p where p.id = %(alice)s) then 'begun'
    else 'empty'
end;

-- taken: Handles of ours that somebody has.
select p.handle from public.profiles p where p.handle = any (%(handles)s) order by p.handle;

-- password: What they sign in with.
select public.auth_password_set(%(who)s, %(hashed)s);

-- credential: What they sign in with now.
select user_id, password_hash from public.auth_credential(%(name)s);

-- role: What they may do.
select public.role_grant(%(who)s, %(role)s);

-- quiet_hours: Nothing at night.
select public.notif_quiet_hours_set('22:00', '07:30');

-- preferences: No mail about followers.
select public.notif_preferences_set('[{"type": "new_follower", "channel": "email", "enabled": false}]');

-- hold_back: An attempt that a preference held back, as notif_submit() notes it.
insert into public.notification_suppressions (user_id, channel, type, reason, idempotency_key, at)
select %(who)s, 'email', 'new_follower', 'preference', 'story:preference', %(at)s
where not exists (
    select from public.notification_suppressions s
    where s.user_id = %(who)s and s.idempotency_key = 'story:preference'
);

-- wait: Jobs for later.
select public.worker_enqueue(
    j.job_type, j.payload, 'seed.demo:' || j.key, p_next_run_at => %(at)s::timestamptz + j.later
)
from (values
    ('noop', '{}'::jsonb, 'tonight', interval '6 hours'),
    ('noop', '{}', 'tomorrow', interval '1 day'),
    ('sleep', '{"seconds": 2}', 'soon', interval '90 minutes')
) as j (job_type, payload, key, later);

-- die_of_poison: A job that failed as often as it may.
with job as materialized (
    select public.worker_enqueue(
        'poison_test', '{"fail": true}', 'seed.demo:poison', p_next_run_at => %(at)s, p_max_attempts => 3
    ) as id
    where not exists (select from public.dead_letter_queue d where d.idempotency_key = 'seed.demo:poison')
)
select public.worker_fail_job(
    job.id,
    format('Poisoned: The payload asked to fail; this was attempt %%s of 3.', a.attempt),
    p_at => %(at)s::timestamptz + a.after
)
from job, (values (1, interval '0'), (2, interval '60 seconds'), (3, interval '180 seconds')) as a (attempt, after)
order by a.attempt;

-- die_of_mail: A delivery that a mail server would not take.
with job as materialized (
    select public.worker_enqueue(
        'notification_deliver',
        jsonb_build_object('user_id', %(who)s::uuid, 'notification_id', '00000000-0000-0000-0000-000000000000'),
        'seed.demo:mail', p_next_run_at => %(at)s, p_max_attempts => 2
    ) as id
    where not exists (select from public.dead_letter_queue d where d.idempotency_key = 'seed.demo:mail')
)
select public.worker_fail_job(
    job.id, 'Undelivered: 451 4.3.2 Please try again later.', p_at => %(at)s::timestamptz + a.after
)
from job, (values (interval '0'), (interval '60 seconds')) as a (after)
order by a.after;
