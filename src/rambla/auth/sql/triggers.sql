create or replace trigger profiles_timezone
before update of timezone on public.profiles
for each row
when (new.timezone is distinct from old.timezone)
execute function internal.profile_timezone();

create or replace trigger sessions_touched_update
after update of expires_at, user_id on internal.sessions
for each row
when ((old.expires_at, old.user_id) is distinct from (new.expires_at, new.user_id))
execute function internal.sessions_touched();

create or replace trigger sessions_touched_delete
after delete on internal.sessions
for each row
execute function internal.sessions_touched();
