"""A page of the feed is remembered for its viewer until something that it was made of changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import psycopg
import pytest
from httpx2 import AsyncClient

from conftest import TestDatabase
from feeding import offer, publish
from people import ADA, ALICE, BOB, CHARLIE, Person
from rambla.feed import serving
from rambla.feed.reading import Dated, read_dated
from rambla.kit.db import ANONYMOUS
from rambla.settings import Settings
from running import Api, remembering

Act = Callable[[AsyncClient, dict[str, Any]], Awaitable[Any]]


class Pages:
    """How many were read from the database."""

    def __init__(self) -> None:
        self.read = 0

    async def __call__(self, *place: Any, **more: Any) -> Dated:
        self.read += 1
        return await read_dated(*place, **more)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Pages:
    counting = Pages()
    monkeypatch.setattr(serving, "read_dated", counting)
    return counting


@pytest.fixture
async def bob(api: Api, database: TestDatabase) -> AsyncIterator[AsyncClient]:
    """He follows Alice, who writes and sells; Charlie writes too."""
    with database.connect("owner") as owner:
        publish(owner, ALICE, 12, tags="{clay}")
        publish(owner, CHARLIE, 8, tags="{tea}")
        offer(owner, ALICE, 3)
    await api.as_(BOB).put(f"/v1/follows/{ALICE.id}")
    async with remembering(api):
        yield api.as_(BOB)


def items(page: Any) -> list[dict[str, Any]]:
    return list(page.json()["items"])


def ids(page: Any) -> set[str]:
    return {item["item_id"] for item in items(page)}


async def gone(client: AsyncClient, item_id: object) -> bool:
    """Within the patience of somebody who hears of it by NOTIFY."""
    async with asyncio.timeout(10):
        while str(item_id) in ids(await client.get("/v1/feed")):  # noqa: ASYNC110 - others commit
            await asyncio.sleep(0.01)
    return True


async def test_a_hundred_requests_at_once_are_one_page_of_the_database(
    bob: AsyncClient, pages: Pages
) -> None:
    answers = await asyncio.gather(*(bob.get("/v1/feed") for _ in range(100)))

    assert {answer.content for answer in answers} == {(await bob.get("/v1/feed")).content}
    assert pages.read == 1


async def test_a_fault_that_nobody_foresaw_is_told_without_its_words(
    bob: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(*_place: Any, **_more: Any) -> Dated:
        raise RuntimeError("a secret")

    monkeypatch.setattr(serving, "read_dated", read)
    answer = await bob.get("/v1/feed")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "invalid_input"),
        ("limit=101", "invalid_input"),
        ("limit=²", "invalid_input"),
        ("mode=loud", "invalid_input"),
        ("cursor=nonsense", "invalid_cursor"),
        ("cursor=" + "A" * 32, "invalid_cursor"),
        ("cursor=" + "A" * 64, "invalid_input"),
        ("cursor=" + "A" * 500, "invalid_input"),
    ],
)
async def test_what_is_no_page_is_refused_with_its_reason(bob: AsyncClient, query: str, code: str) -> None:
    answer = await bob.get(f"/v1/feed?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_same_page_is_sent_again_without_asking_the_database(
    bob: AsyncClient, pages: Pages
) -> None:
    first = await bob.get("/v1/feed?limit=5")
    after = {"limit": 5, "cursor": first.json()["next_cursor"]}
    again = [await bob.get("/v1/feed?limit=5"), await bob.get("/v1/feed", params=after)]
    and_again = [await bob.get("/v1/feed?limit=5"), await bob.get("/v1/feed", params=after)]

    assert [a.content for a in again] == [a.content for a in and_again]
    assert again[0].content == first.content
    assert pages.read == 2


async def test_a_page_waits_for_nobody_who_holds_a_transaction_open(
    bob: AsyncClient, api: Api, pages: Pages
) -> None:
    first = await bob.get("/v1/feed")
    api.app.state.cache.clear()
    # Whoever asks for one of the other connections waits five seconds before being told `unavailable`.
    async with AsyncExitStack() as held, asyncio.timeout(4):
        for _ in range(Settings().database_pool_size):
            await held.enter_async_context(api.app.state.database.transaction(ANONYMOUS))
        again = await bob.get("/v1/feed")

    assert (again.content, pages.read) == (first.content, 2)


async def test_who_has_the_page_is_told_so_without_asking_the_database(
    bob: AsyncClient, pages: Pages
) -> None:
    first = await bob.get("/v1/feed")
    tag = first.headers["etag"]
    same = await bob.get("/v1/feed", headers={"if-none-match": f'"other", {tag}'})
    other = await bob.get("/v1/feed", headers={"if-none-match": '"other"'})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert "content-length" not in same.headers
    assert (other.status_code, pages.read) == (200, 1)
    assert first.headers["cache-control"] == "private, no-cache"


async def test_it_is_compressed_for_who_takes_that(bob: AsyncClient, pages: Pages) -> None:
    zipped = [await bob.get("/v1/feed", headers={"accept-encoding": "br, gzip"}) for _ in range(2)]
    plain = [await bob.get("/v1/feed", headers={"accept-encoding": how}) for how in ("identity", "gzip; q=0")]

    assert [answer.headers.get("content-encoding") for answer in (*zipped, *plain)] == [
        "gzip", "gzip", None, None,
    ]  # fmt: skip
    assert {answer.content for answer in (*zipped, *plain)} == {plain[0].content}
    assert zipped[0].headers["etag"] == zipped[1].headers["etag"]
    assert plain[0].headers["etag"] == plain[1].headers["etag"] != zipped[0].headers["etag"]
    assert "Accept-Encoding" in plain[0].headers["vary"]


def _of(kind: str, items: list[dict[str, Any]]) -> str:
    return str(next(item["item_id"] for item in items if item["item_type"] == kind))


ACTS: dict[str, Act] = {
    "hides a post": lambda bob, p: bob.put(f"/v1/feed/hides/{p['post']}", json={}),
    "is not interested": lambda bob, p: bob.put(
        f"/v1/feed/hides/{p['post']}", json={"reason": "not_interested"}
    ),
    "likes a post": lambda bob, p: bob.put(f"/v1/feed/reactions/{p['post']}/like"),
    "puts an item into the cart": lambda bob, p: bob.put(f"/v1/cart/items/{p['shop_item']}", json={}),
    "mutes Alice": lambda bob, _: bob.put(f"/v1/mutes/{ALICE.id}"),
    "sees fewer of a tag": lambda bob, _: bob.post(
        "/v1/feed/fewer", json={"subject_type": "tag", "subject": "tea"}
    ),
    "mutes a word": lambda bob, _: bob.post("/v1/feed/muted-words", json={"word": "clay"}),
    "follows Charlie": lambda bob, _: bob.put(f"/v1/follows/{CHARLIE.id}"),
    "follows Alice no more": lambda bob, _: bob.delete(f"/v1/follows/{ALICE.id}"),
    "begins a new feed": lambda bob, _: bob.post("/v1/feed/refreshes", json={}),
    "hides by the contract": lambda bob, p: bob.post("/rpc/feed_hide", json={"p_item_id": p["post"]}),
}
_UNSEEN = {"follows Charlie", "follows Alice no more", "begins a new feed"}  # of what is in it already


@pytest.mark.parametrize("act", ACTS)
async def test_what_bob_does_counts_at_his_next_request(
    bob: AsyncClient, api: Api, pages: Pages, act: str
) -> None:
    before = await bob.get("/v1/feed")
    await api.as_(CHARLIE).get("/v1/feed")
    kinds = {kind: _of(kind, items(before)) for kind in ("post", "shop_item")}
    read = pages.read

    answer = await ACTS[act](bob, kinds)
    after = await bob.get("/v1/feed")
    await api.as_(CHARLIE).get("/v1/feed")

    assert answer.status_code < 300, answer.text
    assert pages.read == read + 1  # Bob's, and not Charlie's
    assert (after.content == before.content) == (act in _UNSEEN)
    api.forget()
    assert (await bob.get("/v1/feed")).content == after.content


async def test_a_block_counts_at_once_for_both(bob: AsyncClient, api: Api, database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        publish(owner, BOB, 2)
    alice = api.as_(ALICE)
    assert str(ALICE.id) in {item["author_id"] for item in items(await bob.get("/v1/feed"))}
    assert str(BOB.id) in {item["author_id"] for item in items(await alice.get("/v1/feed"))}

    await alice.put(f"/v1/blocks/{BOB.id}")

    assert str(ALICE.id) not in {item["author_id"] for item in items(await bob.get("/v1/feed"))}
    assert str(BOB.id) not in {item["author_id"] for item in items(await alice.get("/v1/feed"))}


ENDS = {
    "removed by a moderator": "update public.posts set removal_reason = 'spam' where id = %s",
    "taken back": "update public.posts set state = 'removed' where id = %s",
    "for followers only": "update public.posts set visibility = 'followers' where id = %s",
    "for adults only": "update public.posts set age_limited = true where id = %s",
    "deleted": "delete from public.posts where id = %s",
    "of somebody who left": "delete from auth.users where id in (select author_id from public.posts where id = %s)",
}


@pytest.mark.parametrize("end", ENDS)
async def test_what_is_not_to_be_seen_any_more_leaves_everybodys_pages(
    bob: AsyncClient, api: Api, database: TestDatabase, end: str
) -> None:
    with database.connect("owner") as owner:
        (item,) = publish(owner, ADA)
        clients = [bob, api.as_(CHARLIE), api.anonymous]
        await bob.post("/v1/feed/refreshes", json={})
        before = [str(item) in ids(await client.get("/v1/feed")) for client in clients]
        owner.execute(ENDS[end].encode(), (item,))

    assert before == [True] * 3
    assert all([await gone(client, item) for client in clients])


async def test_what_is_sold_out_leaves_and_what_costs_more_says_so(
    bob: AsyncClient, database: TestDatabase
) -> None:
    page = await bob.get("/v1/feed")
    shop = [UUID(item["item_id"]) for item in items(page) if item["item_type"] == "shop_item"]
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("update public.shop_items set stock = 0 where id = %s", (shop[0],))
        owner.execute("update public.shop_items set price_minor = 99 where id = %s", (shop[1],))

    assert await gone(bob, shop[0])
    prices = {item["item_id"]: item["price_minor"] for item in items(await bob.get("/v1/feed"))}
    assert prices[str(shop[1])] == 99


async def test_nobody_gets_what_was_made_for_another(bob: AsyncClient, api: Api, pages: Pages) -> None:
    clients: list[AsyncClient] = [bob, api.as_(ALICE), api.as_(CHARLIE), api.anonymous]
    first = [await client.get("/v1/feed") for client in clients]
    again = [await client.get("/v1/feed") for client in clients]

    assert [a.content for a in first] == [a.content for a in again]
    assert len({a.content for a in first}) == 4
    assert pages.read == 4
    for person, page in zip((BOB, ALICE, CHARLIE), first, strict=False):
        assert str(person.id) not in {item["author_id"] for item in items(page)}


async def test_who_is_signed_out_gets_no_remembered_page(bob: AsyncClient, database: TestDatabase) -> None:
    assert (await bob.get("/v1/feed")).status_code == 200
    assert (await bob.get("/v1/feed")).status_code == 200

    await bob.delete("/v1/sessions/current")

    assert (await bob.get("/v1/feed")).status_code == 401


async def test_a_remembered_page_of_somebody_else_is_no_way_around_a_bad_question(bob: AsyncClient) -> None:
    await bob.get("/v1/feed")

    assert (await bob.get("/v1/feed?limit=0")).status_code == 400
    assert (await bob.get("/v1/feed?limit=5&limit=6")).status_code < 500
    assert (await bob.get("/v1/feed?mode=nonsense")).status_code == 400
    assert (await bob.get("/v1/feed?cursor=nonsense")).status_code == 400


async def test_a_visitors_page_may_be_kept_by_a_cdn(bob: AsyncClient, api: Api) -> None:
    for _ in range(2):  # made, then remembered
        answer = await api.anonymous.get("/v1/feed?mode=trending")
        assert answer.headers["cache-control"] == "public, max-age=0, s-maxage=10"
        assert {"Authorization", "Cookie"} <= set(answer.headers["vary"].split(", "))
        assert not {"set-cookie", "ratelimit", "ratelimit-remaining"} & set(answer.headers)


async def test_a_cookie_that_means_nobody_makes_no_public_page(bob: AsyncClient, api: Api) -> None:
    await api.anonymous.get("/v1/feed")
    dead = api.client(cookie=f"rambla_session=rmb_{'a' * 43}", sec_fetch_site="same-origin")

    answer = await dead.get("/v1/feed")

    assert "set-cookie" in answer.headers
    assert answer.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(("person", "minutes"), [(BOB, 30), (None, 10)])
async def test_a_first_page_is_remembered_no_longer_than_it_is_the_first(
    bob: AsyncClient, api: Api, database: TestDatabase, person: Person | None, minutes: int
) -> None:
    client = api.as_(person) if person else api.anonymous
    await client.get("/v1/feed")
    with database.connect("owner") as owner:  # all but a minute of its time has passed
        owner.execute(
            "update public.feed_slates set epoch = floor(extract(epoch from now())) - %s",
            (minutes * 60 - 60,),
        )
    api.forget()
    page = await client.get("/v1/feed?limit=5")
    await client.get("/v1/feed", params={"limit": 5, "cursor": page.json()["next_cursor"]})

    first, second = (kept.until - time.time() for kept in api.app.state.cache._kept.values())

    assert 0 < first <= 60 < second <= 300
