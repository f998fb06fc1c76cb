-- Who one is told things by, and how often something was held back, is nobody else's business. All writing goes
-- through functions; people read their own rows, the service and admins read all.

revoke all on public.notification_types from anon, authenticated, service_role;
grant select on public.notification_types to authenticated, service_role;
drop policy if exists notification_types_read on public.notification_types;
create policy notification_types_read on public.notification_types for select to authenticated using (true);

revoke all on
public.notification_states, public.notifications, public.notification_preferences, public.notification_quiet_hours,
public.notification_suppressions, public.notification_replays, public.notification_deliveries
from anon, authenticated, service_role;
grant select on
public.notification_states, public.notifications, public.notification_preferences, public.notification_quiet_hours,
public.notification_suppressions, public.notification_replays, public.notification_deliveries
to authenticated, service_role;

drop policy if exists notification_states_read on public.notification_states;
create policy notification_states_read on public.notification_states for select to authenticated
using (user_id = (select auth.uid()) or (select public.has_role('admin')));

drop policy if exists notifications_read on public.notifications;
create policy notifications_read on public.notifications for select to authenticated
using (user_id = (select auth.uid()) or (select public.has_role('admin')));

drop policy if exists notification_preferences_read on public.notification_preferences;
create policy notification_preferences_read on public.notification_preferences for select to authenticated
using (user_id = (select auth.uid()) or (select public.has_role('admin')));

drop policy if exists notification_quiet_hours_read on public.notification_quiet_hours;
create policy notification_quiet_hours_read on public.notification_quiet_hours for select to authenticated
using (user_id = (select auth.uid()) or (select public.has_role('admin')));

drop policy if exists notification_suppressions_read on public.notification_suppressions;
create policy notification_suppressions_read on public.notification_suppressions for select to authenticated
using (user_id = (select auth.uid()) or (select public.has_role('admin')));

drop policy if exists notification_replays_read on public.notification_replays;
create policy notification_replays_read on public.notification_replays for select to authenticated
using ((select public.has_role('admin')));

drop policy if exists notification_deliveries_read on public.notification_deliveries;
create policy notification_deliveries_read on public.notification_deliveries for select to authenticated
using ((select public.has_role('admin')));
