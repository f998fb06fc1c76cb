"""A one-time link works once."""

from __future__ import annotations

import datetime as dt

from competing import Call, compete
from conftest import Session, TestDatabase
from people import ALICE, BOB
from signing_in import NOON, digest, new_token

MAKE = "select public.auth_link_make(%s, %s, interval '30 minutes', %s)"
USE = "select public.auth_link_use(%s, %s)"


def test_a_link_signs_in_the_person_it_was_made_for(session: Session) -> None:
    token = new_token()
    with session.as_role("service_role"):
        until = session.value(MAKE, ALICE.id, digest(token), NOON)
        found = session.value(USE, digest(token), NOON + dt.timedelta(minutes=29))

    assert until == NOON + dt.timedelta(minutes=30)
    assert found == ALICE.id


def test_it_is_used_once(session: Session) -> None:
    token = new_token()
    with session.as_role("service_role"):
        session.value(MAKE, ALICE.id, digest(token), NOON)
        session.value(USE, digest(token), NOON)
        with session.refused("link_used"):
            session.value(USE, digest(token), NOON)


def test_it_expires_after_half_an_hour(session: Session) -> None:
    token = new_token()
    with session.as_role("service_role"):
        session.value(MAKE, ALICE.id, digest(token), NOON)
        with session.refused("link_used"):
            session.value(USE, digest(token), NOON + dt.timedelta(minutes=30))


def test_a_link_that_nobody_made_answers_like_a_used_one(session: Session) -> None:
    with session.as_role("service_role"), session.refused("link_used"):
        session.value(USE, digest(new_token()), NOON)


def test_making_a_link_sweeps_the_persons_expired_ones(session: Session) -> None:
    with session.as_role("service_role"):
        for person in (ALICE, BOB):
            session.value(MAKE, person.id, digest(new_token()), NOON)
        session.value(MAKE, ALICE.id, digest(new_token()), NOON + dt.timedelta(hours=1))

    assert session.all("select user_id, count(*) from internal.sign_in_links group by 1 order by 1") == [
        {"user_id": ALICE.id, "count": 1},
        {"user_id": BOB.id, "count": 1},
    ]


def test_of_twenty_at_once_one_wins(database: TestDatabase) -> None:
    token = new_token()
    with database.connect() as connection:
        connection.execute("select public.auth_link_make(%s, %s)", (ALICE.id, digest(token)))

    answers = compete(
        database, [Call("service_role", "select public.auth_link_use(%s)", [digest(token)])] * 20
    )

    assert answers.count(ALICE.id) == 1
    assert answers.count("link_used") == 19
