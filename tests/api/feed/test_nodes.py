"""Several processes remember pages; what one of them does, or psql, counts in each of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from httpx2 import AsyncClient

from conftest import TestDatabase
from feeding import publish
from jobs.half_open import way
from people import ALICE, BOB, CHARLIE
from rambla.feed import serving
from rambla.feed.reading import read_dated
from rambla.kit import pubsub
from rambla.settings import Settings
from redis_server import RedisServer
from running import Api, remembering, running, serving as real_server

FEED = "/v1/feed"
# ruff: noqa: ASYNC110 - what is waited for happens in a database


@asynccontextmanager
async def node(database: TestDatabase, **settings: Any) -> AsyncIterator[Api]:
    asked = Settings(database_url=database.login_url, rate_limits=False, **settings)
    async with running(asked, database.owner_url) as api, remembering(api):
        yield api


@pytest.fixture
def posts(clone: TestDatabase) -> list[str]:
    """Alice's, whom Bob follows."""
    with clone.connect("owner") as owner:
        found = publish(owner, ALICE, 12)
        owner.execute("insert into public.follows values (%s, %s)", (BOB.id, ALICE.id))
    return [str(post) for post in found]


@pytest.fixture
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    read: list[object] = []

    async def reading(*place: Any, **more: Any) -> Any:
        read.append(place)
        return await read_dated(*place, **more)

    monkeypatch.setattr(serving, "read_dated", reading)
    return read


async def shows(client: AsyncClient, item: str) -> bool:
    page = await client.get(FEED)
    assert page.status_code == 200, page.text
    return item in {found["item_id"] for found in page.json()["items"]}


async def hidden(client: AsyncClient, item: str) -> None:
    async with asyncio.timeout(10):
        while await shows(client, item):
            await asyncio.sleep(0.01)


async def test_what_bob_hides_by_one_process_is_gone_in_the_other(
    clone: TestDatabase, posts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with node(clone) as here, node(clone) as there:
        bob, elsewhere = here.as_(BOB), there.as_(BOB)
        assert [await shows(client, posts[0]) for client in (bob, elsewhere)] == [True, True]
        read = count_reads(monkeypatch)
        await bob.put(f"/v1/feed/hides/{posts[0]}", json={})

        assert not await shows(bob, posts[0])  # at once
        await hidden(elsewhere, posts[0])

        assert len(read) == 2


async def test_who_signs_out_of_one_process_is_out_of_the_other(
    clone: TestDatabase, posts: list[str]
) -> None:
    async with node(clone) as here, node(clone) as there:
        bob = here.as_(BOB)
        elsewhere = there.client(authorization=bob.headers["authorization"])
        assert await shows(elsewhere, posts[0])

        await bob.delete("/v1/sessions/current")

        async with asyncio.timeout(10):
            while (await elsewhere.get(FEED)).status_code != 401:
                await asyncio.sleep(0.01)
        assert (await bob.get(FEED)).status_code == 401


async def test_a_real_server_hears_what_psql_does(
    clone: TestDatabase, posts: list[str], tmp_path: Path
) -> None:
    settings = Settings(database_url=clone.login_url, rate_limits=False, web_processes=2)
    with real_server(settings, clone.owner_url, tmp_path / "log") as server:
        async with AsyncClient(
            base_url=server.url, headers={"authorization": f"Bearer {server.token(BOB)}"}
        ) as bob:
            assert [await shows(bob, posts[0]) for _ in range(8)] == [True] * 8
            with psycopg.connect(clone.owner_url) as owner:
                owner.execute("update public.posts set removal_reason = 'spam' where id = %s", (posts[0],))
            await hidden(bob, posts[0])
            await asyncio.sleep(0.1)  # the other process has heard of it too

            assert [await shows(bob, posts[0]) for _ in range(8)] == [False] * 8


async def test_a_process_that_hears_nothing_remembers_nothing(
    clone: TestDatabase, posts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pubsub, "_PULSE", 0.1)
    monkeypatch.setattr(pubsub, "_PATIENCE", 1.0)
    async with way(clone.login_url) as (url, the_way), node(clone, database_direct_url=url) as api:
        monkeypatch.setattr(pubsub, "_TRUST", 0.5)
        bob = api.as_(BOB)
        assert await shows(bob, posts[0])
        assert the_way.fall_silent() > 0  # without a word: the connection stays open
        with clone.connect(BOB) as psql:
            psql.execute("select public.feed_hide(%s)", (posts[0],))

        await hidden(bob, posts[0])

        async with asyncio.timeout(30):  # and then there is another connection
            while not api.app.state.changes.known:
                await asyncio.sleep(0.01)
        assert not await shows(bob, posts[0])


async def test_what_happens_while_the_ears_are_cut_off_is_not_missed(
    clone: TestDatabase, posts: list[str]
) -> None:
    async with node(clone) as api:
        bob = api.as_(BOB)
        with clone.connect("owner") as owner, clone.connect(BOB) as psql:
            for post in posts[:5]:
                assert await shows(bob, post)
                owner.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where application_name = 'rambla listen' and datname = current_database()"
                )
                psql.execute("select public.feed_hide(%s)", (post,))
                await hidden(bob, post)
                async with asyncio.timeout(30):
                    while not api.app.state.changes.known:
                        await asyncio.sleep(0.01)
                assert not await shows(bob, post)


async def test_what_one_process_made_another_finds_in_redis(
    clone: TestDatabase, posts: list[str], redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        node(clone, redis_url=redis.url) as here,
        node(clone, redis_url=redis.url) as there,
    ):
        read = count_reads(monkeypatch)
        first = await here.as_(BOB).get(FEED)
        second = await there.as_(BOB).get(FEED)
        strangers = await there.as_(CHARLIE).get(FEED)

        assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
        assert strangers.content != first.content
        assert len(read) == 2

        await there.as_(BOB).put(f"/v1/feed/hides/{posts[0]}", json={})
        assert not await shows(there.as_(BOB), posts[0])
        await hidden(here.as_(BOB), posts[0])


async def test_redis_is_not_believed_about_what_is_good(
    clone: TestDatabase, posts: list[str], redis: RedisServer
) -> None:
    async with node(clone, redis_url=redis.url) as early:
        assert await shows(early.as_(BOB), posts[0])
    with clone.connect(BOB) as psql:  # while nobody listens
        psql.execute("select public.feed_hide(%s)", (posts[0],))

    async with node(clone, redis_url=redis.url) as late:
        assert not await shows(late.as_(BOB), posts[0])


async def test_without_its_redis_the_feed_is_served_as_before(
    clone: TestDatabase, posts: list[str], redis: RedisServer
) -> None:
    async with node(clone, redis_url=redis.url) as api:
        redis.kill()

        assert [await shows(api.as_(person), posts[0]) for person in (BOB, CHARLIE)] == [True, True]
        await api.as_(BOB).put(f"/v1/feed/hides/{posts[0]}", json={})
        assert not await shows(api.as_(BOB), posts[0])
