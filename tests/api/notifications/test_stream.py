"""The stream behind the bell, from a server of its own; senders are other connections."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import TestDatabase
from people import ALICE, CHARLIE
from running import Server
from sending import Connection, send
from streams import bell


@pytest.fixture
def sender(database: TestDatabase) -> Iterator[Connection]:
    with database.connect("owner") as owner:
        owner.execute("update internal.settings set value = '100000' where key = 'notif_daily_cap'")
    with database.connect() as connection:
        yield connection


async def test_the_first_event_is_the_whole_state(server: Server, sender: Connection) -> None:
    send(sender, ALICE)
    async with bell(server, ALICE) as stream:
        first = await stream.next()

    assert (first.name, first.id, first.data) == ("bell", 1, {"unread": 1, "seq": 1, "items": []})


async def test_what_another_process_sends_and_reads_rings_at_once(
    server: Server, sender: Connection, database: TestDatabase
) -> None:
    async with bell(server, ALICE) as stream, bell(server, CHARLIE) as strangers:
        await stream.next()
        await strangers.next()
        id_ = send(sender, ALICE, type="item_sold", title="Bob bought your vase", data='{"url": "/orders/7"}')
        rung = await stream.next()
        with database.connect(ALICE) as alice:
            alice.execute("select public.notif_mark_all_read()")
        read = await stream.next()

        assert await strangers.nothing(0.3)

    assert (rung.id, rung.data["unread"]) == (1, 1)
    (item,) = rung.data["items"]
    del item["created_at"]
    assert item == {
        "id": str(id_), "seq": 1, "type": "item_sold", "title": "Bob bought your vase", "body": "Body",
        "url": "/orders/7",
    }  # fmt: skip
    assert (read.id, read.data) == (1, {"unread": 0, "seq": 1, "items": []})


async def test_what_goes_by_mail_does_not_ring(server: Server, sender: Connection) -> None:
    async with bell(server, ALICE) as stream:
        await stream.next()
        send(sender, ALICE, channel="email")

        assert await stream.nothing(0.5)


async def test_a_client_that_drops_and_resumes_misses_nothing_and_gets_nothing_twice(
    server: Server, sender: Connection, database: TestDatabase
) -> None:
    """Three senders commit while the client hangs up after every few events."""
    heard: list[int] = []

    def keep_sending() -> None:
        with database.connect() as connection:
            for _ in range(40):
                send(connection, ALICE)

    async def keep_listening() -> None:
        last = 0
        while len(heard) < 120:
            async with bell(server, ALICE, after=last) as stream:
                for _ in range(3):
                    event = await stream.next()
                    heard.extend(event.seqs)
                    last = event.id if event.id is not None else last
                    if len(heard) >= 120:
                        return

    with ThreadPoolExecutor(3) as pool:
        senders = [asyncio.wrap_future(pool.submit(keep_sending)) for _ in range(3)]
        await asyncio.wait_for(asyncio.gather(keep_listening(), *senders), 60)
    row = sender.execute("select array_agg(seq order by seq) as seqs from public.notifications").fetchone()

    assert row is not None
    assert heard == row["seqs"]


async def test_who_was_away_for_long_is_told_everything_in_pieces(server: Server, sender: Connection) -> None:
    for _ in range(120):
        send(sender, ALICE)
    async with bell(server, ALICE, after=10) as stream:
        events = [await stream.next() for _ in range(3)]

    assert [seq for event in events for seq in event.seqs] == list(range(11, 121))
    assert [event.id for event in events] == [60, 110, 120]


@pytest.mark.parametrize("nonsense", ["-1", "abc", "9" * 30, "1.5", ""])
async def test_a_number_that_is_none_counts_as_a_first_visit(
    server: Server, sender: Connection, nonsense: str
) -> None:
    send(sender, ALICE)
    async with bell(server, ALICE, after=nonsense) as stream:
        assert (await stream.next()).data["items"] == []


async def test_the_bell_rings_again_after_its_listening_connection_was_killed(
    server: Server, sender: Connection, database: TestDatabase
) -> None:
    async with bell(server, ALICE) as stream:
        await stream.next()
        with database.connect("owner") as owner:
            killed = owner.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rambla listen'"
                " and datname = current_database()"
            ).fetchall()
        send(sender, ALICE)
        rung = await stream.next()
        send(sender, ALICE)
        again = await stream.next()

    assert len(killed) == 1
    assert (rung.seqs, again.seqs) == ([1], [2])


async def test_open_streams_hold_no_connection_of_the_database(
    server: Server, sender: Connection, database: TestDatabase
) -> None:
    """More streams than the pool has connections, and all of them hear."""
    streams = server.settings.database_pool_size + 5
    async with asyncio.TaskGroup() as listeners, asyncio.timeout(60):
        ready = asyncio.Semaphore(0)

        async def listen() -> list[int]:
            async with bell(server, ALICE) as stream:
                await stream.next()
                ready.release()
                return (await stream.next()).seqs

        heard = [listeners.create_task(listen()) for _ in range(streams)]
        for _ in range(streams):
            await ready.acquire()
        busy = sender.execute(
            "select count(*) as n from pg_stat_activity where application_name = 'rambla'"
            " and datname = current_database() and state <> 'idle'"
        ).fetchone()
        send(sender, ALICE)

    assert busy == {"n": 0}
    assert [task.result() for task in heard] == [[1]] * streams


async def test_streams_end_politely_when_the_server_stops(server: Server, sender: Connection) -> None:
    async with bell(server, ALICE) as stream:
        await stream.next()
        stopping = asyncio.get_running_loop().run_in_executor(None, server.stop)
        last = await stream.next()
        await stopping

    assert last.name == "goodbye"


@pytest.mark.slow
async def test_a_wake_up_that_was_lost_delays_and_loses_nothing(
    server: Server, sender: Connection, database: TestDatabase
) -> None:
    async with bell(server, ALICE) as stream:
        await stream.next()
        with database.connect("owner") as owner:
            owner.execute("alter table notifications disable trigger notifications_count_insert")
        send(sender, ALICE)
        rung = await stream.next(patience=40)
        with database.connect("owner") as owner:
            owner.execute("alter table notifications enable trigger notifications_count_insert")

    assert rung.seqs == [1]
