"""Reading all at once."""

from __future__ import annotations

from conftest import Session
from people import ALICE, BOB
from sending import send


def test_a_visitor_reads_nothing(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run("select notif_mark_all_read()")


def test_alice_reads_all_of_hers_and_none_of_bobs(session: Session) -> None:
    with session.as_role("service_role"):
        for person in (ALICE, ALICE, BOB):
            send(session.connection, person)
    with session.as_user(ALICE):
        changed = session.value("select public.notif_mark_all_read()")
        left = session.value("select notif_unread_count()")
    with session.as_user(BOB):
        bobs = session.value("select notif_unread_count()")

    assert (changed, left, bobs) == (2, 0, 1)


def test_what_came_after_the_page_was_drawn_stays_unread(session: Session) -> None:
    with session.as_user(ALICE):
        send(session.connection, ALICE, title="seen")
        newest = session.value("select max(seq) from notifications")
        send(session.connection, ALICE, title="came since")

        assert session.value("select notif_mark_all_read(%s)", newest) == 1
        assert session.value("select title from notifications where unread") == "came since"


def test_with_nothing_unread_nothing_changes(session: Session) -> None:
    with session.as_user(ALICE):
        assert session.value("select notif_mark_all_read()") == 0


def test_ten_thousand_are_read_in_one_statement(session: Session) -> None:
    session.run("insert into notification_states (user_id, seq) values (%s, 10000)", ALICE.id)
    session.run(
        "insert into notifications (user_id, seq, channel, type, title, status)"
        " select %s, g, 'inapp', 'test', 'x', 'sent' from generate_series(1, 10000) g",
        ALICE.id,
    )
    with session.as_user(ALICE):
        assert session.value("select notif_unread_count()") == 10_000
        assert session.value("select notif_mark_all_read()") == 10_000
        assert session.value("select notif_unread_count()") == 0
