"""What notif_send() does when one caller comes at a time."""

from __future__ import annotations

import pytest

from conftest import Session
from people import ADA, ALICE, BOB, CHARLIE
from sending import live_in, quiet, send

NIGHT = "2026-03-10 23:30+00"
DAY = "2026-03-10 12:00+00"


def suppressions(session: Session) -> list[str]:
    return [row["reason"] for row in session.all("select reason from notification_suppressions order by id")]


def test_a_visitor_sends_nothing(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        send(session.connection, ALICE)


def test_charlie_cannot_send_to_alice(session: Session) -> None:
    with session.as_user(CHARLIE), session.refused("forbidden"):
        send(session.connection, ALICE)


def test_alice_sends_to_herself_as_the_seed_document_writes_it(session: Session) -> None:
    with session.as_user(ALICE):
        first = session.value(
            "select public.notif_send(auth.uid(), 'inapp', 'test', 'Hi', 'Body', null, 'idemp-1')"
        )
        again = session.value(
            "select public.notif_send(auth.uid(), 'inapp', 'test', 'Hi', 'Body', null, 'idemp-1')"
        )
        found = session.one("select id, seq, channel, lane, status, data, sent_at, unread from notifications")

    assert first == again
    assert found["sent_at"] is not None
    del found["sent_at"]
    assert found == {
        "id": first, "seq": 1, "channel": "inapp", "lane": "system", "status": "sent", "data": {}, "unread": True
    }  # fmt: skip


@pytest.mark.parametrize("caller", ["service_role", "admin"])
def test_the_service_and_an_admin_send_to_anybody(session: Session, caller: str) -> None:
    with session.as_user(ADA) if caller == "admin" else session.as_role(caller):
        assert send(session.connection, ALICE) is not None


def test_alice_cannot_set_the_clock(session: Session) -> None:
    """Else quiet hours and the cap would hold nobody."""
    with session.as_user(ALICE), session.refused("forbidden"):
        send(session.connection, ALICE, at=DAY)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"channel": "pigeon"}, "unknown_channel"),
        ({"type": ""}, "invalid_value"),
        ({"type": "t" * 101}, "invalid_value"),
        ({"title": ""}, "invalid_value"),
        ({"title": "x" * 201}, "invalid_value"),
        ({"body": "x" * 5001}, "invalid_value"),
        ({"data": "[1]"}, "invalid_value"),
        ({"data": '{"x": "' + "x" * 17_000 + '"}'}, "invalid_value"),
        ({"key": "k" * 201}, "invalid_value"),
    ],
)
def test_what_the_table_would_refuse_is_refused_in_words(
    session: Session, wrong: dict[str, str], code: str
) -> None:
    with session.as_user(ALICE), session.refused(code):
        send(session.connection, ALICE, **wrong)


def test_nothing_that_may_be_left_out_is_needed(session: Session) -> None:
    with session.as_user(ALICE):
        send(session.connection, ALICE, body=None, data="null")

    assert session.one("select body, data from notifications") == {"body": "", "data": {}}


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_each_send_is_one_of_its_own(session: Session, key: str | None) -> None:
    with session.as_user(ALICE):
        first, second = send(session.connection, ALICE, key=key), send(session.connection, ALICE, key=key)

    assert first != second


def test_a_key_belongs_to_one_person_and_one_channel(session: Session) -> None:
    """Else Bob would be handed the id of Alice's, and the e-mail twin of an in-app send would be swallowed."""
    with session.as_role("service_role"):
        ids = {
            send(session.connection, ALICE, key="k"),
            send(session.connection, BOB, key="k"),
            send(session.connection, ALICE, channel="email", key="k"),
        }

    assert len(ids) == 3


