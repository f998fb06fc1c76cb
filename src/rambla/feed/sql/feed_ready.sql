create or replace function public.feed_ready(
    p_mode text,
    p_cursor_score double precision default null,
    p_cursor_id uuid default null,
    p_limit integer default 50
) returns boolean
language plpgsql stable security definer set search_path = '' set row_security = off
-- Planned once a session, as internal.feed_page_dated().
set plan_cache_mode = force_generic_plan
as $$
declare
    v_viewer constant uuid := coalesce(auth.uid(), internal.feed_visitor());
begin
    return (
        (
            internal.feed_walk(
                v_viewer, internal.feed_mode(v_viewer, p_mode), p_cursor_score, p_cursor_id, p_limit, false, now()
            )
        ).page
    ).epoch is not null;
end
$$;
comment on function public.feed_ready(text, double precision, uuid, integer) is
'Whether the caller''s slate is stored as far as a page goes; otherwise the call that reads the page makes it longer.';
revoke all on function public.feed_ready(text, double precision, uuid, integer) from public;
grant execute on function public.feed_ready(text, double precision, uuid, integer) to anon, authenticated, service_role;
