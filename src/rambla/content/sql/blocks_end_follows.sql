create or replace function internal.blocks_end_follows() returns trigger
language plpgsql security definer set search_path = '' set row_security = off
as $$
begin
    delete from public.follows f
    using new_rows b
    where (f.follower_id, f.followee_id) in ((b.user_id, b.blocked_id), (b.blocked_id, b.user_id));
    return null;
end
$$;
comment on function internal.blocks_end_follows() is 'Whoever blocks does not follow, and is not followed, any more.';
revoke all on function internal.blocks_end_follows() from public;
