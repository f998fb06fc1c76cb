create or replace function internal.feed_mode(p_viewer uuid, p_mode text) returns text
language plpgsql immutable set search_path = ''
as $$
begin
    if coalesce(p_mode not in ('for_you', 'following', 'latest', 'trending'), true) then
        raise sqlstate 'PT400' using
            message = 'The feed has no such mode.', detail = 'unknown_mode',
            hint = 'Modes are for_you, following, latest and trending.';
    end if;
    -- Nothing is for a visitor in particular, so they read what everybody does.
    return case when p_viewer = internal.feed_visitor() and p_mode = 'for_you' then 'trending' else p_mode end;
end
$$;
comment on function internal.feed_mode(uuid, text) is 'The mode whose slate a viewer reads; refuses what is none.';
revoke all on function internal.feed_mode(uuid, text) from public;
