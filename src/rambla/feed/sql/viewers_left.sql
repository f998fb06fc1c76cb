-- All visitors share the slates of the nil uuid, so these have no foreign key that would take them along.
create or replace function internal.feed_viewers_left() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    delete from public.feed_slates s using old_rows o where s.viewer_id = o.id;
    return null;
end
$$;
comment on function internal.feed_viewers_left() is 'Whoever leaves takes their slates along.';
revoke all on function internal.feed_viewers_left() from public;

create or replace trigger feed_viewers_left
after delete on public.profiles
referencing old table as old_rows
for each statement execute function internal.feed_viewers_left();
