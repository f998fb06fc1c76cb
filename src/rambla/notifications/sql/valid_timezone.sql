create or replace function internal.valid_timezone(p_timezone text) returns text
language plpgsql stable set search_path = ''
as $$
begin
    perform now() at time zone p_timezone;
    return coalesce(p_timezone, 'UTC');
exception when data_exception then
    return 'UTC'; -- profiles hold what people typed; a wrong zone must not stop what others send them
end
$$;
comment on function internal.valid_timezone(text) is 'The zone if PostgreSQL knows it, else UTC; never an error.';
revoke all on function internal.valid_timezone(text) from public;

create or replace function internal.notif_timezone(p_user_id uuid) returns text
language sql stable set search_path = ''
as $$
    select internal.valid_timezone((select p.timezone from public.profiles p where p.id = p_user_id))
$$;
comment on function internal.notif_timezone(uuid) is 'The zone whose days and nights are the recipient''s.';
revoke all on function internal.notif_timezone(uuid) from public;
