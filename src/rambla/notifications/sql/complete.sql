create or replace function internal.notifications_complete() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
    if new.seq is null then
        new.seq := internal.notif_next_seq(new.user_id);
    end if;
    if new.status = 'sent' then
        new.sent_at := coalesce(new.sent_at, now());
    end if;
    return new;
end
$$;
comment on function internal.notifications_complete() is
'Gives rows that were written by hand the number and the time that notif_submit() gives its own.';
revoke all on function internal.notifications_complete() from public;
