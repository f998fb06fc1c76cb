-- heat_key = ln(sum of w * exp(t / tau)): a decayed sum that is right at every moment without being rewritten. Adding
-- w at t is ln(exp(heat_key) + exp(x)) with x = ln w + t / tau, written so that neither exponential overflows. Nor may
-- one underflow, which PostgreSQL refuses too: hence the -700, after decades of silence or a short tau.
create or replace function internal.feed_warm(
    p_viewers uuid[], p_item_ids uuid[], p_weights double precision[], p_ats timestamptz[]
) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    insert into public.feed_affinities as a (viewer_id, subject_type, subject, heat_key)
    select n.viewer_id, n.subject_type, n.subject,
        ln(sum(n.weight * exp(greatest(n.at - n.latest, -700)))) + n.latest
    from (
        select u.viewer_id, s.subject_type, s.subject, u.weight, t.at,
            max(t.at) over (partition by u.viewer_id, s.subject_type, s.subject) as latest
        from unnest(p_viewers, p_item_ids, p_weights, p_ats) u (viewer_id, item_id, weight, at)
        join public.profiles p on p.id = u.viewer_id
        join public.feed_items i on i.item_id = u.item_id
        cross join internal.feed_weights() w
        cross join lateral (
            select extract(epoch from u.at)::double precision / w.affinity_tau_seconds as at
        ) t
        cross join lateral (
            select 'author' as subject_type, i.author_id::text as subject
            union
            select 'tag', tag from unnest(i.tags) tag
        ) s
        where i.author_id <> u.viewer_id and u.weight > 0
    ) n
    group by n.viewer_id, n.subject_type, n.subject, n.latest
    order by n.viewer_id, n.subject_type, n.subject
    on conflict (viewer_id, subject_type, subject) do update
    set heat_key = greatest(a.heat_key, excluded.heat_key)
        + ln(1 + exp(greatest(-abs(a.heat_key - excluded.heat_key), -700)));
end
$$;
comment on function internal.feed_warm(uuid[], uuid[], double precision[], timestamptz[]) is
'Adds what viewers did, each to which item, with what weight and when, to what they feel for the items'' authors and tags.';
revoke all on function internal.feed_warm(uuid[], uuid[], double precision[], timestamptz[]) from public;

create or replace function internal.feed_cool(p_viewer uuid, p_item_id uuid) returns void
language sql volatile set search_path = ''
as $$
    update public.feed_affinities a
    set heat_key = a.heat_key - ln(2::double precision)
    from public.feed_items i
    where i.item_id = p_item_id
        and a.viewer_id = p_viewer
        and (
            (a.subject_type = 'author' and a.subject = i.author_id::text)
            or (a.subject_type = 'tag' and a.subject = any (i.tags))
        )
$$;
comment on function internal.feed_cool(uuid, uuid) is 'Halves what a viewer feels for an item''s author and tags.';
revoke all on function internal.feed_cool(uuid, uuid) from public;
