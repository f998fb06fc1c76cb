-- auth.users, credentials, sessions, sign_in_links and internal.settings have row security and no policy:
-- only definer functions reach them.

revoke all on public.profiles from anon, authenticated, service_role;
grant select on public.profiles to anon, authenticated, service_role;
grant update (handle, display_name, bio, avatar_url, timezone, locale) on public.profiles to authenticated;
drop policy if exists profiles_read on public.profiles;
create policy profiles_read on public.profiles for select to anon, authenticated using (true);
drop policy if exists profiles_update_own on public.profiles;
create policy profiles_update_own on public.profiles for update to authenticated
using (id = (select auth.uid())) with check (id = (select auth.uid()));

revoke all on public.user_roles from anon, authenticated, service_role;
grant select on public.user_roles to authenticated, service_role;
drop policy if exists user_roles_read on public.user_roles;
create policy user_roles_read on public.user_roles for select to authenticated
using (user_id = (select auth.uid()) or (select public.has_role('admin')));

revoke all on public.audit_log from anon, authenticated, service_role;
grant select on public.audit_log to authenticated, service_role;
drop policy if exists audit_log_read on public.audit_log;
create policy audit_log_read on public.audit_log for select to authenticated
using ((select public.has_role('admin')));
