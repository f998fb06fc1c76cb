create or replace function internal.feed_silenced(p_viewer uuid) returns uuid[]
language plpgsql stable set search_path = ''
as $$
begin
    return array(
        select b.blocked_id from public.blocks b where b.user_id = p_viewer
        union all
        select b.user_id from public.blocks b where b.blocked_id = p_viewer
        union all
        select m.muted_id from public.mutes m where m.user_id = p_viewer
    );
end
$$;
comment on function internal.feed_silenced(uuid) is 'People whom a viewer has blocked, was blocked by, or has muted.';
revoke all on function internal.feed_silenced(uuid) from public;

-- One statement for all of it, because each page and each slate begins with it.
create or replace function internal.feed_eyes(
    p_viewer uuid, p_at timestamptz,
    out gone_since timestamptz, out unheard uuid[], out tired_tags text[], out adult boolean, out muted text
)
language plpgsql stable set search_path = ''
as $$
begin
    select
        g.since,
        internal.feed_silenced(p_viewer) || array(
            select f.subject::uuid
            from public.feed_fatigues f
            where f.viewer_id = p_viewer and f.subject_type = 'author' and f.since > g.since
        ),
        array(
            select f.subject
            from public.feed_fatigues f
            where f.viewer_id = p_viewer and f.subject_type = 'tag' and f.since > g.since
        ),
        internal.is_adult(p_viewer),
        internal.feed_muted(p_viewer)
    into gone_since, unheard, tired_tags, adult, muted
    from (select internal.feed_gone_since(p_at) as since offset 0) g;
end
$$;
comment on function internal.feed_eyes(uuid, timestamptz) is
'What a viewer does not want to see now, or may not: since when what they are tired of is gone; people (blocked, in either direction, muted, or of whom they had too much just now); tags; whether they are of age; a pattern of muted words, null for none.';
revoke all on function internal.feed_eyes(uuid, timestamptz) from public;
