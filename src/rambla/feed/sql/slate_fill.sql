create or replace function internal.feed_slate_live(p_viewer uuid, p_mode text, p_at timestamptz)
returns public.feed_slates
language plpgsql stable set search_path = ''
as $$
declare
    v_slate public.feed_slates;
    v_minutes integer;
begin
    select s.* into v_slate
    from public.feed_slates s
    where s.viewer_id = p_viewer and s.mode = p_mode
    order by s.epoch desc
    limit 1;
    if not found then
        return null;
    end if;
    v_minutes := internal.setting(
        case p_viewer when internal.feed_visitor() then 'feed_visitor_slate_minutes' else 'feed_slate_minutes' end
    )::integer;
    if to_timestamp(v_slate.epoch) + make_interval(mins => v_minutes) <= p_at then
        return null;
    end if;
    return v_slate;
end
$$;
comment on function internal.feed_slate_live(uuid, text, timestamptz) is
'The viewer''s newest slate while it is young enough to begin with, otherwise null.';
revoke all on function internal.feed_slate_live(uuid, text, timestamptz) from public;

create or replace function internal.feed_visitor() returns uuid
language plpgsql immutable set search_path = ''
as $$
begin
    return '00000000-0000-0000-0000-000000000000';
end
$$;
comment on function internal.feed_visitor() is 'Under this id stand the slates that all visitors share.';
revoke all on function internal.feed_visitor() from public;

create or replace function internal.feed_slate_fill(
    p_viewer uuid, p_mode text, p_fresh boolean, p_at timestamptz
) returns public.feed_slates
language plpgsql volatile set search_path = ''
as $$
declare
    v_slate public.feed_slates;
    v_epoch bigint;
begin
    if current_setting('transaction_read_only') = 'on' then
        return internal.feed_slate_build(p_viewer, p_mode, floor(extract(epoch from p_at))::bigint, p_at);
    end if;

    -- Calls that arrive together wait for the first and then read what it stored: this function is volatile, so the
    -- statement after the lock sees the commit that released it.
    perform pg_advisory_xact_lock(hashtextextended(p_viewer || ' ' || p_mode, 7));
    if not p_fresh then
        v_slate := internal.feed_slate_live(p_viewer, p_mode, p_at);
        if v_slate.epoch is not null then
            return v_slate;
        end if;
    end if;

    select greatest(floor(extract(epoch from p_at))::bigint, max(s.epoch) + 1) into v_epoch
    from public.feed_slates s
    where s.viewer_id = p_viewer and s.mode = p_mode;
    v_slate := internal.feed_slate_build(p_viewer, p_mode, v_epoch, p_at);
    insert into public.feed_slates values (v_slate.*);

    -- Three walks may be under way; the fourth closes the first, whose cursors are expired from now on.
    delete from public.feed_slates s
    where s.viewer_id = p_viewer and s.mode = p_mode and s.epoch not in (
        select k.epoch
        from public.feed_slates k
        where k.viewer_id = p_viewer and k.mode = p_mode
        order by k.epoch desc
        limit 3
    );
    return v_slate;
end
$$;
comment on function internal.feed_slate_fill(uuid, text, boolean, timestamptz) is
'A slate to begin with: the live one unless a fresh one is asked for, else a new one, stored when the transaction may write.';
revoke all on function internal.feed_slate_fill(uuid, text, boolean, timestamptz) from public;
