create or replace function internal.moderate(p_item_id uuid, p_removal_reason text) returns boolean
language plpgsql volatile set search_path = ''
as $$
declare
    v_changed boolean;
begin
    update public.posts p
    set removal_reason = p_removal_reason
    where p.id = p_item_id and p.removal_reason is distinct from p_removal_reason;
    v_changed := found;
    update public.shop_items s
    set removal_reason = p_removal_reason
    where s.id = p_item_id and s.removal_reason is distinct from p_removal_reason;
    v_changed := v_changed or found;
    if not v_changed and not exists (
        select from public.posts p where p.id = p_item_id
        union all
        select from public.shop_items s where s.id = p_item_id
    ) then
        raise sqlstate 'PT404' using message = 'There is no such post or shop item.', detail = 'not_found';
    end if;
    return v_changed;
end
$$;
comment on function internal.moderate(uuid, text) is
'Removes a post or shop item for a reason, or restores it when that is null; false when it was so already.';
revoke all on function internal.moderate(uuid, text) from public;

create or replace function internal.require_reason(p_reason text) returns void
language plpgsql immutable set search_path = ''
as $$
begin
    if coalesce(char_length(btrim(p_reason)) not between 1 and 500, true) then
        raise sqlstate 'PT400' using
            message = 'A reason has 1 to 500 characters.', detail = 'invalid_value',
            hint = 'The author reads it, and it stands in the audit log.';
    end if;
end
$$;
comment on function internal.require_reason(text) is 'Refuses to moderate without saying why.';
revoke all on function internal.require_reason(text) from public;

create or replace function public.content_remove(p_item_id uuid, p_reason text) returns boolean
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_service();
    perform internal.require_reason(p_reason);
    if not internal.moderate(p_item_id, btrim(p_reason)) then
        return false;
    end if;
    perform internal.audit('content.remove', p_item_id::text, jsonb_build_object('reason', btrim(p_reason)));
    return true;
end
$$;
comment on function public.content_remove(uuid, text) is
'A moderator removes a post or shop item: nobody but its author sees it from the next call on. False when it was removed for that reason already. For admins and the service.';
revoke all on function public.content_remove(uuid, text) from public;
grant execute on function public.content_remove(uuid, text) to authenticated, service_role;
