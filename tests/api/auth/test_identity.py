"""One connection serves many people in turn, and nobody is ever taken for the one before."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import msgspec
import psycopg
import pytest
from httpx2 import AsyncClient

from conftest import TestDatabase
from people import ADA, ALICE, BOB, CHARLIE
from pgbouncer import pooled
from rambla.settings import Settings
from running import Api, running
from signing_in import new_token

REQUESTS = 2_000
CONNECTIONS = 4


@pytest.fixture(params=["direct", "pgbouncer"])
async def api(request: pytest.FixtureRequest, database: TestDatabase) -> AsyncIterator[Api]:
    settings = Settings(database_url=database.login_url, database_pool_size=CONNECTIONS, rate_limits=False)
    if request.param == "direct":
        async with running(settings, database.owner_url) as api:
            yield api
        return
    with pooled(database.login_url, size=2) as url:
        behind = msgspec.structs.replace(settings, database_url=url, database_direct_url=database.login_url)
        async with running(behind, database.owner_url) as api:
            yield api


async def test_two_thousand_interleaved_requests_each_see_themselves(
    api: Api, database: TestDatabase
) -> None:
    with psycopg.connect(database.owner_url) as connection:
        for person, bio in ((ALICE, "of Alice"), (BOB, "of Bob"), (CHARLIE, "of Charlie"), (ADA, "of Ada")):
            connection.execute("update public.profiles set bio = %s where id = %s", (bio, person.id))
    people = {person.handle: api.as_(person) for person in (ALICE, BOB, CHARLIE, ADA)}
    stranger = api.client(authorization=f"Bearer {new_token()}")
    callers = [*people.items(), ("nobody", api.anonymous), ("program", api.service), ("stranger", stranger)]
    waiting = asyncio.Semaphore(40)

    async def ask(name: str, client: AsyncClient) -> tuple[str, str]:
        async with waiting:
            return name, await who_am_i(client)

    turns = random.Random(7).choices(callers, k=REQUESTS)
    answers = await asyncio.gather(*(ask(name, client) for name, client in turns))

    mistaken = [(name, seen) for name, seen in answers if seen != name]
    assert mistaken == []
    assert {name for name, _ in answers} == {name for name, _ in callers}


async def who_am_i(client: AsyncClient) -> str:
    """What PostgreSQL says, not what the middleware believes."""
    answer = await client.post("/rpc/viewer_shell")
    if answer.status_code == 401:
        return "stranger"
    rows = answer.json()
    if rows:
        return str(rows[0]["handle"])
    admin = await client.post("/rpc/notif_unread_count")
    return "nobody" if admin.status_code == 401 else "program"


async def test_a_failed_statement_leaves_nobody_behind(api: Api) -> None:
    """An aborted transaction must not hand its caller to the next one on that connection."""

    async def fail_as_alice() -> int:
        return (await api.as_(ALICE).patch("/v1/me", json={"timezone": "Mars/Olympus"})).status_code

    async def come_as_nobody() -> str:
        return await who_am_i(api.anonymous)

    answers = await asyncio.gather(*(act() for _ in range(20) for act in (fail_as_alice, come_as_nobody)))

    assert set(answers) == {400, "nobody"}
