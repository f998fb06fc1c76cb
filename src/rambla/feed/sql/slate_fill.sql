-- The first three become parts of the statement that asks for them, as internal.feed_eyes().
drop function if exists internal.feed_slate_end(uuid, bigint);
create function internal.feed_slate_end(p_viewer uuid, p_epoch bigint) returns table (ends timestamptz)
language sql stable
as $$
    select to_timestamp(p_epoch) + make_interval(mins => (
        select s.value::integer
        from internal.settings s
        where s.key = case
            when p_viewer = internal.feed_visitor() then 'feed_visitor_slate_minutes'
            else 'feed_slate_minutes'
        end
    ))
$$;
comment on function internal.feed_slate_end(uuid, bigint) is 'Until when a slate is young enough to begin with.';
revoke all on function internal.feed_slate_end(uuid, bigint) from public;

drop function if exists internal.feed_slate_newest(uuid, text);
create function internal.feed_slate_newest(p_viewer uuid, p_mode text)
returns table (slate public.feed_slates, ends timestamptz)
language sql stable
as $$
    select s, e.ends
    from public.feed_slates s
    cross join internal.feed_slate_end(s.viewer_id, s.epoch) e
    where s.viewer_id = p_viewer and s.mode = p_mode
    order by s.epoch desc
    limit 1
$$;
comment on function internal.feed_slate_newest(uuid, text) is
'The slate that a viewer began with last, and until when it is young enough to begin with.';
revoke all on function internal.feed_slate_newest(uuid, text) from public;

drop function if exists internal.feed_slate_live(uuid, text, timestamptz);
create function internal.feed_slate_live(p_viewer uuid, p_mode text, p_at timestamptz)
returns table (slate public.feed_slates, ends timestamptz)
language sql stable
as $$
    select n.slate, n.ends from internal.feed_slate_newest(p_viewer, p_mode) n where n.ends > p_at
$$;
comment on function internal.feed_slate_live(uuid, text, timestamptz) is
'The slate that a viewer began with last while it is young enough, and until when; no row after that.';
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

-- As it was called before extensions had a say.
drop function if exists internal.feed_slate_fill(uuid, text, boolean, timestamptz);
create or replace function internal.feed_slate_fill(
    p_viewer uuid, p_mode text, p_fresh boolean, p_extras internal.feed_extra[], p_at timestamptz
) returns public.feed_slates
language plpgsql volatile set search_path = ''
as $$
declare
    v_slate public.feed_slates;
    v_epoch bigint;
begin
    if current_setting('transaction_read_only') = 'on' then
        return internal.feed_slate_build(
            p_viewer, p_mode, floor(extract(epoch from p_at))::bigint, p_extras, p_at
        );
    end if;

    -- Calls that arrive together wait for the first and then read what it stored: this function is volatile, so the
    -- statement after the lock sees the commit that released it.
    perform pg_advisory_xact_lock(hashtextextended(p_viewer || ' ' || p_mode, 7));
    if not p_fresh then
        select (l.slate).* into v_slate from internal.feed_slate_live(p_viewer, p_mode, p_at) l;
        if found then
            return v_slate;
        end if;
    end if;

    select greatest(floor(extract(epoch from p_at))::bigint, max(s.epoch) + 1) into v_epoch
    from public.feed_slates s
    where s.viewer_id = p_viewer and s.mode = p_mode;
    v_slate := internal.feed_slate_build(p_viewer, p_mode, v_epoch, p_extras, p_at);
    insert into public.feed_slates values (v_slate.*);
    perform internal.feed_expose(v_slate, p_at);

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
comment on function internal.feed_slate_fill(uuid, text, boolean, internal.feed_extra[], timestamptz) is
'A slate to begin with: the live one unless a fresh one is asked for, else a new one, stored when the transaction may write.';
revoke all on function internal.feed_slate_fill(uuid, text, boolean, internal.feed_extra[], timestamptz) from public;

create or replace function internal.feed_slate_grow(p_slate public.feed_slates, p_at timestamptz)
returns public.feed_slates
language plpgsql volatile set search_path = ''
as $$
declare
    v_stored boolean := false;
    v_slate public.feed_slates := p_slate;
    v_context internal.feed_context;
begin
    if current_setting('transaction_read_only') = 'off' then
        -- As internal.feed_slate_fill(): those who come together are given what the first has added.
        perform pg_advisory_xact_lock(hashtextextended(p_slate.viewer_id || ' ' || p_slate.mode, 7));
        select s.* into v_slate
        from public.feed_slates s
        where s.viewer_id = p_slate.viewer_id and s.mode = p_slate.mode and s.epoch = p_slate.epoch;
        v_stored := found;
        if v_slate.complete or cardinality(v_slate.post_ids) > cardinality(p_slate.post_ids) then
            return v_slate;
        end if;
    end if;
    v_context := internal.feed_context_of(p_slate.viewer_id, p_slate.mode, p_at);
    v_context.weights := (select w from public.feed_weights w where w.version = p_slate.weights_version);
    v_slate := internal.feed_slate_more(case when v_stored then v_slate else p_slate end, v_context);
    if v_stored then
        update public.feed_slates s
        set post_ids = v_slate.post_ids, post_reasons = v_slate.post_reasons,
            shop_ids = v_slate.shop_ids, shop_reasons = v_slate.shop_reasons,
            notes = v_slate.notes, complete = v_slate.complete
        where s.viewer_id = v_slate.viewer_id and s.mode = v_slate.mode and s.epoch = v_slate.epoch;
    end if;
    return v_slate;
end
$$;
comment on function internal.feed_slate_grow(public.feed_slates, timestamptz) is
'A slate with more at its end, stored when it is kept and the transaction may write.';
revoke all on function internal.feed_slate_grow(public.feed_slates, timestamptz) from public;
