"""Charlie reposts, and Bob's program reads who did."""

from __future__ import annotations

import asyncio

from conftest import TestDatabase
from people import ALICE, BOB, CHARLIE
from running import Api


async def test_a_repost_is_put_and_deleted(api: Api) -> None:
    posted = (await api.as_(ALICE).post("/v1/posts", json={"body": "Look"})).json()["id"]
    charlie, bob = api.as_(CHARLIE), api.as_(BOB)
    await bob.put(f"/v1/follows/{CHARLIE.id}")

    answers = [(await charlie.put(f"/v1/feed/reposts/{posted}")).status_code for _ in range(2)]
    (item,) = (await bob.get("/v1/feed?mode=following")).json()["items"]
    own = (await charlie.get("/v1/feed?mode=trending")).json()["items"][0]
    gone = (await charlie.delete(f"/v1/feed/reposts/{posted}")).status_code

    assert [*answers, gone] == [204, 204, 204]
    assert (item["item_id"], item["reason"], item["reposts"]) == (posted, "reposted", 1)
    assert (item["reposter_handle"], item["reposter_name"]) == ("charlie", "Charlie")
    assert (own["reposted"], own["reposter_handle"]) == (True, None)
    assert (await bob.get("/v1/feed?mode=following")).json()["items"] == []


async def test_a_new_name_of_who_reposted_is_shown_at_once(api: Api, database: TestDatabase) -> None:
    posted = (await api.as_(ALICE).post("/v1/posts", json={"body": "Look"})).json()["id"]
    charlie, bob = api.as_(CHARLIE), api.as_(BOB)
    await bob.put(f"/v1/follows/{CHARLIE.id}")
    await charlie.put(f"/v1/feed/reposts/{posted}")

    async def reposter() -> str:
        (item,) = (await bob.get("/v1/feed?mode=following")).json()["items"]
        return str(item["reposter_name"])

    before = await reposter()
    with database.connect("owner") as owner:
        owner.execute("update public.profiles set display_name = 'Charles' where id = %s", (CHARLIE.id,))
    async with asyncio.timeout(10):
        while (after := await reposter()) == before:  # noqa: ASYNC110 - what is waited for happens in a database
            await asyncio.sleep(0.02)

    assert (before, after) == ("Charlie", "Charles")


async def test_ones_own_and_what_is_not_there_are_refused(api: Api) -> None:
    posted = (await api.as_(ALICE).post("/v1/posts", json={"body": "Look"})).json()["id"]

    own = await api.as_(ALICE).put(f"/v1/feed/reposts/{posted}")
    absent = await api.as_(BOB).put(f"/v1/feed/reposts/{ALICE.id}")
    visitor = await api.client().put(f"/v1/feed/reposts/{posted}")

    assert [(a.status_code, a.json()["code"]) for a in (own, absent, visitor)] == [
        (400, "invalid_value"), (404, "not_found"), (401, "not_signed_in"),
    ]  # fmt: skip
