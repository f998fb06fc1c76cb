create or replace function public.feed_place(p_mode text) returns table (
    score double precision,
    item_id uuid,
    passed integer,
    kept_at timestamptz
)
language sql stable security definer set search_path = '' set row_security = off
as $$
    -- Of a slate that is not kept any more there is no going on.
    select p.score, p.item_id, (c.consumed / 512 + c.consumed % 512)::integer, p.kept_at
    from public.feed_places p
    cross join lateral (select 2097151 - p.score::bigint % 2097152 as consumed) c
    where p.viewer_id = auth.uid() and p.mode = p_mode
        and exists (
            select from public.feed_slates s
            where s.viewer_id = p.viewer_id and s.mode = p.mode and s.epoch = p.score::bigint / 2097152
        )
$$;
comment on function public.feed_place(text) is
'Where the caller stopped reading, on whichever device: a cursor to go on from, and how many items stand before it.';
revoke all on function public.feed_place(text) from public;
grant execute on function public.feed_place(text) to authenticated;
