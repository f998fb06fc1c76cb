create or replace function public.earnings_verify(p_users integer default 20, p_at timestamptz default now())
returns table (users integer, drifted integer)
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_user_id uuid;
    v_accruals integer;
begin
    perform internal.require_service();
    users := 0;
    drifted := 0;

    -- By user id: recomputes lock one user after another, and two calls must not wait for each other crosswise.
    for v_user_id in
        select due.user_id
        from (
            select l.user_id
            from (
                select distinct a.user_id from public.earnings_ledger a where a.event_count <> 0 or a.total <> 0
            ) l
            left join internal.earnings_heads h on h.user_id = l.user_id
            where coalesce(h.folded_at < p_at, true)
            order by h.folded_at nulls first
            limit p_users
        ) due
        order by due.user_id
    loop
        users := users + 1;
        perform internal.earnings_lock(v_user_id);
        perform internal.earnings_forget(v_user_id);
        v_accruals := internal.earnings_settle_accruals(v_user_id);
        if exists (select from public.earnings_recompute(v_user_id) r where r.drift <> 0) or v_accruals > 0 then
            drifted := drifted + 1;
        end if;
    end loop;
    return next;
end
$$;
comment on function public.earnings_verify(integer, timestamptz) is
'Recomputes from every event some users whose checkpoint is older than p_at, the oldest first; returns how many, and how many had drifted. Called with one p_at until it returns no users, it has proved everybody once. Those users cannot recompute until the transaction ends, so a few a call.';
revoke all on function public.earnings_verify(integer, timestamptz) from public;
grant execute on function public.earnings_verify(integer, timestamptz) to authenticated, service_role;
