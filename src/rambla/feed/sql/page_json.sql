-- The hot path of GET /v1/feed: reads for whom the claims name and writes the answer, in one round trip. The login
-- itself may call it, as it may the jobs' claim and completion; whoever reaches it could also set role and claims.
-- Text is put together by hand, because json_agg() of these rows takes longer than finding them; by concat(), because
-- each || copies all that is to its left once more.
-- What a function returns grows only when it is made anew.
drop function if exists internal.feed_page_dated(text, text, double precision, uuid, integer);
create function internal.feed_page_dated(
    p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer,
    out page text, out rests_on text, out seconds double precision, out snapshot text
)
language plpgsql volatile security definer set search_path = '' set row_security = off
-- Planned once a session: to plan it for the viewer at hand is a tenth of a page.
set plan_cache_mode = force_generic_plan
as $$
declare
    v_viewer constant uuid := coalesce((p_claims::jsonb ->> 'sub')::uuid, internal.feed_visitor());
begin
    -- Taken before anything is read, so that it sees no more than the page does. A standby does not know which
    -- transactions were under way: there everything from the oldest of them on counts as not seen.
    snapshot := case
        when pg_is_in_recovery() then concat_ws(':', pg_snapshot_xmin(c.now), pg_snapshot_xmin(c.now), '')
        else c.now::text
    end
    from (select pg_current_snapshot() as now) c;
    perform set_config('transaction_read_only', 'on', true);
    -- One statement, so rows and words are of one moment.
    select j.page, j.rests_on, extract(epoch from w.ends - clock_timestamp())
    into page, rests_on, seconds
    from internal.feed_walk(
        v_viewer, internal.feed_mode(v_viewer, p_mode), p_cursor_score, p_cursor_id, p_limit, false, now()
    ) w
    cross join lateral (
        select '{"items":[' || coalesce(string_agg(c.card, ',' order by c.n), '') || '],"next_cursor":' || case
                when count(*) = p_limit then '"' || translate(encode(
                    float8send((w.page[p_limit]).score) || uuid_send((w.page[p_limit]).item_id), 'base64'
                ), '+/', '-_') || '"'
                else 'null'
            end || '}' as page,
            concat('viewer/', v_viewer, string_agg(c.rests_on, '')) as rests_on
        from (
            select f.n,
                concat(
                    '{', j.members, ',"reason":"', f.reason,
                    '","author_handle":"', a.author_handle,
                    '","author_name":', to_json(a.author_name),
                    ',"author_avatar_url":', coalesce(to_json(a.author_avatar_url), 'null'),
                    ',"likes":', a.likes, ',"saves":', a.saves,
                    ',"liked":', case when a.liked then 'true' else 'false' end,
                    ',"saved":', case when a.saved then 'true' else 'false' end,
                    ',"reposts":', a.reposts,
                    ',"reposted":', case when a.reposted then 'true' else 'false' end,
                    case
                        when a.reposter_handle is null
                            then ',"reposter_id":null,"reposter_handle":null,"reposter_name":null}'
                        else concat(
                            ',"reposter_id":"', f.reposter_id, '","reposter_handle":"', a.reposter_handle,
                            '","reposter_name":', to_json(a.reposter_name), '}'
                        )
                    end
                ) as card,
                concat(' item/', f.item_id, ' profile/', f.author_id, ' profile/' || f.reposter_id) as rests_on
            from unnest(w.page) with ordinality f (item_id, item_type, score, reason, author_id, reposter_id, n)
            cross join lateral (
                select j.members from internal.feed_item_json j where j.item_id = f.item_id offset 0
            ) j
            cross join lateral internal.feed_around(v_viewer, f.item_id, f.author_id, f.reposter_id) a
        ) c
    ) j
    where w.page is not null;
end
$$;
comment on function internal.feed_page_dated(text, text, double precision, uuid, integer) is
'A page as JSON for whom the claims name, read only; the viewer, items and people whose change makes it out of date; for how many seconds it stays the first page, null of any other; and the snapshot that it sees. The page is null when it takes a slate that is not made yet, or not so far.';
revoke all on function internal.feed_page_dated(text, text, double precision, uuid, integer) from public;

create or replace function internal.feed_page_json(
    p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer
) returns text
language plpgsql volatile security definer set search_path = '' set row_security = off
as $$
begin
    if p_cursor_id is not null then
        -- Release 0.1.0 knows slates that are made whole.
        perform set_config('request.jwt.claims', p_claims, true);
        perform from public.feed_fusion_home(p_mode, p_cursor_score, p_cursor_id, p_limit);
    end if;
    return (
        select f.page from internal.feed_page_dated(p_claims, p_mode, p_cursor_score, p_cursor_id, p_limit) f
    );
end
$$;
comment on function internal.feed_page_json(text, text, double precision, uuid, integer) is
'The page alone, for processes of release 0.1.0 while a later one is rolled out.';
revoke all on function internal.feed_page_json(text, text, double precision, uuid, integer) from public;
