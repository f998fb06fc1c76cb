-- Times that clocks in Python know. A job of the time -infinity was due, and no worker could read the claim of it: it took
-- each that tried along, and no attempt was counted. What never comes is put off as far as may be.
-- Not valid, because what is there has just been looked through.

update public.worker_jobs
set next_run_at = least(greatest(next_run_at, '1970-01-01 00:00:00+00'), '9998-12-31 00:00:00+00')
where next_run_at < '1970-01-01 00:00:00+00' or next_run_at > '9998-12-31 00:00:00+00';
alter table public.worker_jobs
add constraint worker_jobs_next_run_at_in_range
check (next_run_at between '0001-01-02 00:00:00+00' and '9998-12-31 00:00:00+00') not valid;

update public.worker_schedules
set last_tick = least(greatest(last_tick, '1970-01-01 00:00:00+00'), '9998-12-31 00:00:00+00')
where last_tick < '1970-01-01 00:00:00+00' or last_tick > '9998-12-31 00:00:00+00';
alter table public.worker_schedules
add constraint worker_schedules_last_tick_in_range
check (last_tick between '0001-01-02 00:00:00+00' and '9998-12-31 00:00:00+00') not valid;
