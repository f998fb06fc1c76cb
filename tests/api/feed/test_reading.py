"""Programs ask for Bob what is new, where he stopped, and why he sees an item."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from httpx2 import AsyncClient
from psycopg.rows import dict_row

from feeding import offer, publish
from people import ALICE, BOB, CHARLIE
from running import Api


@pytest.fixture
async def bob(api: Api) -> AsyncClient:
    """He follows Alice, who has written twelve posts."""
    for n in range(12):
        await api.as_(ALICE).post("/v1/posts", json={"body": f"Post {n}", "tags": ["clay"]})
    await api.as_(BOB).put(f"/v1/follows/{ALICE.id}")
    return api.as_(BOB)


async def test_new_posts_are_counted_until_a_refresh(bob: AsyncClient, api: Api) -> None:
    cursor = (await bob.get("/v1/feed?limit=5")).json()["next_cursor"]
    assert (await bob.get("/v1/feed/news")).json() == {"count": 0}
    for n in range(2):
        await api.as_(ALICE).post("/v1/posts", json={"body": f"New {n}"})

    assert (await bob.get("/v1/feed/news")).json() == {"count": 2}
    await bob.post("/v1/feed/refreshes", json={})
    assert (await bob.get("/v1/feed/news")).json() == {"count": 0}
    assert (await bob.get("/v1/feed/news", params={"since": cursor})).json() == {"count": 2}
    assert (await bob.get("/v1/feed/news?since=nonsense")).status_code == 400


async def test_a_visitor_may_ask_too(bob: AsyncClient, api: Api) -> None:
    await api.anonymous.get("/v1/feed")
    await api.as_(ALICE).post("/v1/posts", json={"body": "New"})

    assert (await api.anonymous.get("/v1/feed/news?mode=trending")).json() == {"count": 1}


async def test_a_place_is_kept_for_every_device(bob: AsyncClient) -> None:
    nothing = (await bob.get("/v1/feed/place")).json()
    first = (await bob.get("/v1/feed?limit=5")).json()
    rest = (await bob.get("/v1/feed", params={"cursor": first["next_cursor"]})).json()

    assert (await bob.put("/v1/feed/place", json={"cursor": first["next_cursor"]})).status_code == 204
    place = (await bob.get("/v1/feed/place")).json()

    assert (nothing["cursor"], place["passed"]) == (None, 5)
    assert rest == (await bob.get("/v1/feed", params={"cursor": place["cursor"]})).json()
    await bob.put("/v1/feed/place", json={})
    assert (await bob.get("/v1/feed/place")).json() == nothing


async def test_why_is_told_in_words(bob: AsyncClient, api: Api) -> None:
    item = (await bob.get("/v1/feed")).json()["items"][0]["item_id"]

    terms = (await bob.get(f"/v1/feed/items/{item}/explanation")).json()

    assert [term["term"] for term in terms] == ["popularity", "age", "follow", "place"]
    assert terms[2]["words"] == "You follow Alice"
    assert (await bob.get(f"/v1/feed/items/{uuid4()}/explanation")).status_code == 404
    assert (await api.anonymous.get(f"/v1/feed/items/{item}/explanation")).status_code == 401


async def test_what_was_seen_is_marked(bob: AsyncClient) -> None:
    items = [item["item_id"] for item in (await bob.get("/v1/feed")).json()["items"]]
    await bob.post(
        "/v1/feed/events",
        json=[{"event_id": str(uuid4()), "item_id": item, "kind": "impression"} for item in items[:4]],
    )
    await bob.post("/v1/feed/refreshes", json={})

    again = (await bob.get("/v1/feed")).json()["items"]

    assert [item["reason"] for item in again] == ["followed"] * 8 + ["seen"] * 4
    assert {item["item_id"] for item in again[8:]} == set(items[:4])


async def test_a_program_reads_on_behind_what_the_feed_was_begun_with(api: Api) -> None:
    with psycopg.connect(api.owner_url, autocommit=True, row_factory=dict_row) as owner:
        publish(owner, ALICE, 260)
    for client in (api.as_(BOB), api.anonymous):
        items: list[str] = []
        address: str | None = "/v1/feed?limit=30"
        while address:
            answer = (await client.get(address)).json()
            items += [item["item_id"] for item in answer["items"]]
            cursor = answer["next_cursor"]
            address = cursor and f"/v1/feed?limit=30&cursor={cursor}"

        assert len(items) == len(set(items)) == 260


async def test_the_contracts_function_is_walked_to_the_end_through_rpc(bob: AsyncClient, api: Api) -> None:
    with psycopg.connect(api.owner_url, autocommit=True, row_factory=dict_row) as owner:
        publish(owner, ALICE, 248)
    seen: list[str] = []
    after: dict[str, object] = {}
    while True:
        answer = await bob.post("/rpc/feed_fusion_home", json={"p_mode": "for_you", **after})
        assert answer.status_code == 200, answer.text
        rows = answer.json()
        seen += [row["item_id"] for row in rows]
        if len(rows) < 50:
            break
        after = {"p_cursor_score": rows[-1]["score"], "p_cursor_id": rows[-1]["item_id"]}

    assert len(seen) == len(set(seen)) == 260


async def test_rpc_speaks_the_same_contract(bob: AsyncClient, api: Api) -> None:
    await bob.get("/v1/feed")

    assert (await bob.post("/rpc/feed_new_count", json={"p_mode": "for_you"})).json() == 0
    assert (await bob.post("/rpc/feed_mute_word", json={"p_word": "Post"})).json() == "post"
    assert (await bob.get("/v1/feed")).json()["items"] == []
    assert (await api.as_(CHARLIE).get("/v1/feed?mode=trending")).json()["items"]
    with psycopg.connect(api.owner_url) as connection:
        kept = connection.execute("select viewer_id from public.feed_muted_words").fetchall()
    assert kept == [(BOB.id,)]


async def test_the_page_as_json_has_what_the_contracts_rows_have(bob: AsyncClient, api: Api) -> None:
    text = 'Blue "vase"\n\\ 🏺'
    with psycopg.connect(api.owner_url, autocommit=True, row_factory=dict_row) as owner:
        offer(owner, ALICE, 2, stock=3, tags="{vase}")
        owner.execute("update public.shop_items set title = %s, description = %s", (text, text))
        owner.execute("update public.profiles set display_name = 'Alice \"A\"' where id = %s", (ALICE.id,))
    posted = (await api.as_(CHARLIE).post("/v1/posts", json={"body": text, "title": text})).json()["id"]
    await api.as_(ALICE).put(f"/v1/feed/reposts/{posted}")
    await bob.put(f"/v1/feed/reactions/{posted}/like")

    found = {}
    for mode in ("for_you", "following"):
        await bob.post("/v1/feed/refreshes", json={"mode": mode})
        found[mode] = (await bob.get(f"/v1/feed?mode={mode}")).json()["items"]
        rows = (await bob.post("/rpc/feed_fusion_home", json={"p_mode": mode})).json()
        for row in rows:
            del row["score"]
            row["reason"] = row.pop("source")
        assert found[mode] == rows

    assert {item["item_type"] for item in found["for_you"]} == {"post", "shop_item"}
    (brought,) = (item for item in found["following"] if item["item_id"] == posted)
    assert (
        brought["reason"], brought["liked"], brought["likes"], brought["reposter_name"]
    ) == ("reposted", True, 1, 'Alice "A"')  # fmt: skip
