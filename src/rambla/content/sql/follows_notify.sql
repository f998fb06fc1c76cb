create or replace function internal.follows_notify() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
declare
    v_follow record;
begin
    -- In the order of the recipients' ids, because each send locks its recipient's state row. The key is the
    -- follower's, so following again and again tells the person once. Rows that are not the caller's own act, such
    -- as a graph that is copied in, are nobody's news.
    for v_follow in
        select n.followee_id, p.id, p.handle, p.display_name
        from new_rows n
        join public.profiles p on p.id = n.follower_id
        where n.follower_id = auth.uid()
        order by n.followee_id
    loop
        perform internal.notify(
            v_follow.followee_id, 'inapp', 'new_follower', v_follow.display_name || ' follows you', '',
            jsonb_build_object('follower_id', v_follow.id, 'handle', v_follow.handle), 'follow:' || v_follow.id
        );
    end loop;
    return null;
end
$$;
comment on function internal.follows_notify() is 'Tells a person who follows them now.';
revoke all on function internal.follows_notify() from public;
