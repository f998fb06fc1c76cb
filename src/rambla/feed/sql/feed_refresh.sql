create or replace function public.feed_refresh(p_mode text, p_at timestamptz default now()) returns bigint
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_slate public.feed_slates;
begin
    if auth.uid() is null then
        raise sqlstate 'PT401' using message = 'Sign in to do this.', detail = 'not_signed_in';
    end if;
    v_slate := internal.feed_slate_fill(auth.uid(), internal.feed_mode(auth.uid(), p_mode), true, null, least(p_at, now()));
    perform internal.touch('viewer', array[auth.uid()]);
    return v_slate.epoch;
end
$$;
comment on function public.feed_refresh(text, timestamptz) is
'Makes the caller a new slate, which the next first page is read from, and returns its epoch.';
revoke all on function public.feed_refresh(text, timestamptz) from public;
grant execute on function public.feed_refresh(text, timestamptz) to authenticated;
