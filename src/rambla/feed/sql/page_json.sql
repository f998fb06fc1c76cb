-- The hot path of GET /v1/feed: reads for whom the claims name and writes the answer, in one round trip. The login
-- itself may call it, as it may the jobs' claim and completion; whoever reaches it could also set role and claims.
-- Text is put together by hand, because json_agg() of these rows takes longer than finding them; what is long comes
-- last, because each || copies all that is to its left once more.
-- What a function returns grows only when it is made anew.
drop function if exists internal.feed_page_dated(text, text, double precision, uuid, integer);
create function internal.feed_page_dated(
    p_claims text, p_mode text, p_cursor_score double precision, p_cursor_id uuid, p_limit integer,
    out page text, out rests_on text, out seconds double precision, out snapshot text
)
language plpgsql stable security definer set search_path = '' set row_security = off
-- Planned once a session: to plan it for the viewer at hand is a tenth of a page.
set plan_cache_mode = force_generic_plan
as $$
declare
    v_viewer constant uuid := coalesce((p_claims::jsonb ->> 'sub')::uuid, internal.feed_visitor());
    v_walk record;
    v_page internal.feed_page;
begin
    -- All that is read here is of the moment of the statement that calls. A standby does not know which transactions
    -- were under way then: there everything from the oldest of them on counts as not seen.
    snapshot := case
        when pg_is_in_recovery()
            then concat_ws(':', pg_snapshot_xmin(pg_current_snapshot()), pg_snapshot_xmin(pg_current_snapshot()), '')
        else pg_current_snapshot()::text
    end;
    v_walk := internal.feed_walk(
        v_viewer, internal.feed_mode(v_viewer, p_mode), p_cursor_score, p_cursor_id, p_limit, false, now()
    );
    v_page := v_walk.page;
    if v_page.epoch is null then
        return;
    end if;
    seconds := extract(epoch from v_walk.ends - clock_timestamp());
    select
        '{"items":[' || coalesce(string_agg(
            '{"reason":"' || f.reason
            || '","author_handle":"' || a.author_handle
            || '","author_name":' || to_json(a.author_name)
            || ',"author_avatar_url":' || coalesce(to_json(a.author_avatar_url)::text, 'null')
            || ',"likes":' || a.likes || ',"saves":' || a.saves || ',"reposts":' || a.reposts
            || case when a.liked then ',"liked":true' else ',"liked":false' end
            || case when a.saved then ',"saved":true' else ',"saved":false' end
            || case when a.reposted then ',"reposted":true' else ',"reposted":false' end
            || case
                when f.reposter_id is null
                    then ',"reposter_id":null,"reposter_handle":null,"reposter_name":null,'
                else ',"reposter_id":"' || f.reposter_id || '","reposter_handle":"' || a.reposter_handle
                    || '","reposter_name":' || to_json(a.reposter_name) || ','
            end
            || j.members || '}',
            ',' order by f.n
        ), '')
        || '],"next_cursor":' || coalesce(max(
            '"' || translate(encode(
                float8send(internal.feed_score(v_page, f.n)) || uuid_send(f.item_id), 'base64'
            ), '+/', '-_') || '"'
        ) filter (where f.n = p_limit), 'null') || '}',
        concat('viewer/', v_viewer, string_agg(
            ' item/' || f.item_id || ' profile/' || f.author_id || coalesce(' profile/' || f.reposter_id, ''), ''
        ))
    into page, rests_on
    from internal.feed_mix(v_page) f
    cross join lateral (
        select j.members from internal.feed_item_json j where j.item_id = f.item_id offset 0
    ) j
    cross join lateral internal.feed_around(v_viewer, f.item_id, f.author_id, f.reposter_id) a;
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
