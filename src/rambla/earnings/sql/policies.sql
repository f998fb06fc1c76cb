-- heads, checkpoints and accruals have row security and no policy: only definer functions reach them.

revoke all on public.earnings_events from anon, authenticated, service_role;
grant select on public.earnings_events to authenticated, service_role;
grant insert (
    user_id, id, currency, amount_minor, status, kind, reason, parent_id, group_id, source, source_ref, idem_key,
    occurred_at, matures_at, rule_version, actor_id
) on public.earnings_events to service_role;
drop policy if exists earnings_events_read_own on public.earnings_events;
create policy earnings_events_read_own on public.earnings_events for select to authenticated
using (user_id = (select auth.uid()));

revoke all on public.earnings_ledger from anon, authenticated, service_role;
grant select on public.earnings_ledger to authenticated, service_role;
drop policy if exists earnings_ledger_read_own on public.earnings_ledger;
create policy earnings_ledger_read_own on public.earnings_ledger for select to authenticated
using (user_id = (select auth.uid()));

revoke all on public.earnings_drift from anon, authenticated, service_role;
grant select on public.earnings_drift to authenticated, service_role;
drop policy if exists earnings_drift_read on public.earnings_drift;
create policy earnings_drift_read on public.earnings_drift for select to authenticated
using (user_id = (select auth.uid()) or (select public.has_role('admin')));
