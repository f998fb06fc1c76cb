create or replace function public.feed_ends(p_mode text, p_at timestamptz default now()) returns timestamptz
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
declare
    v_viewer constant uuid := coalesce(auth.uid(), internal.feed_visitor());
begin
    return (
        select l.ends
        from internal.feed_slate_live(v_viewer, internal.feed_mode(v_viewer, p_mode), least(p_at, now())) l
    );
end
$$;
comment on function public.feed_ends(text, timestamptz) is
'Until when the caller''s first page comes from the slate that it comes from now; null when the next call makes one.';
revoke all on function public.feed_ends(text, timestamptz) from public;
grant execute on function public.feed_ends(text, timestamptz) to anon, authenticated, service_role;
