create or replace function internal.sessions_touched() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    -- The service's tokens are nobody's: they share the nil uuid.
    perform internal.touch(
        'sessions', array[coalesce(old.user_id, '00000000-0000-0000-0000-000000000000')]
    );
    return null;
end
$$;
comment on function internal.sessions_touched() is 'A session that has ended, or ends earlier, is honoured by no process.';
revoke all on function internal.sessions_touched() from public;
