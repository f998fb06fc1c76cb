create or replace function public.feed_unmute_word(p_word text) returns void
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    delete from public.feed_muted_words m
    where m.viewer_id = auth.uid() and m.word = internal.feed_word(p_word);
end
$$;
comment on function public.feed_unmute_word(text) is 'Lets what speaks of a word be shown again.';
revoke all on function public.feed_unmute_word(text) from public;
grant execute on function public.feed_unmute_word(text) to authenticated;
