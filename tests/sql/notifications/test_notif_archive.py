"""Out of the inbox and back."""

from __future__ import annotations

from conftest import Session
from people import ALICE, CHARLIE
from sending import send


def test_a_visitor_archives_nothing(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run("select notif_archive('{}')")


def test_what_is_archived_is_read(session: Session) -> None:
    with session.as_user(ALICE):
        ids = [send(session.connection, ALICE)]

        assert session.value("select notif_archive(%s)", ids) == 1
        assert session.value("select notif_archive(%s)", ids) == 0
        assert session.value("select notif_unread_count()") == 0
        assert session.value("select archived_at is not null and read_at is not null from notifications")


def test_it_comes_back_as_read(session: Session) -> None:
    with session.as_user(ALICE):
        ids = [send(session.connection, ALICE)]
        session.run("select notif_archive(%s)", ids)

        assert session.value("select notif_archive(%s, false)", ids) == 1
        assert session.value("select archived_at is null and not unread from notifications")


def test_charlie_cannot_archive_alices(session: Session) -> None:
    with session.as_user(ALICE):
        ids = [send(session.connection, ALICE)]
    with session.as_user(CHARLIE):
        assert session.value("select notif_archive(%s)", ids) == 0
