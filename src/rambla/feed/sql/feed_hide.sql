create or replace function internal.feed_is_visible(p_item_id uuid) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
    return exists (
        select from public.feed_items i
        where i.item_id = p_item_id
            and (
                i.author_id = auth.uid()
                or (
                    i.live
                    and i.author_id <> all (internal.feed_silenced(auth.uid()))
                    and (
                        i.visibility = 'public'
                        or exists (
                            select from public.follows f
                            where f.follower_id = auth.uid() and f.followee_id = i.author_id
                        )
                    )
                )
            )
    );
end
$$;
comment on function internal.feed_is_visible(uuid) is 'Whether the caller may see an item at all.';
revoke all on function internal.feed_is_visible(uuid) from public;

create or replace function internal.feed_require_visible(p_item_id uuid) returns void
language plpgsql stable set search_path = ''
as $$
begin
    if not internal.feed_is_visible(p_item_id) then
        raise sqlstate 'PT404' using message = 'There is nothing here that you may see.', detail = 'not_found';
    end if;
end
$$;
comment on function internal.feed_require_visible(uuid) is
'Refuses an item that the caller may not see, in the words for one that does not exist.';
revoke all on function internal.feed_require_visible(uuid) from public;

create or replace function public.feed_hide(p_item_id uuid, p_reason text default 'hidden') returns void
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    if coalesce(p_reason not in ('hidden', 'not_interested'), true) then
        raise sqlstate 'PT400' using
            message = 'There is no such reason.', detail = 'invalid_value',
            hint = 'Reasons are hidden and not_interested.';
    end if;
    perform internal.feed_require_visible(p_item_id);
    insert into public.feed_hides as h (user_id, item_id, reason)
    values (auth.uid(), p_item_id, p_reason)
    on conflict (user_id, item_id) do update set reason = excluded.reason where h.reason <> excluded.reason;
    if found and p_reason = 'not_interested' then
        perform internal.feed_cool(auth.uid(), p_item_id);
    end if;
end
$$;
comment on function public.feed_hide(uuid, text) is
'Takes an item out of the caller''s feed, from the next call on. not_interested also halves what the feed thinks they feel for its author and tags.';
revoke all on function public.feed_hide(uuid, text) from public;
grant execute on function public.feed_hide(uuid, text) to authenticated;
