create or replace function public.feed_epoch(p_mode text, p_at timestamptz default now()) returns bigint
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
declare
    v_viewer constant uuid := coalesce(auth.uid(), internal.feed_visitor());
begin
    return (
        select (l.slate).epoch
        from internal.feed_slate_live(v_viewer, internal.feed_mode(v_viewer, p_mode), least(p_at, now())) l
    );
end
$$;
comment on function public.feed_epoch(text, timestamptz) is
'The epoch of the slate that the caller''s first page comes from; null when the next call makes one.';
revoke all on function public.feed_epoch(text, timestamptz) from public;
grant execute on function public.feed_epoch(text, timestamptz) to anon, authenticated, service_role;
