create or replace function public.feed_see_again(p_subject_type text, p_subject text) returns void
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    delete from public.feed_fatigues f
    where f.viewer_id = auth.uid() and f.subject_type = p_subject_type and f.subject = p_subject;
end
$$;
comment on function public.feed_see_again(text, text) is 'Takes back that the caller wants to see fewer of an author or a tag.';
revoke all on function public.feed_see_again(text, text) from public;
grant execute on function public.feed_see_again(text, text) to authenticated;
