-- Jobs are the service's and the admins' business. Everything but a plain insert goes through functions, so
-- that no update can skip the fence; schedules are rows that an admin edits.

revoke all on
public.worker_jobs, public.dead_letter_queue, public.worker_job_keys, public.worker_job_parents,
public.worker_job_types, public.worker_lanes, public.worker_limits, public.worker_rate_starts, public.worker_pauses,
public.worker_heartbeats, public.worker_schedules
from anon, authenticated, service_role;
grant select on
public.worker_jobs, public.dead_letter_queue, public.worker_job_keys, public.worker_job_parents,
public.worker_job_types, public.worker_lanes, public.worker_limits, public.worker_rate_starts, public.worker_pauses,
public.worker_heartbeats, public.worker_schedules
to authenticated, service_role;
grant insert (
    job_type, queue, priority, payload, tags, status, max_attempts, next_run_at, idempotency_key, partition_key
)
on public.worker_jobs to authenticated, service_role;
grant insert, update, delete on public.worker_schedules to authenticated, service_role;

drop policy if exists worker_jobs_read on public.worker_jobs;
create policy worker_jobs_read on public.worker_jobs for select to authenticated
using ((select public.has_role('admin')));
drop policy if exists worker_jobs_enqueue on public.worker_jobs;
create policy worker_jobs_enqueue on public.worker_jobs for insert to authenticated
with check ((select public.has_role('admin')));

drop policy if exists dead_letter_queue_read on public.dead_letter_queue;
create policy dead_letter_queue_read on public.dead_letter_queue for select to authenticated
using ((select public.has_role('admin')));

drop policy if exists worker_job_keys_read on public.worker_job_keys;
create policy worker_job_keys_read on public.worker_job_keys for select to authenticated
using ((select public.has_role('admin')));

drop policy if exists worker_job_types_read on public.worker_job_types;
create policy worker_job_types_read on public.worker_job_types for select to authenticated
using ((select public.has_role('admin')));

drop policy if exists worker_lanes_read on public.worker_lanes;
create policy worker_lanes_read on public.worker_lanes for select to authenticated
using ((select public.has_role('admin')));

drop policy if exists worker_job_parents_read on public.worker_job_parents;
create policy worker_job_parents_read on public.worker_job_parents for select to authenticated
using ((select public.has_role('admin')));

drop policy if exists worker_limits_read on public.worker_limits;
create policy worker_limits_read on public.worker_limits for select to authenticated
using ((select public.has_role('admin')));

drop policy if exists worker_rate_starts_read on public.worker_rate_starts;
create policy worker_rate_starts_read on public.worker_rate_starts for select to authenticated
using ((select public.has_role('admin')));

drop policy if exists worker_pauses_read on public.worker_pauses;
create policy worker_pauses_read on public.worker_pauses for select to authenticated
using ((select public.has_role('admin')));

drop policy if exists worker_heartbeats_read on public.worker_heartbeats;
create policy worker_heartbeats_read on public.worker_heartbeats for select to authenticated
using ((select public.has_role('admin')));

drop policy if exists worker_schedules_admin on public.worker_schedules;
create policy worker_schedules_admin on public.worker_schedules for all to authenticated
using ((select public.has_role('admin'))) with check ((select public.has_role('admin')));
