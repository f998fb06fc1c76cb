"""The whole way of an e-mail: queued in SQL, handed to a real server, written down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from conftest import TestDatabase
from people import ALICE
from postbox import Mood, Postbox
from rambla.kit.db import Database
from rambla.notifications.actions import Undelivered, deliver
from rambla.notifications.email import Email
from rambla.notifications.smtp import Smtp
from running import free_port
from sending import send


def channel(url: str) -> Email:
    return Email(Smtp(url, patience=0.5), sender="hello@shop.example", base_url="https://shop.example")


def queue(database: TestDatabase, channel: str = "email", **what: Any) -> UUID:
    with database.connect() as connection:
        id_ = send(connection, ALICE, channel=channel, **what)
    assert id_ is not None
    return id_


def state(database: TestDatabase) -> tuple[str, list[str]]:
    """The notification's status and the outcomes of its attempts."""
    with database.connect() as connection:
        row = connection.execute("select status from public.notifications").fetchone()
        attempts = connection.execute(
            "select coalesce(outcome, 'open') as outcome from public.notification_deliveries order by attempt"
        ).fetchall()
    assert row is not None
    return row["status"], [attempt["outcome"] for attempt in attempts]


async def test_what_was_queued_arrives_and_is_sent(
    db: Database, database: TestDatabase, box: Postbox
) -> None:
    id_ = queue(database, title="Hello")
    await deliver(db, {"email": channel(box.url)}, user_id=ALICE.id, notification_id=id_)
    (message,) = box.messages

    assert (message["To"], message["Subject"]) == ("Alice <alice@example.org>", "Hello")
    assert message["Message-ID"] == f"<{id_}@shop.example>"
    assert state(database) == ("sent", ["sent"])


async def test_a_job_that_runs_twice_sends_once(db: Database, database: TestDatabase, box: Postbox) -> None:
    id_ = queue(database)
    for _ in range(2):
        await deliver(db, {"email": channel(box.url)}, user_id=ALICE.id, notification_id=id_)

    assert len(box.messages) == 1


async def test_a_refusal_for_good_fails_and_is_not_tried_again(
    db: Database, database: TestDatabase, box: Postbox
) -> None:
    with database.connect("owner") as owner:
        owner.execute("update auth.users set email = 'gone@example.org' where id = %s", (ALICE.id,))
    await deliver(db, {"email": channel(box.url)}, user_id=ALICE.id, notification_id=queue(database))

    assert state(database) == ("failed", ["rejected"])


async def test_a_server_that_is_away_leaves_it_queued_until_the_last_attempt(
    db: Database, database: TestDatabase
) -> None:
    id_, away = queue(database), channel(f"smtp://127.0.0.1:{free_port()}")
    with pytest.raises(Undelivered):
        await deliver(db, {"email": away}, user_id=ALICE.id, notification_id=id_)
    before = state(database)
    with pytest.raises(Undelivered):
        await deliver(db, {"email": away}, user_id=ALICE.id, notification_id=id_, final=True)

    assert before == ("queued", ["retry"])
    assert state(database) == ("failed", ["retry", "retry"])


@pytest.mark.parametrize("mood", ["lost", "silent"])
async def test_an_answer_that_was_lost_is_tried_again_under_the_same_id(
    db: Database, database: TestDatabase, box: Postbox, mood: Mood
) -> None:
    id_, box.mood = queue(database), mood
    with pytest.raises(Undelivered):
        await deliver(db, {"email": channel(box.url)}, user_id=ALICE.id, notification_id=id_)
    box.mood = "good"
    await deliver(db, {"email": channel(box.url)}, user_id=ALICE.id, notification_id=id_)

    assert state(database) == ("sent", ["unknown", "sent"])
    assert [m["Message-ID"] for m in box.messages] == [f"<{id_}@shop.example>"] * 2


@pytest.mark.parametrize("name", ["push", "sms"])
async def test_a_channel_that_has_no_transport_says_so(
    db: Database, database: TestDatabase, name: str
) -> None:
    await deliver(db, {}, user_id=ALICE.id, notification_id=queue(database, channel=name))
    with database.connect() as connection:
        row = connection.execute("select outcome, detail from public.notification_deliveries").fetchone()

    assert row == {"outcome": "rejected", "detail": f"No transport is set up for {name}."}
