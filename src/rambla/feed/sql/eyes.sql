-- Each page and each slate begins with these, so they become parts of the statement that asks for them, which functions
-- with a search_path of their own would not; every name in them has its schema. A function that is called instead is made
-- ready anew in every transaction, which takes longer than what these look up.
drop function if exists internal.feed_silenced(uuid);
create function internal.feed_silenced(p_viewer uuid) returns table (user_id uuid)
language sql stable
as $$
    select b.blocked_id from public.blocks b where b.user_id = p_viewer
    union all
    select b.user_id from public.blocks b where b.blocked_id = p_viewer
    union all
    select m.muted_id from public.mutes m where m.user_id = p_viewer
$$;
comment on function internal.feed_silenced(uuid) is 'People whom a viewer has blocked, was blocked by, or has muted.';
revoke all on function internal.feed_silenced(uuid) from public;

drop function if exists internal.feed_eyes(uuid, timestamptz);
create function internal.feed_eyes(p_viewer uuid, p_at timestamptz)
returns table (gone_since timestamptz, unheard uuid[], tired_tags text[], adult boolean, muted text)
language sql stable
as $$
    select
        g.since,
        array(
            select s.user_id from internal.feed_silenced(p_viewer) s
            union all
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
        case
            when exists (select from public.feed_muted_words m where m.viewer_id = p_viewer)
                then internal.feed_muted(p_viewer)
        end
    from internal.feed_gone_since(p_at) g
$$;
comment on function internal.feed_eyes(uuid, timestamptz) is
'What a viewer does not want to see now, or may not: since when what they are tired of is gone; people (blocked, in either direction, muted, or of whom they had too much just now); tags; whether they are of age; a pattern of muted words, null for none.';
revoke all on function internal.feed_eyes(uuid, timestamptz) from public;
