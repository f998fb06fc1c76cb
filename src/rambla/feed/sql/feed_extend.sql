create or replace function internal.feed_extras(p_extras jsonb) returns internal.feed_extra[]
language sql immutable set search_path = ''
as $$
    -- Bounded here too, whatever an extension says: a boost of 3 is twenty times the engagement.
    select array_agg((e.item_id, left(e.by, 50), left(e.words, 200), least(greatest(e.boost, -3), 3), e.offered)::internal.feed_extra)
    from (
        select x.* from jsonb_to_recordset(p_extras) x (
            item_id uuid, by text, words text, boost double precision, offered boolean
        )
        limit 1000
    ) e
$$;
comment on function internal.feed_extras(jsonb) is 'What extensions said, within bounds; null when that is nothing.';
revoke all on function internal.feed_extras(jsonb) from public;

create or replace function public.feed_extend(
    p_viewer uuid, p_mode text, p_extras jsonb, p_fresh boolean default false, p_at timestamptz default now()
) returns bigint
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_slate public.feed_slates;
begin
    perform internal.require_service();
    v_slate := internal.feed_slate_fill(
        p_viewer, internal.feed_mode(p_viewer, p_mode), p_fresh, internal.feed_extras(p_extras), least(p_at, now())
    );
    if p_fresh then
        perform internal.touch('viewer', array[p_viewer]);
    end if;
    return v_slate.epoch;
end
$$;
comment on function public.feed_extend(uuid, text, jsonb, boolean, timestamptz) is
'Makes a viewer''s slate, unless there is one and it need not be fresh, with what extensions offer and how they score, and returns its epoch. Each of the list has item_id, by, words, boost and offered. For admins and the service.';
revoke all on function public.feed_extend(uuid, text, jsonb, boolean, timestamptz) from public;
grant execute on function public.feed_extend(uuid, text, jsonb, boolean, timestamptz) to authenticated, service_role;
