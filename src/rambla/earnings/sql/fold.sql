create or replace function internal.earnings_lock(p_user_id uuid) returns void
language sql volatile set search_path = ''
as $$ select pg_advisory_xact_lock(hashtextextended('earnings ' || p_user_id, 0)) $$;
comment on function internal.earnings_lock(uuid) is
'One recompute of a user at a time. Not a row lock: with nothing new a recompute then writes nothing at all. Inserts never wait for it.';
revoke all on function internal.earnings_lock(uuid) from public;

create or replace function internal.earnings_snapshot(p_snapshot pg_snapshot, p_own xid8) returns pg_snapshot
language sql immutable set search_path = ''
as $$
    -- pg_current_snapshot() leaves out the transaction that asks. Once a later one has committed, the snapshot
    -- would claim to see all that ours writes, also what it has yet to write.
    select case
        when p_own is null or p_own >= pg_snapshot_xmax(p_snapshot) then p_snapshot
        else (
            select format(
                '%s:%s:%s', pg_snapshot_xmin(p_snapshot), pg_snapshot_xmax(p_snapshot), string_agg(x::text, ',' order by x)
            )::pg_snapshot
            from (select pg_snapshot_xip(p_snapshot) union select p_own) as running (x)
        )
    end
$$;
comment on function internal.earnings_snapshot(pg_snapshot, xid8) is
'The snapshot with the asking transaction among those that are still running.';
revoke all on function internal.earnings_snapshot(pg_snapshot, xid8) from public;

create or replace function internal.earnings_forget(p_user_id uuid) returns void
language sql volatile set search_path = ''
as $$
    delete from internal.earnings_heads h where h.user_id = p_user_id;
    delete from internal.earnings_checkpoints c where c.user_id = p_user_id
$$;
comment on function internal.earnings_forget(uuid) is
'Deletes a user''s checkpoint, so that the next recompute reads every event.';
revoke all on function internal.earnings_forget(uuid) from public;

create or replace function internal.earnings_fold(p_user_id uuid) returns setof internal.earnings_tally
-- A plan for this one user would trust the statistics, which say "no rows" of whoever has grown since the last
-- analyze, and then any index on user_id looks as good as the one that leads to the tail.
language plpgsql volatile set search_path = '' set plan_cache_mode = force_generic_plan set jit = off
as $$
declare
    v_system constant bigint := (select s.system_identifier from pg_control_system() s);
    v_head internal.earnings_heads;
begin
    select h.* into v_head from internal.earnings_heads h where h.user_id = p_user_id;
    if v_head.system_identifier <> v_system then
        -- Restored from elsewhere: transaction ids mean nothing across clusters.
        perform internal.earnings_forget(p_user_id);
        v_head := null;
    end if;

    -- One statement, so that snapshot, sums and ledger are of the same moment.
    return query
    with now as materialized (
        select
            pg_current_snapshot() as snapshot,
            pg_current_xact_id_if_assigned() as own
    ),
    -- Rows that we see and the snapshot does not, and that are not our own, were brought by a restore. A subquery
    -- in a case, because it runs only when it is asked; as a join it would read the whole history each time.
    sealed as materialized (
        select case
            when v_head.user_id is not null then v_head.sealed_seq
            else coalesce((
                select max(e.seq)
                from public.earnings_events e
                where e.user_id = p_user_id
                    and e.xid >= (select pg_snapshot_xmin(n.snapshot) from now n)
                    and not pg_visible_in_snapshot(e.xid, (select n.snapshot from now n))
                    and e.xid is distinct from (select n.own from now n)
            ), 0)
        end as seq
    ),
    tail as materialized (
        select
            e.currency,
            coalesce(e.xid = now.own, false) and e.seq > sealed.seq as own,
            coalesce(sum(e.amount_minor) filter (where e.status = 'captured'), 0)::bigint as captured,
            coalesce(sum(e.amount_minor) filter (where e.status = 'pending'), 0)::bigint as pending,
            coalesce(sum(e.amount_minor) filter (where e.status = 'reversed'), 0)::bigint as reversed,
            coalesce(sum(e.amount_minor) filter (where e.status = 'expired'), 0)::bigint as expired,
            count(*) as event_count
        from public.earnings_events e, now, sealed
        where e.user_id = p_user_id
            and e.xid >= coalesce(pg_snapshot_xmin(v_head.snapshot), '0')
            and e.xid <= (
                -- Nothing that this cluster wrote is above; what a restore brought may be, and is folded already.
                select case
                    when v_head.user_id is null then '18446744073709551615'
                    else greatest(pg_snapshot_xmax(n.snapshot), n.own)
                end
                from now n
            )
            and e.seq > coalesce(v_head.sealed_seq, 0)
            and pg_visible_in_snapshot(e.xid, v_head.snapshot) is not true
        group by 1, 2
    ),
    -- Our own rows are counted and not folded: we may yet add to them.
    folded as (
        insert into internal.earnings_checkpoints as c (
            user_id, currency, captured, pending, reversed, expired, event_count
        )
        select p_user_id, t.currency, t.captured, t.pending, t.reversed, t.expired, t.event_count
        from tail t
        where not t.own
        on conflict (user_id, currency) do update set
            captured = c.captured + excluded.captured,
            pending = c.pending + excluded.pending,
            reversed = c.reversed + excluded.reversed,
            expired = c.expired + excluded.expired,
            event_count = c.event_count + excluded.event_count
    ),
    head as (
        insert into internal.earnings_heads as h (user_id, snapshot, sealed_seq, system_identifier, folded_at)
        select p_user_id, internal.earnings_snapshot(now.snapshot, now.own), sealed.seq, v_system, clock_timestamp()
        from now, sealed
        where exists (select from tail t where not t.own)
        on conflict (user_id) do update set
            snapshot = excluded.snapshot,
            folded_at = excluded.folded_at
    ),
    sums as (
        select
            s.currency,
            sum(s.captured)::bigint as captured,
            sum(s.pending)::bigint as pending,
            sum(s.reversed)::bigint as reversed,
            sum(s.expired)::bigint as expired,
            sum(s.event_count)::bigint as event_count,
            sum(s.new_events)::bigint as new_events
        from (
            select c.currency, c.captured, c.pending, c.reversed, c.expired, c.event_count, 0 as new_events
            from internal.earnings_checkpoints c
            where c.user_id = p_user_id
            union all
            select t.currency, t.captured, t.pending, t.reversed, t.expired, t.event_count, t.event_count
            from tail t
        ) s
        group by s.currency
    ),
    live as (
        select l.* from public.earnings_ledger l where l.user_id = p_user_id
    )
    select
        currency,
        coalesce(s.captured, 0),
        coalesce(s.pending, 0),
        coalesce(s.reversed, 0),
        coalesce(s.expired, 0),
        coalesce(s.event_count, 0),
        coalesce(s.new_events, 0),
        coalesce(s.captured, 0) - coalesce(l.captured, 0),
        coalesce(s.pending, 0) - coalesce(l.pending, 0),
        coalesce(s.reversed, 0) - coalesce(l.reversed, 0),
        coalesce(s.expired, 0) - coalesce(l.expired, 0),
        coalesce(s.event_count, 0) - coalesce(l.event_count, 0)
    from sums s
    full join live l using (currency)
    order by currency;
end
$$;
comment on function internal.earnings_fold(uuid) is
'Adds what committed since the checkpoint to it and returns all sums beside what the ledger lacks. The caller holds the user''s lock.';
revoke all on function internal.earnings_fold(uuid) from public;
