create or replace function public.feed_wishes() returns table (
    kind text,
    subject text,
    label text,
    since timestamptz,
    gone_until timestamptz,
    fades_until timestamptz
)
language plpgsql stable security definer set search_path = '' set row_security = off
as $$
declare
    v_weights constant public.feed_weights := internal.feed_weights();
    v_gone constant interval := make_interval(secs => 86400) * v_weights.fatigue_days;
    v_fades constant interval := v_gone + make_interval(secs => 86400) * v_weights.fatigue_fade_days;
begin
    perform internal.require_may_act_for(auth.uid());
    return query
    select w.kind, w.subject, w.label, w.since,
        case when w.kind in ('author', 'tag', 'not_interested') then w.since + v_gone end,
        case when w.kind in ('author', 'tag', 'not_interested') then w.since + v_fades end
    from (
        select 'word' as kind, m.word as subject, m.word as label, m.created_at as since
        from public.feed_muted_words m
        where m.viewer_id = auth.uid()
        union all
        select f.subject_type, f.subject, coalesce(p.display_name, '#' || f.subject), f.since
        from public.feed_fatigues f
        left join public.profiles p on f.subject_type = 'author' and p.id::text = f.subject
        where f.viewer_id = auth.uid()
        union all
        select h.reason, h.item_id::text,
            -- What one may not see any more has no words here either.
            case
                when internal.feed_is_visible(h.item_id)
                    then left(coalesce(nullif(p.title, ''), p.body, s.title), 100)
                else ''
            end,
            h.created_at
        from (
            select o.*
            from public.feed_hides o
            where o.user_id = auth.uid()
            order by o.created_at desc
            limit 100
        ) h
        left join public.posts p on p.id = h.item_id
        left join public.shop_items s on s.id = h.item_id
    ) w
    order by w.since desc, w.kind, w.subject;
end
$$;
comment on function public.feed_wishes() is
'What the caller does not want to see, newest first: muted words, authors and tags of which fewer, and the last hundred hidden items; gone_until and fades_until of what comes back.';
revoke all on function public.feed_wishes() from public;
grant execute on function public.feed_wishes() to authenticated;
