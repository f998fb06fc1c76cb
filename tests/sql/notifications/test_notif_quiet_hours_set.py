"""Alice says when she wants to be left alone."""

from __future__ import annotations

import pytest

from conftest import Session
from people import ALICE, BOB

MINE = "select start_time::text, end_time::text, days, timezone from notification_quiet_hours"


def test_a_visitor_has_no_quiet_hours(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run("select notif_quiet_hours_set('22:00', '08:00')")


def test_alice_sets_them_and_sets_them_again(session: Session) -> None:
    with session.as_user(ALICE):
        session.run("select notif_quiet_hours_set('22:00', '08:00')")
        session.run("select notif_quiet_hours_set('23:00', '07:00', 31, 'Europe/Madrid')")

        assert session.all(MINE) == [
            {"start_time": "23:00:00", "end_time": "07:00:00", "days": 31, "timezone": "Europe/Madrid"}
        ]


def test_two_nulls_turn_them_off(session: Session) -> None:
    with session.as_user(ALICE):
        session.run("select notif_quiet_hours_set('22:00', '08:00')")
        session.run("select notif_quiet_hours_set(null, null)")

        assert session.all(MINE) == []


def test_bob_does_not_see_alices(session: Session) -> None:
    with session.as_user(ALICE):
        session.run("select notif_quiet_hours_set('22:00', '08:00')")
    with session.as_user(BOB):
        assert session.all(MINE) == []


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("notif_quiet_hours_set('22:00', null)", "invalid_value"),
        ("notif_quiet_hours_set('24:00', '08:00')", "invalid_value"),
        ("notif_quiet_hours_set('22:00', '08:00', 0)", "invalid_value"),
        ("notif_quiet_hours_set('22:00', '08:00', 128)", "invalid_value"),
        ("notif_quiet_hours_set('22:00', '08:00', 127, 'Mars/Olympus_Mons')", "unknown_timezone"),
        ("notif_quiet_hours_set('22:00', '08:00', 127, 'FOO5')", "unknown_timezone"),
    ],
)
def test_what_makes_no_sense_is_refused(session: Session, call: str, code: str) -> None:
    with session.as_user(ALICE), session.refused(code):
        session.run(f"select {call}")
