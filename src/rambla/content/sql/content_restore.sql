create or replace function public.content_restore(p_item_id uuid, p_reason text) returns boolean
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_service();
    perform internal.require_reason(p_reason);
    if not internal.moderate(p_item_id, null) then
        return false;
    end if;
    perform internal.audit('content.restore', p_item_id::text, jsonb_build_object('reason', btrim(p_reason)));
    return true;
end
$$;
comment on function public.content_restore(uuid, text) is
'A moderator takes a removal back: the post or shop item is where it was. False when it was not removed. For admins and the service.';
revoke all on function public.content_restore(uuid, text) from public;
grant execute on function public.content_restore(uuid, text) to authenticated, service_role;
