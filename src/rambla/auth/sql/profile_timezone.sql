create or replace function internal.profile_timezone() returns trigger
language plpgsql stable set search_path = ''
as $$
begin
    -- The view reads files, tens of milliseconds of it; asked only when somebody changes the zone.
    if not exists (select from pg_catalog.pg_timezone_names z where z.name = new.timezone) then
        raise sqlstate 'PT400' using
            message = 'The time zone is not in the IANA list.', detail = 'unknown_timezone',
            hint = 'Write it like Europe/Madrid.';
    end if;
    return new;
end
$$;
comment on function internal.profile_timezone() is 'Refuses a time zone that nothing later could reckon with.';
revoke all on function internal.profile_timezone() from public;
