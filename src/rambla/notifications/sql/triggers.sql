-- Transition tables need a trigger for each event; all three count alike.
create or replace trigger notifications_complete
before insert or update of status on public.notifications
for each row
when (new.seq is null or new.status = 'sent' and new.sent_at is null)
execute function internal.notifications_complete();

create or replace trigger notifications_count_insert
after insert on public.notifications
referencing new table as gained
for each statement execute function internal.notifications_count();

create or replace trigger notifications_count_update
after update on public.notifications
referencing old table as lost new table as gained
for each statement execute function internal.notifications_count();

create or replace trigger notifications_count_delete
after delete on public.notifications
referencing old table as lost
for each statement execute function internal.notifications_count();
