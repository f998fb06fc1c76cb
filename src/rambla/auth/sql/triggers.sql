create or replace trigger profiles_timezone
before update of timezone on public.profiles
for each row
when (new.timezone is distinct from old.timezone)
execute function internal.profile_timezone();
