create or replace function internal.may_act_for(p_user_id uuid) returns boolean
language sql stable set search_path = ''
as $$
    select p_user_id = auth.uid() or auth.role() = 'service_role' or public.has_role('admin')
$$;
comment on function internal.may_act_for(uuid) is
'The first line of each definer function: the caller''s own id, the service, or an admin.';
revoke all on function internal.may_act_for(uuid) from public;
