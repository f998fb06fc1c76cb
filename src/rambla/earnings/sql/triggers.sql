drop trigger if exists earnings_events_post on public.earnings_events;
create trigger earnings_events_post
after insert on public.earnings_events
referencing new table as added
for each statement execute function internal.earnings_post();

-- "always": session_replication_role = replica does not get past it.
drop trigger if exists earnings_events_append_only on public.earnings_events;
create trigger earnings_events_append_only
before update or delete or truncate on public.earnings_events
for each statement execute function internal.earnings_refuse_change();
alter table public.earnings_events enable always trigger earnings_events_append_only;
