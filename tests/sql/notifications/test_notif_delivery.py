"""From queued to sent: opening and closing attempts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from conftest import Session, TestDatabase
from people import ALICE
from sending import live_in, quiet, send

DAY = "2026-03-10 12:00+00"
NIGHT = "2026-03-10 23:00+00"


def begin(session: Session, id_: UUID | None, at: str = DAY) -> dict[str, Any] | None:
    rows = session.all("select * from notif_delivery_begin(%s, %s, %s)", ALICE.id, id_, at)
    return rows[0] if rows else None


def finish(
    session: Session, id_: UUID | None, outcome: str, *, attempt: int = 1, final: bool = False, at: str = DAY
) -> str:
    status: str = session.value(
        "select notif_delivery_finish(%s, %s, %s, %s, 'said the other side', %s, %s)",
        ALICE.id, id_, attempt, outcome, final, at,
    )  # fmt: skip
    return status


def queue(session: Session, *, type_: str = "test") -> UUID | None:
    return send(session.connection, ALICE, channel="email", type=type_, at=DAY)


def status(session: Session, id_: UUID | None) -> str:
    found: str = session.value("select status from notifications where id = %s", id_)
    return found


@pytest.mark.parametrize("call", ["notif_delivery_begin(%s, %s)", "notif_delivery_finish(%s, %s, 1, 'sent')"])
def test_people_do_not_deliver(session: Session, call: str) -> None:
    with session.as_user(ALICE), session.refused("42501"):
        session.run(f"select {call}", ALICE.id, ALICE.id)
    with session.as_role("anon"), session.refused("42501"):
        session.run(f"select {call}", ALICE.id, ALICE.id)


@pytest.mark.parametrize("channel", ["email", "push", "sms"])
def test_a_send_on_another_channel_is_queued_with_its_job(session: Session, channel: str) -> None:
    with session.as_role("service_role"):
        id_ = send(session.connection, ALICE, channel=channel, at=DAY)
    job = session.one("select job_type, queue, payload, status from worker_jobs")

    assert status(session, id_) == "queued"
    assert job == {
        "job_type": "notification_deliver",
        "queue": "default",
        "payload": {"user_id": str(ALICE.id), "notification_id": str(id_)},
        "status": "pending",
    }


def test_a_critical_one_goes_by_the_critical_queue(session: Session) -> None:
    with session.as_role("service_role"):
        queue(session, type_="order_receipt")

    assert session.value("select queue from worker_jobs") == "critical"


def test_the_job_lives_and_dies_with_its_notification(database: TestDatabase) -> None:
    with database.connect(autocommit=False) as connection:
        send(connection, ALICE, channel="email")
        connection.rollback()
    with database.connect("owner") as owner:
        assert owner.execute("select count(*) as n from public.worker_jobs").fetchone() == {"n": 0}


def test_an_attempt_says_what_to_hand_over_and_to_whom(session: Session) -> None:
    with session.as_role("service_role"):
        id_ = send(session.connection, ALICE, channel="email", data='{"url": "/orders/7"}', at=DAY)
        attempt = begin(session, id_)

    assert attempt is not None
    assert attempt["address"] == "alice@example.org"
    assert (attempt["attempt"], attempt["name"], attempt["title"], attempt["url"]) == (
        1,
        "Alice",
        "Hi",
        "/orders/7",
    )


def test_sent_is_sent_once_and_for_all(session: Session) -> None:
    with session.as_role("service_role"):
        id_ = queue(session)
        begin(session, id_)

        assert finish(session, id_, "sent") == "sent"
        assert begin(session, id_) is None
        assert finish(session, id_, "retry") == "sent"


@pytest.mark.parametrize(("outcome", "final", "becomes"), [
    ("retry", False, "queued"), ("unknown", False, "queued"), ("rejected", False, "failed"),
    ("retry", True, "failed"), ("unknown", True, "failed"), ("sent", True, "sent"),
])  # fmt: skip
def test_what_becomes_of_an_attempt(session: Session, outcome: str, final: bool, becomes: str) -> None:
    with session.as_role("service_role"):
        id_ = queue(session)
        begin(session, id_)

        assert finish(session, id_, outcome, final=final) == becomes


def test_a_failed_one_can_be_redriven(session: Session) -> None:
    with session.as_role("service_role"):
        id_ = queue(session)
        begin(session, id_)
        finish(session, id_, "retry", final=True)
        again = begin(session, id_)

        assert again is not None
        assert finish(session, id_, "sent", attempt=again["attempt"]) == "sent"


def test_an_attempt_whose_worker_died_is_unknown(session: Session) -> None:
    with session.as_role("service_role"):
        id_ = queue(session)
        begin(session, id_)
        second = begin(session, id_)

    assert second is not None
    assert second["attempt"] == 2
    assert session.all("select attempt, outcome from notification_deliveries order by attempt") == [
        {"attempt": 1, "outcome": "unknown"},
        {"attempt": 2, "outcome": None},
    ]


def test_an_attempt_that_never_was_cannot_be_closed(session: Session) -> None:
    with session.as_role("service_role"), session.refused("not_found"):
        finish(session, queue(session), "sent")


def test_many_may_be_queued_and_no_more_than_the_cap_are_sent(session: Session) -> None:
    with session.as_role("service_role"):
        ids = [queue(session) for _ in range(8)]
        begun = [id_ for id_ in ids if begin(session, id_)]
        for id_ in begun:
            finish(session, id_, "sent")

    assert begun == ids[:5]
    assert [status(session, id_) for id_ in ids[5:]] == ["failed"] * 3
    held = session.all("select reason, notification_id from notification_suppressions order by id")
    assert held == [{"reason": "cap", "notification_id": id_} for id_ in ids[5:]]


def test_a_place_is_free_again_when_the_attempt_failed_or_its_worker_is_long_gone(session: Session) -> None:
    with session.as_role("service_role"):
        ids = [queue(session) for _ in range(7)]
        for id_ in ids[:5]:
            begin(session, id_)
        finish(session, ids[0], "rejected")

        assert begin(session, ids[5]) is not None
        assert begin(session, ids[6], at="2026-03-10 12:16+00") is not None


def test_the_day_of_the_handover_counts_not_that_of_the_send(session: Session) -> None:
    live_in(session.connection, ALICE, "Europe/Berlin")
    with session.as_role("service_role"):
        ids = [queue(session) for _ in range(6)]
        for id_ in ids[:5]:
            begin(session, id_, at="2026-03-10 22:59+00")
            finish(session, id_, "sent", at="2026-03-10 22:59+00")

        assert begin(session, ids[5], at="2026-03-10 23:00+00") is not None


def test_a_critical_one_passes_the_cap_and_takes_no_place(session: Session) -> None:
    with session.as_role("service_role"):
        receipts = [queue(session, type_="order_receipt") for _ in range(7)]
        for id_ in receipts:
            assert begin(session, id_) is not None
            finish(session, id_, "sent")

        assert begin(session, queue(session)) is not None


def test_what_was_queued_by_day_waits_for_the_end_of_the_night(session: Session) -> None:
    with session.as_role("service_role"):
        id_ = queue(session)
    quiet(session.connection, ALICE, ("22:00", "08:00"))
    with session.as_role("service_role"):
        assert begin(session, id_, at=NIGHT) is None
    job = session.one("select payload, next_run_at from worker_jobs order by id desc limit 1")

    assert status(session, id_) == "queued"
    assert job["payload"]["notification_id"] == str(id_)
    assert job["next_run_at"].isoformat() == "2026-03-11T08:00:00+00:00"


def test_a_preference_changed_meanwhile_is_heard(session: Session) -> None:
    with session.as_role("service_role"):
        id_ = queue(session)
    with session.as_user(ALICE):
        session.run(
            """select notif_preferences_set('[{"type": "*", "channel": "email", "enabled": false}]')"""
        )
    with session.as_role("service_role"):
        assert begin(session, id_) is None

    assert status(session, id_) == "failed"
