create or replace function internal.is_adult(p_user_id uuid) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
    return exists (select from public.age_confirmations a where a.user_id = p_user_id);
end
$$;
comment on function internal.is_adult(uuid) is 'Whether a person has said that they are of age.';
revoke all on function internal.is_adult(uuid) from public;

create or replace function public.is_adult() returns boolean
language sql stable security definer set search_path = '' set row_security = off
as $$ select internal.is_adult(auth.uid()) $$;
comment on function public.is_adult() is 'Whether the caller has said that they are of age; policies ask it.';
revoke all on function public.is_adult() from public;
grant execute on function public.is_adult() to authenticated;