def test_another_content_under_a_used_key_is_counted_and_changes_nothing(session: Session) -> None:
    with session.as_user(ALICE):
        first = send(session.connection, ALICE, key="k", title="One", data='{"a": 1, "b": 2}')
        send(session.connection, ALICE, key="k", title="One", data='{"b": 2, "a": 1}')
        others = {send(session.connection, ALICE, key="k", title="Two") for _ in range(3)}
        outcome = session.value(
            "select outcome from notif_send_outcome(auth.uid(), 'inapp', 'test', 'Three', 'Body', null, 'k')"
        )

    assert others == {first}
    assert outcome == "mismatch"
    assert session.value("select title from notifications") == "One"
    assert session.all("select replays from notification_replays order by replays") == [
        {"replays": 1},
        {"replays": 3},
    ]


def test_the_day_holds_five_sent_per_channel(session: Session) -> None:
    with session.as_user(ALICE):
        sent = [send(session.connection, ALICE) is not None for _ in range(7)]

    assert sent == [True] * 5 + [False] * 2
    assert suppressions(session) == ["cap", "cap"]


def test_the_cap_is_a_setting(session: Session) -> None:
    session.run("update internal.settings set value = '2' where key = 'notif_daily_cap'")

    with session.as_user(ALICE):
        assert [send(session.connection, ALICE) is not None for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("status", ["queued", "failed"])
def test_only_what_was_sent_counts(session: Session, status: str) -> None:
    for _ in range(6):
        session.run(
            "insert into notifications (user_id, channel, type, title, status) values (%s, 'inapp', 'test', 'x', %s)",
            ALICE.id, status,
        )  # fmt: skip

    with session.as_user(ALICE):
        assert send(session.connection, ALICE) is not None


def test_rows_written_by_hand_count_too(session: Session) -> None:
    for _ in range(5):
        session.run(
            "insert into notifications (user_id, channel, type, title, status) values (%s, 'inapp', 'x', 'x', 'sent')",
            ALICE.id,
        )
    with session.as_user(ALICE):
        before = send(session.connection, ALICE)
    session.run("delete from notifications where seq = 1")
    with session.as_user(ALICE):
        after = send(session.connection, ALICE)

    assert before is None
    assert after is not None


def test_the_other_channel_has_a_cap_of_its_own(session: Session) -> None:
    with session.as_user(ALICE):
        for _ in range(6):
            send(session.connection, ALICE)

        assert send(session.connection, ALICE, channel="push") is not None


def test_a_replay_past_the_cap_returns_the_original(session: Session) -> None:
    with session.as_user(ALICE):
        first = send(session.connection, ALICE, key="k")
        for _ in range(5):
            send(session.connection, ALICE)

        assert send(session.connection, ALICE, key="k") == first


def test_a_replay_at_night_returns_the_original(session: Session) -> None:
    quiet(session.connection, ALICE, ("22:00", "08:00"))
    with session.as_role("service_role"):
        first = send(session.connection, ALICE, key="k", at=DAY)

        assert send(session.connection, ALICE, key="k", at=NIGHT) == first
        assert send(session.connection, ALICE, key="other", at=NIGHT) is None


def test_a_replay_against_the_preference_returns_the_original(session: Session) -> None:
    with session.as_user(ALICE):
        first = send(session.connection, ALICE, key="k")
        session.run(
            """select notif_preferences_set('[{"type": "test", "channel": "inapp", "enabled": false}]')"""
        )

        assert send(session.connection, ALICE, key="k") == first
        assert send(session.connection, ALICE, key="other") is None


def test_what_was_held_back_does_not_use_up_its_key(session: Session) -> None:
    quiet(session.connection, ALICE, ("22:00", "08:00"))
    with session.as_role("service_role"):
        assert send(session.connection, ALICE, key="k", at=NIGHT) is None
        assert send(session.connection, ALICE, key="k", at="2026-03-11 08:00+00") is not None

    held = session.one("select channel, type, reason, idempotency_key from notification_suppressions")
    assert held == {"channel": "inapp", "type": "test", "reason": "quiet_hours", "idempotency_key": "k"}


@pytest.mark.parametrize("channel", ["inapp", "email", "push", "sms"])
def test_quiet_hours_hold_on_every_channel(session: Session, channel: str) -> None:
    quiet(session.connection, ALICE, ("22:00", "08:00"))
    with session.as_role("service_role"):
        assert send(session.connection, ALICE, channel=channel, at=NIGHT) is None


def test_preference_comes_before_quiet_hours_and_both_before_the_cap(session: Session) -> None:
    with session.as_user(ALICE):
        session.run(
            """select notif_preferences_set('[{"type": "off", "channel": "inapp", "enabled": false}]')"""
        )
    quiet(session.connection, ALICE, ("22:00", "08:00"))
    with session.as_role("service_role"):
        for _ in range(6):
            send(session.connection, ALICE, at=DAY)
        send(session.connection, ALICE, type="off", at=NIGHT)
        send(session.connection, ALICE, at=NIGHT)

    assert suppressions(session) == ["cap", "preference", "quiet_hours"]


def test_critical_types_pass_everything_and_take_nobodys_place(session: Session) -> None:
    with session.as_user(ALICE):
        session.run(
            """select notif_preferences_set('[{"type": "*", "channel": "inapp", "enabled": false}]')"""
        )
    quiet(session.connection, ALICE, ("00:00", "24:00"))
    with session.as_role("service_role"):
        sent = [send(session.connection, ALICE, type="security") for _ in range(7)]
    session.run("delete from notification_preferences; delete from notification_quiet_hours")
    with session.as_user(ALICE):
        ordinary = send(session.connection, ALICE)

    assert None not in sent
    assert ordinary is not None


@pytest.mark.parametrize(
    ("zone", "last", "next_day"),
    [
        ("UTC", "2026-03-10 23:59:59+00", "2026-03-11 00:00+00"),
        ("Europe/Berlin", "2026-03-29 21:59:59+00", "2026-03-29 22:00+00"),  # a day of 23 hours
        ("Europe/Berlin", "2026-10-25 22:59:59+00", "2026-10-25 23:00+00"),  # and one of 25
        ("America/Santiago", "2026-09-06 03:59:59+00", "2026-09-06 04:00+00"),  # has no midnight
        ("Australia/Lord_Howe", "2026-04-05 13:29:59+00", "2026-04-05 13:30+00"),  # moves by half an hour
        ("Asia/Kathmandu", "2026-03-10 18:14:59+00", "2026-03-10 18:15+00"),
    ],
)
def test_the_cap_starts_anew_at_the_recipients_midnight(
    session: Session, zone: str, last: str, next_day: str
) -> None:
    live_in(session.connection, ALICE, zone)
    with session.as_role("service_role"):
        for _ in range(5):
            send(session.connection, ALICE, at=last)

        assert send(session.connection, ALICE, at=last) is None
        assert send(session.connection, ALICE, at=next_day) is not None


def test_a_zone_that_nobody_knows_counts_as_utc(session: Session) -> None:
    """It was known when it was chosen: zones come and go with PostgreSQL's releases."""
    session.run("set local session_replication_role = replica")
    live_in(session.connection, ALICE, "Mars/Olympus_Mons")
    session.run("set local session_replication_role = origin")
    quiet(session.connection, ALICE, ("22:00", "08:00"), zone="nowhere")
    with session.as_role("service_role"):
        assert send(session.connection, ALICE, at=NIGHT) is None
        assert send(session.connection, ALICE, at=DAY) is not None


def test_a_declared_type_brings_its_lane(session: Session) -> None:
    with session.as_user(ALICE):
        send(session.connection, ALICE, type="new_follower")

    assert session.value("select lane from notifications") == "social"


def test_to_send_to_nobody_we_know_is_an_error(session: Session) -> None:
    with session.as_role("service_role"), session.refused("23503"):
        session.run(
            "select notif_send('0199ffff-0000-7000-8000-000000000000', 'inapp', 'test', 'Hi', 'Body', null, null)"
        )
