create or replace function public.feed_see_fewer(
    p_subject_type text, p_subject text, p_at timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    perform internal.require_may_act_for(auth.uid());
    if coalesce(p_subject_type not in ('author', 'tag') or char_length(p_subject) not between 1 and 50, true) then
        raise sqlstate 'PT400' using
            message = 'One may see fewer of an author or of a tag.', detail = 'invalid_value',
            hint = 'Pass author and their id, or tag and the tag.';
    end if;
    if p_subject_type = 'author' and not exists (
        select from public.profiles p where p.id::text = p_subject and p.id <> auth.uid() and not public.is_blocked(p.id)
    ) then
        raise sqlstate 'PT404' using message = 'There is nobody here of whom you could see fewer.', detail = 'not_found';
    end if;
    -- Each new slate weighs all of them.
    if (select count(*) from public.feed_fatigues f where f.viewer_id = auth.uid()) >= 500 then
        delete from public.feed_fatigues f
        where (f.viewer_id, f.subject_type, f.subject) in (
            select o.viewer_id, o.subject_type, o.subject
            from public.feed_fatigues o
            where o.viewer_id = auth.uid()
            order by o.since
            limit 1
        );
    end if;
    insert into public.feed_fatigues (viewer_id, subject_type, subject, since)
    values (auth.uid(), p_subject_type, p_subject, least(p_at, now()))
    on conflict (viewer_id, subject_type, subject) do update set since = excluded.since;
end
$$;
comment on function public.feed_see_fewer(text, text, timestamptz) is
'Takes an author or a tag out of the caller''s feed for fourteen days, from the next call on; then they count a fifth of what they would, and more each day until they count fully 140 days later. Said again, it begins anew.';
revoke all on function public.feed_see_fewer(text, text, timestamptz) from public;
grant execute on function public.feed_see_fewer(text, text, timestamptz) to authenticated;
