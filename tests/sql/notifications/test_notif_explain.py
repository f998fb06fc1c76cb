"""Why did I not get it?"""

from __future__ import annotations

import datetime as dt

import pytest

from conftest import Session
from people import ADA, ALICE, CHARLIE
from sending import live_in, quiet, send

NIGHT = "2026-03-10 22:30+00"
EXPLAIN = "select * from notif_explain(%s, 'inapp', %s, %s)"


def test_a_visitor_is_told_nothing(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run("select notif_explain(%s)", ALICE.id)


def test_charlie_is_not_told_about_alice(session: Session) -> None:
    with session.as_user(CHARLIE), session.refused("forbidden"):
        session.run("select notif_explain(%s)", ALICE.id)


@pytest.mark.parametrize("person", [ALICE, ADA])
def test_alice_and_an_admin_are_told_everything_at_once(session: Session, person: object) -> None:
    live_in(session.connection, ALICE, "Europe/Berlin")
    quiet(session.connection, ALICE, ("22:00", "08:00"), zone="Europe/Berlin")
    with session.as_role("service_role"):
        for _ in range(3):
            send(session.connection, ALICE, at="2026-03-10 12:00+00")
    with session.as_user(ALICE if person is ALICE else ADA):
        told = session.one(EXPLAIN, ALICE.id, "test", NIGHT)

    assert told == {
        "outcome": "quiet_hours",
        "critical": False,
        "sent_today": 3,
        "cap": 5,
        "day_ends": dt.datetime(2026, 3, 10, 23, tzinfo=dt.UTC),
        "quiet_until": dt.datetime(2026, 3, 11, 7, tzinfo=dt.UTC),
        "timezone": "Europe/Berlin",
    }


def test_it_says_what_sending_would_do(session: Session) -> None:
    with session.as_user(ALICE):
        session.run(
            """select notif_preferences_set('[{"type": "off", "channel": "inapp", "enabled": false}]')"""
        )
        before = session.one(EXPLAIN, ALICE.id, "test", "now")
        off = session.one(EXPLAIN, ALICE.id, "off", "now")
        for _ in range(5):
            send(session.connection, ALICE)
        full = session.one(EXPLAIN, ALICE.id, "test", "now")
        critical = session.one(EXPLAIN, ALICE.id, "security", "now")

    assert [told["outcome"] for told in (before, off, full, critical)] == [
        "send",
        "preference",
        "cap",
        "send",
    ]
