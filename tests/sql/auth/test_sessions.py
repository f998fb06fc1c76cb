"""A session is a row that only its token finds."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from conftest import Session
from people import ADA, ALICE, BOB, CHARLIE, Person
from signing_in import NOON, digest, new_token, start_session


def started(session: Session, person: Person, *, at: dt.datetime = NOON, kind: str = "cookie") -> str:
    with session.as_role("service_role"):
        return start_session(session.connection, person.id, kind=kind, at=at)


def caller(session: Session, token: str, at: dt.datetime = NOON) -> dict[str, Any] | None:
    with session.as_role("anon"):
        rows = session.all("select * from public.session_caller(%s, %s)", digest(token), at)
    return rows[0] if rows else None


def listed(session: Session, person: Person, at: dt.datetime = NOON) -> list[dict[str, Any]]:
    with session.as_user(person):
        return session.all("select * from public.session_list(null, %s)", at)


def test_a_visitor_finds_a_session_by_its_token_and_by_nothing_else(session: Session) -> None:
    token = started(session, ALICE)

    assert caller(session, token) == {
        "user_id": ALICE.id, "kind": "cookie", "expires_at": NOON + dt.timedelta(days=30)
    }  # fmt: skip
    assert caller(session, new_token()) is None
    with session.as_role("anon"), session.refused("42501"):
        session.all("select * from internal.sessions")


@pytest.mark.parametrize("who", ["anon", "authenticated"])
def test_nobody_but_the_service_starts_a_session(session: Session, who: str) -> None:
    with (
        session.as_user(CHARLIE) if who == "authenticated" else session.as_role(who),
        session.refused("42501"),
    ):
        start_session(session.connection, ALICE.id)


def test_the_token_itself_is_nowhere_in_the_database(session: Session) -> None:
    token = started(session, ALICE)

    stored = session.value("select string_agg(s::text, '') from internal.sessions s")
    audited = session.value("select string_agg(a::text, '') from public.audit_log a")
    assert token not in stored + audited
    assert digest(token).hex() in stored


def test_what_is_stored_must_look_like_a_sha256(session: Session) -> None:
    with session.as_role("service_role"), session.refused("invalid_value"):
        session.run("select public.session_start(%s, %s, 'bearer')", ALICE.id, b"rmb_short")


@pytest.mark.parametrize(("kind", "days"), [("cookie", 30), ("bearer", 90)])
def test_a_session_expires(session: Session, kind: str, days: int) -> None:
    token = started(session, ALICE, kind=kind)
    end = NOON + dt.timedelta(days=days)

    assert caller(session, token, end - dt.timedelta(seconds=1)) is not None
    assert caller(session, token, end) is None
    assert listed(session, ALICE, end) == []


def test_use_is_written_down_at_most_once_a_minute(session: Session) -> None:
    token = started(session, ALICE)

    for seconds in (59, 61, 90, 122):
        caller(session, token, NOON + dt.timedelta(seconds=seconds))

    # Written at 61 and, as 90 is within a minute of that, again only at 122.
    assert [row["last_used_at"] for row in listed(session, ALICE)] == [NOON + dt.timedelta(seconds=122)]


def test_an_expired_session_is_not_brought_back_by_its_use(session: Session) -> None:
    token = started(session, ALICE)
    late = NOON + dt.timedelta(days=31)

    caller(session, token, late)

    assert session.value("select last_used_at from internal.sessions") == NOON


def test_a_program_has_a_session_and_is_nobody(session: Session) -> None:
    with session.as_role("service_role"):
        token = start_session(session.connection, None, kind="service", at=NOON)

    found = caller(session, token)
    assert found is not None
    assert (found["user_id"], found["kind"]) == (None, "service")


@pytest.mark.parametrize(("user_id", "kind"), [(ALICE.id, "service"), (None, "bearer"), (None, "cookie")])
def test_a_service_session_has_no_user_and_every_other_has_one(
    session: Session, user_id: UUID | None, kind: str
) -> None:
    with session.as_role("service_role"), session.refused("23514"):
        start_session(session.connection, user_id, kind=kind)


def test_alice_ends_her_session_with_its_token(session: Session) -> None:
    token = started(session, ALICE)

    with session.as_user(ALICE):
        first, again = (session.value("select public.session_end(%s)", digest(token)) for _ in range(2))

    assert (first, again) == (True, False)
    assert caller(session, token) is None


def test_bob_cannot_end_alices_session_though_he_found_its_token(session: Session) -> None:
    token = started(session, ALICE)

    with session.as_user(BOB):
        ended = session.value("select public.session_end(%s)", digest(token))

    assert ended is False
    assert caller(session, token) is not None


def test_alice_sees_and_revokes_her_own_sessions_only(session: Session) -> None:
    hers, his = started(session, ALICE), started(session, BOB)
    (row,) = listed(session, ALICE)

    with session.as_user(BOB), session.refused("not_found"):
        session.run("select public.session_revoke(%s)", row["id"])
    with session.as_user(ALICE):
        session.run("select public.session_revoke(%s)", row["id"])

    assert caller(session, hers) is None
    assert caller(session, his) is not None
    assert listed(session, ALICE) == []


def test_an_id_of_nobodys_session_answers_like_one_of_bobs(session: Session) -> None:
    started(session, BOB)
    (row,) = listed(session, BOB)

    with session.as_user(ALICE):
        with session.refused("not_found"):
            session.run("select public.session_revoke(%s)", row["id"])
        with session.refused("not_found"):
            session.run("select public.session_revoke(gen_random_uuid())")


def test_alice_signs_out_everywhere_else(session: Session) -> None:
    here, there, elsewhere, his = (
        started(session, person) for person in (ALICE, ALICE, ALICE, BOB)
    )  # fmt: skip

    with session.as_user(ALICE):
        ended = session.value("select public.session_revoke_others(%s)", digest(here))

    assert ended == 2
    assert [caller(session, token) is not None for token in (here, there, elsewhere, his)] == [
        True,
        False,
        False,
        True,
    ]


def test_a_person_keeps_the_hundred_sessions_used_last(session: Session) -> None:
    tokens = [started(session, ALICE, at=NOON + dt.timedelta(seconds=i)) for i in range(103)]

    assert [caller(session, token) is not None for token in (tokens[0], tokens[2], tokens[3], tokens[-1])] == [
        False, False, True, True
    ]  # fmt: skip
    assert len(listed(session, ALICE)) == 100


def test_coming_and_going_is_audited(session: Session) -> None:
    token = started(session, ALICE)
    with session.as_user(ALICE):
        session.run("select public.session_end(%s)", digest(token))

    with session.as_user(ADA):
        log = session.all("select action, actor_id, subject from public.audit_log order by id")
    assert [(row["action"], row["actor_id"]) for row in log] == [
        ("session.start", None),
        ("session.end", ALICE.id),
    ]
    assert {row["subject"] for row in log} == {str(ALICE.id)}


def test_the_service_sees_and_ends_the_tokens_of_programs_and_of_nobody_else(session: Session) -> None:
    person, program = new_token(), new_token()
    with session.as_role("service_role"):
        session.value("select public.session_start(%s, %s, 'bearer', 'a laptop')", ALICE.id, digest(person))
        session.value("select public.session_start(null, %s, 'service', 'the till')", digest(program))

        (token,) = session.all("select id, label from public.session_service_list()")
        session.value("select public.session_service_revoke(%s)", token["id"])

    assert token["label"] == "the till"
    assert caller(session, program, dt.datetime.now(dt.UTC)) is None
    assert caller(session, person, dt.datetime.now(dt.UTC)) is not None


def test_a_stranger_neither_sees_nor_ends_the_token_of_a_program(session: Session) -> None:
    with session.as_user(CHARLIE), session.refused("forbidden"):
        session.all("select * from public.session_service_list()")
    with session.as_user(CHARLIE), session.refused("forbidden"):
        session.value("select public.session_service_revoke(gen_random_uuid())")
    with session.as_user(ADA), session.refused("not_found"):
        session.value("select public.session_service_revoke(gen_random_uuid())")
