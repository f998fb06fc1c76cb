create or replace function public.auth_has_password() returns boolean
language sql stable security definer set search_path = ''
as $$ select exists (select from internal.credentials c where c.user_id = auth.uid()) $$;
comment on function public.auth_has_password() is 'Whether the caller has a password, or came in by a link so far.';
revoke all on function public.auth_has_password() from public;
grant execute on function public.auth_has_password() to authenticated;
