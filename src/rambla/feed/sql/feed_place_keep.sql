create or replace function public.feed_place_keep(
    p_mode text, p_cursor_score double precision default null, p_cursor_id uuid default null,
    p_at timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_mode constant text := internal.feed_mode(auth.uid(), p_mode);
begin
    perform internal.require_may_act_for(auth.uid());
    if p_cursor_score is null and p_cursor_id is null then
        delete from public.feed_places p where p.viewer_id = auth.uid() and p.mode = v_mode;
        return;
    end if;
    perform internal.feed_cursor(auth.uid(), v_mode, p_cursor_score, p_cursor_id);
    insert into public.feed_places (viewer_id, mode, score, item_id, kept_at)
    values (auth.uid(), v_mode, p_cursor_score, p_cursor_id, least(p_at, now()))
    on conflict (viewer_id, mode) do update
    set score = excluded.score, item_id = excluded.item_id, kept_at = excluded.kept_at;
end
$$;
comment on function public.feed_place_keep(text, double precision, uuid, timestamptz) is
'Remembers how far the caller has read: score and item_id of the row before the one they look at; nulls forget it.';
revoke all on function public.feed_place_keep(text, double precision, uuid, timestamptz) from public;
grant execute on function public.feed_place_keep(text, double precision, uuid, timestamptz) to authenticated;
