"""Many streams of one process read together."""

from __future__ import annotations

import asyncio

import pytest

from conftest import TestDatabase
from people import ALICE, BOB, CHARLIE, PEOPLE
from rambla.errors import Problem
from rambla.kit.db import Database
from rambla.kit.pubsub import Hub
from rambla.kit.sse import Shutdown
from rambla.notifications.bells import Bells
from sending import send


@pytest.fixture
def bells(db: Database, database: TestDatabase) -> Bells:
    return Bells(db, Hub(database.login_url, channels=("notifications",)), Shutdown())


async def test_everybody_gets_their_own_answer(bells: Bells, database: TestDatabase) -> None:
    with database.connect() as connection:
        for person, count in ((ALICE, 3), (BOB, 1)):
            for _ in range(count):
                send(connection, person)
    asked = [(person, since) for person in PEOPLE for since in (None, 0, 1, 2)] * 50
    states = await asyncio.gather(*(bells._read(person.id, since) for person, since in asked))

    numbers = {ALICE: 3, BOB: 1}
    for (person, since), state in zip(asked, states, strict=True):
        last = numbers.get(person, 0)
        expected = [] if since is None else list(range(since + 1, last + 1))
        assert (state.unread, state.seq, [item.seq for item in state.items]) == (last, last, expected)


async def test_a_stream_that_hangs_up_does_not_disturb_the_others(bells: Bells) -> None:
    reads = [asyncio.create_task(bells._read(person.id, None)) for person in (ALICE, BOB, CHARLIE)]
    await asyncio.sleep(0)
    reads[0].cancel()
    _, bobs, charlies = await asyncio.gather(*reads, return_exceptions=True)

    assert reads[0].cancelled()
    assert (bobs, charlies) == (await bells._read(BOB.id, None), await bells._read(CHARLIE.id, None))


async def test_a_query_that_fails_is_heard_by_all_who_waited_and_the_next_one_works(
    bells: Bells, database: TestDatabase
) -> None:
    with database.connect("owner") as owner:
        owner.execute("revoke select on public.notification_states from service_role")
        failures = await asyncio.gather(
            *(bells._read(person.id, None) for person in PEOPLE), return_exceptions=True
        )
        owner.execute("grant select on public.notification_states to service_role")

    assert [failure.code for failure in failures if isinstance(failure, Problem)] == ["forbidden"] * len(
        PEOPLE
    )
    assert (await bells._read(ALICE.id, None)).unread == 0
