"""Reading one by one."""

from __future__ import annotations

from conftest import Session
from people import ALICE, CHARLIE
from sending import send


def test_a_visitor_reads_nothing(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run("select notif_mark_read('{}')")


def test_alice_reads_two_of_three(session: Session) -> None:
    with session.as_user(ALICE):
        ids = [send(session.connection, ALICE) for _ in range(3)]

        assert session.value("select notif_mark_read(%s)", ids[:2]) == 2
        assert session.value("select notif_unread_count()") == 1
        assert session.value(
            "select bool_and(seen_at is not null) from notifications where read_at is not null"
        )


def test_reading_again_changes_nothing(session: Session) -> None:
    with session.as_user(ALICE):
        ids = [send(session.connection, ALICE)]
        session.run("select notif_mark_read(%s, now() - interval '1 hour')", ids)

        assert session.value("select notif_mark_read(%s)", ids) == 0
        assert session.value("select read_at < now() from notifications") is True


def test_charlie_cannot_read_alices(session: Session) -> None:
    with session.as_user(ALICE):
        ids = [send(session.connection, ALICE)]
    with session.as_user(CHARLIE):
        changed = session.value("select notif_mark_read(%s)", ids)
        seen = session.all("select id from notifications")
    with session.as_user(ALICE):
        unread = session.value("select notif_unread_count()")

    assert (changed, seen, unread) == (0, [], 1)


def test_nobody_writes_past_the_functions(session: Session) -> None:
    with session.as_user(ALICE):
        send(session.connection, ALICE)
        for statement in (
            "update notifications set read_at = now()",
            "delete from notifications",
            "update notification_states set unread = 0",
            "insert into notification_preferences values (auth.uid(), 'x', 'inapp', false)",
        ):
            with session.refused("42501"):
                session.run(statement)
