create or replace function internal.notifications_count() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    v_users uuid[];
    v_changes integer[];
begin
    -- A branch is planned when it first runs, so each may name only the transition tables that its event has.
    if tg_op = 'INSERT' then
        select array_agg(c.user_id), array_agg(c.change) into v_users, v_changes
        from (select g.user_id, count(*) as change from gained g where g.unread group by g.user_id) c;
    elsif tg_op = 'DELETE' then
        select array_agg(c.user_id), array_agg(c.change) into v_users, v_changes
        from (select l.user_id, - count(*) as change from lost l where l.unread group by l.user_id) c;
    else
        select array_agg(c.user_id), array_agg(c.change) into v_users, v_changes
        from (
            select r.user_id, sum(r.change) as change
            from (
                select g.user_id, 1 as change from gained g where g.unread
                union all
                select l.user_id, -1 from lost l where l.unread
            ) r
            group by r.user_id
            having sum(r.change) <> 0
        ) c;
    end if;
    perform internal.notif_add_unread(v_users, v_changes);
    return null;
end
$$;
comment on function internal.notifications_count() is
'Keeps notification_states.unread right whoever writes the rows, and wakes the bells concerned.';
revoke all on function internal.notifications_count() from public;

create or replace function internal.notif_add_unread(p_users uuid[], p_changes integer[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_seq bigint;
begin
    if cardinality(p_users) = 1 then -- what nearly every statement is about, at a third of the price
        update public.notification_states s
        set unread = s.unread + p_changes[1]
        where s.user_id = p_users[1]
        returning s.seq into v_seq;
        if found then -- gone when the person leaves
            perform pg_notify('notifications', p_users[1] || ':' || v_seq);
        end if;
        return;
    end if;

    with locked as materialized ( -- in one order: two statements over the same people must not wait crosswise
        select s.user_id
        from public.notification_states s
        where s.user_id = any (p_users)
        order by s.user_id
        for no key update
    ),
    counted as (
        update public.notification_states s
        set unread = s.unread + c.change
        from unnest(p_users, p_changes) as c (user_id, change)
        inner join locked l on l.user_id = c.user_id
        where s.user_id = c.user_id
        returning s.user_id, s.seq
    )
    -- Ids only, and once for each recipient: it says "look", never what there is to see.
    select count(pg_notify('notifications', c.user_id || ':' || c.seq)) into v_seq from counted c;
end
$$;
comment on function internal.notif_add_unread(uuid[], integer[]) is
'Changes the unread counts of some people and wakes their bells when the transaction commits.';
revoke all on function internal.notif_add_unread(uuid[], integer[]) from public;
