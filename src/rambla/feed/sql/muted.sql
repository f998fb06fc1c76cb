-- A word is muted as a whole where its script sets words apart, so that "art" leaves "party" alone; what begins or ends
-- in another sign, or in a script without spaces (from U+2E80 on), is muted wherever it stands.
create or replace function internal.feed_muted(p_viewer uuid) returns text
language plpgsql stable set search_path = ''
as $$
begin
    return (
        select string_agg(
            case when left(m.word, 1) ~ '\w' and ascii(m.word) < 11904 then '\m' else '' end
            || replace(regexp_replace(m.word, '([.^$*+?()\[\]{}|\\])', '\\\1', 'g'), ' ', '\s+')
            || case when right(m.word, 1) ~ '\w' and ascii(right(m.word, 1)) < 11904 then '\M' else '' end,
            '|' order by m.word
        )
        from public.feed_muted_words m
        where m.viewer_id = p_viewer
    );
end
$$;
comment on function internal.feed_muted(uuid) is
'A pattern that matches what speaks of the viewer''s muted words; null when they have none.';
revoke all on function internal.feed_muted(uuid) from public;

create or replace function internal.feed_speaks_of(p_item_id uuid, p_muted text) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
    return exists (
        select
        from public.posts p
        where p.id = p_item_id and concat_ws(' ', p.title, p.body, array_to_string(p.tags, ' ')) ~* p_muted
    ) or exists (
        select
        from public.shop_items s
        where s.id = p_item_id and concat_ws(' ', s.title, s.description, array_to_string(s.tags, ' ')) ~* p_muted
    );
end
$$;
comment on function internal.feed_speaks_of(uuid, text) is 'Whether title, text or tags of an item match the pattern.';
revoke all on function internal.feed_speaks_of(uuid, text) from public;

create or replace function internal.feed_word(p_word text) returns text
language plpgsql immutable set search_path = ''
as $$
begin
    return lower(btrim(regexp_replace(ltrim(btrim(p_word), '#'), '\s+', ' ', 'g')));
end
$$;
comment on function internal.feed_word(text) is 'The form in which a muted word is kept.';
revoke all on function internal.feed_word(text) from public;
