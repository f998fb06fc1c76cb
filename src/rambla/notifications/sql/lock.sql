create or replace function internal.notif_lock(p_user_id uuid) returns boolean
language plpgsql volatile set search_path = ''
as $$
begin
    perform from public.notification_states s where s.user_id = p_user_id for no key update;
    return found;
end
$$;
comment on function internal.notif_lock(uuid) is
'Takes the recipient''s state row before their notifications, as sending does: two who take rows first and the state after block each other. False for somebody who never had a notification: to go on without the lock would be to take rows first.';
revoke all on function internal.notif_lock(uuid) from public;

create or replace function internal.notif_next_seq(p_user_id uuid) returns bigint
language sql volatile set search_path = ''
as $$
    insert into public.notification_states as s (user_id, seq)
    values (p_user_id, 1)
    on conflict (user_id) do update set seq = s.seq + 1
    returning s.seq
$$;
comment on function internal.notif_next_seq(uuid) is
'Takes the recipient''s state row until the end of the transaction and draws the next number. An attempt that comes to nothing leaves a gap.';
revoke all on function internal.notif_next_seq(uuid) from public;
