-- A score is epoch * 2^21 + (2^21 - 1 - (posts * 2^9 + shop)): which slate, and how much of its two lists is consumed
-- up to and including the row. Each row consumes more and none less, so scores fall along a walk and newer slates stand
-- above older ones. 53 bits in all: a double holds it exactly.
create or replace function internal.feed_cursor(
    p_viewer uuid, p_mode text, p_score double precision, p_item_id uuid,
    out slate public.feed_slates, out posts integer, out shop integer
)
language plpgsql stable set search_path = ''
as $$
declare
    v_score bigint;
    v_consumed bigint;
begin
    -- Infinity and NaN are not between anything; a fraction was never a score.
    if p_item_id is null or p_score is null or not p_score between 2097152 and 9007199254740991
        or p_score <> floor(p_score)
    then
        raise sqlstate 'PT400' using
            message = 'The cursor is not a row of this feed.', detail = 'invalid_cursor',
            hint = 'Pass score and item_id of one row, or neither.';
    end if;
    v_score := p_score::bigint;
    v_consumed := 2097151 - v_score % 2097152;
    posts := v_consumed / 512;
    shop := v_consumed % 512;

    select s.* into slate
    from public.feed_slates s
    where s.viewer_id = p_viewer and s.mode = p_mode and s.epoch = v_score / 2097152;
    -- Places behind its end are of a page that was read where nothing could be stored.
    if not found or posts > cardinality(slate.post_ids) or shop > cardinality(slate.shop_ids) then
        raise sqlstate 'PT410' using
            message = 'The page you came from is no longer kept. Start from the top.', detail = 'cursor_expired';
    end if;
    -- Whoever guesses an epoch still has to name the item that this viewer's slate has in that place.
    if p_item_id is distinct from slate.post_ids[posts] and p_item_id is distinct from slate.shop_ids[shop] then
        raise sqlstate 'PT400' using message = 'The cursor is not a row of this feed.', detail = 'invalid_cursor';
    end if;
end
$$;
comment on function internal.feed_cursor(uuid, text, double precision, uuid) is
'The slate that a row came from and how much of it was consumed there; refuses what never was a row of this viewer.';
revoke all on function internal.feed_cursor(uuid, text, double precision, uuid) from public;
