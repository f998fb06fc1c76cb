create or replace trigger worker_jobs_arrived
after insert on public.worker_jobs
referencing new table as added
for each statement execute function internal.jobs_arrived();

create or replace trigger worker_jobs_keyed
after insert on public.worker_jobs
for each row
when (new.idempotency_key is not null)
execute function internal.jobs_keyed();
