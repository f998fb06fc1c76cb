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
                    and (not i.age_limited or internal.is_adult(auth.uid()))
                    and i.author_id not in (select s.user_id from internal.feed_silenced(auth.uid()) s)
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
