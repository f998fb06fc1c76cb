-- What is the same for all readers of an item, so that no page has to look it up and quote it. By concat(), because each ||
-- copies all that is to its left once more. Times are in UTC, whatever the time zone of the session that writes.
create or replace function internal.feed_members(
    p_item_id uuid, p_item_type text, p_author_id uuid, p_title text, p_body text, p_image_url text, p_tags text[],
    p_price_minor bigint, p_currency text, p_stock integer, p_created_at timestamptz
) returns text
language plpgsql stable set search_path = ''
as $$
begin
    return concat(
        '"item_id":"', p_item_id, '","item_type":"', p_item_type, '","author_id":"', p_author_id,
        '","title":', to_json(p_title),
        ',"body":', to_json(p_body),
        ',"image_url":', coalesce(to_json(p_image_url), 'null'),
        ',"tags":', to_json(p_tags),
        ',"price_minor":', coalesce(p_price_minor::text, 'null'),
        ',"currency":', coalesce(to_json(p_currency), 'null'),
        ',"stock":', coalesce(p_stock::text, 'null'),
        ',"created_at":"', to_json(p_created_at at time zone 'UTC') #>> '{}', '+00:00"'
    );
end
$$;
comment on function internal.feed_members(
    uuid, text, uuid, text, text, text, text[], bigint, text, integer, timestamptz
) is 'What everybody reads on an item, as members of a JSON object.';
revoke all on function internal.feed_members(
    uuid, text, uuid, text, text, text, text[], bigint, text, integer, timestamptz
) from public;
