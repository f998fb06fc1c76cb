create or replace function public.feed_mute_word(p_word text) returns text
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
declare
    v_word constant text := internal.feed_word(p_word);
begin
    perform internal.require_may_act_for(auth.uid());
    if coalesce(char_length(v_word) not between 1 and 80, true) then
        raise sqlstate 'PT400' using message = 'A muted word has 1 to 80 characters.', detail = 'invalid_value';
    end if;
    -- Each page matches all of them against every post.
    if (select count(*) from public.feed_muted_words m where m.viewer_id = auth.uid() and m.word <> v_word) >= 100 then
        raise sqlstate 'PT400' using
            message = 'There may be 100 muted words.', detail = 'invalid_value', hint = 'Take one back first.';
    end if;
    insert into public.feed_muted_words (viewer_id, word) values (auth.uid(), v_word)
    on conflict (viewer_id, word) do nothing;
    return v_word;
end
$$;
comment on function public.feed_mute_word(text) is
'Takes what speaks of a word or phrase out of the caller''s feed, from the next call on; the word as it is kept.';
revoke all on function public.feed_mute_word(text) from public;
grant execute on function public.feed_mute_word(text) to authenticated;
