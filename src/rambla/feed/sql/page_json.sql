-- The hot path of GET /v1/feed: becomes the caller, reads, and writes the answer, in one round trip. The
-- login itself may call it, as it may the jobs' claim and completion; whoever reaches it could also set role and claims.
-- Text is put together by hand, because json_agg() of these rows takes longer than finding them.
create or replace function internal.feed_page_json(
    p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer
) returns text
language plpgsql volatile set search_path = ''
as $$
begin
    perform set_config('transaction_read_only', 'on', true), set_config('request.jwt.claims', p_claims, true);
    perform set_config('role', p_claims::jsonb ->> 'role', true);
    if p_cursor_id is null and p_cursor_score is null and public.feed_epoch(p_mode) is null then
        return null;
    end if;
    return (
        select '{"items":[' || coalesce(string_agg(
                '{"item_id":"' || f.item_id || '","item_type":"' || f.item_type || '","reason":"' || f.reason
                || '","author_id":"' || f.author_id || '","author_handle":"' || f.author_handle
                || '","author_name":' || to_json(f.author_name)
                || ',"author_avatar_url":' || coalesce(to_json(f.author_avatar_url)::text, 'null')
                || ',"title":' || to_json(f.title)
                || ',"body":' || to_json(f.body)
                || ',"image_url":' || coalesce(to_json(f.image_url)::text, 'null')
                || ',"tags":' || to_json(f.tags)
                || ',"price_minor":' || coalesce(f.price_minor::text, 'null')
                || ',"currency":' || coalesce('"' || f.currency || '"', 'null')
                || ',"stock":' || coalesce(f.stock::text, 'null')
                || ',"created_at":' || to_json(f.created_at)
                || ',"likes":' || f.likes || ',"saves":' || f.saves
                || ',"liked":' || f.liked || ',"saved":' || f.saved || '}',
                ',' order by f.score desc
            ), '') || '],"next_cursor":' || case
                when count(*) = p_limit then '"' || translate(encode(
                    float8send(min(f.score)) || uuid_send((array_agg(f.item_id order by f.score))[1]), 'base64'
                ), '+/', '-_') || '"'
                else 'null'
            end || '}'
        from public.feed_fusion_home(p_mode, p_cursor_score, p_cursor_id, p_limit) f
    );
end
$$;
comment on function internal.feed_page_json(text, text, double precision, uuid, integer) is
'A page as JSON for whom the claims name, read only; null when a first page has no slate yet.';
revoke all on function internal.feed_page_json(text, text, double precision, uuid, integer) from public;
