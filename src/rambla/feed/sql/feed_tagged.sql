create or replace function public.feed_tagged(
    p_tag text, p_before timestamptz default null, p_before_id uuid default null, p_limit integer default 20
) returns table (item_id uuid, published_at timestamptz)
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
declare
    v_silenced constant uuid[] := array(select s.user_id from internal.feed_silenced(auth.uid()) s);
begin
    if coalesce(p_limit not between 1 and 100, true) then
        raise sqlstate 'PT400' using message = 'A page has 1 to 100 posts.', detail = 'invalid_value';
    end if;
    -- By when it was published, which never changes, so no post comes twice or is passed over while others come and go.
    return query
    select t.item_id, t.published_at
    from public.feed_item_tags t
    where t.tag = p_tag and t.item_type = 'post'
        and (t.published_at, t.item_id)
        < (coalesce(p_before, 'infinity'), coalesce(p_before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
        and t.author_id not in (select unnest(v_silenced))
    order by t.published_at desc, t.item_id desc
    limit p_limit;
end
$$;
comment on function public.feed_tagged(text, timestamptz, uuid, integer) is
'Public posts with a tag, the newest first; pass the last row''s two values for those that follow it. Nothing of who is blocked, in either direction, or muted.';
revoke all on function public.feed_tagged(text, timestamptz, uuid, integer) from public;
grant execute on function public.feed_tagged(text, timestamptz, uuid, integer) to anon, authenticated;
