"""Roles are given and taken by admins, and mean something at the next call."""

from __future__ import annotations

import pytest

from competing import Call, compete
from conftest import Session, TestDatabase
from people import ADA, ALICE, BOB, CHARLIE

GRANT = "select public.role_grant(%s, %s)"
REVOKE = "select public.role_revoke(%s, %s)"


@pytest.mark.parametrize("statement", [GRANT, REVOKE])
def test_neither_a_visitor_nor_charlie_gives_or_takes_roles(session: Session, statement: str) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run(statement, CHARLIE.id, "admin")
    with session.as_user(CHARLIE), session.refused("forbidden"):
        session.run(statement, CHARLIE.id, "admin")


def test_charlie_cannot_write_the_table_either(session: Session) -> None:
    with session.as_user(CHARLIE), session.refused("42501"):
        session.run("insert into public.user_roles (user_id, role) values (auth.uid(), 'admin')")


def test_ada_makes_bob_an_admin_and_takes_it_back(session: Session) -> None:
    answers = []
    for statement in (GRANT, GRANT, REVOKE, REVOKE):
        with session.as_user(ADA):
            answers.append(session.value(statement, BOB.id, "admin"))
        with session.as_user(BOB):
            answers.append(session.value("select public.has_role('admin')"))

    assert answers == [True, True, False, True, True, False, False, False]


def test_what_bob_was_he_is_no_more_at_his_next_call(session: Session) -> None:
    with session.as_user(ADA):
        session.run(GRANT, BOB.id, "admin")
    with session.as_user(BOB):
        session.run(GRANT, ALICE.id, "support")
    with session.as_user(ADA):
        session.run(REVOKE, BOB.id, "admin")

    with session.as_user(BOB), session.refused("forbidden"):
        session.run(GRANT, ALICE.id, "operator")


def test_other_peoples_roles_are_an_admins_business(session: Session) -> None:
    seen = {}
    for person in (CHARLIE, ADA):
        with session.as_user(person):
            seen[person.handle] = session.value("select public.has_role('admin', %s)", ADA.id)

    assert seen == {"charlie": False, "ada": True}


def test_a_role_that_does_not_exist_is_refused(session: Session) -> None:
    with session.as_user(ADA), session.refused("23514"):
        session.run(GRANT, BOB.id, "emperor")


def test_every_change_is_audited_with_who_did_it(session: Session) -> None:
    with session.as_user(ADA):
        session.run(GRANT, BOB.id, "support")
        session.run(GRANT, BOB.id, "support")
        session.run(REVOKE, BOB.id, "support")
        log = session.all("select actor_id, action, subject, details from public.audit_log order by id")

    assert [tuple(row.values()) for row in log] == [
        (ADA.id, "role.grant", str(BOB.id), {"role": "support"}),
        (ADA.id, "role.revoke", str(BOB.id), {"role": "support"}),
    ]


def test_the_log_is_read_by_admins_and_changed_by_nobody(session: Session) -> None:
    with session.as_user(ADA):
        session.run(GRANT, BOB.id, "support")
    with session.as_user(BOB):
        assert session.all("select * from public.audit_log") == []
    for statement in ("delete from public.audit_log", "update public.audit_log set actor_id = null"):
        with session.as_user(ADA), session.refused("42501"):
            session.run(statement)


def test_the_last_admin_stays_one(session: Session) -> None:
    with session.as_user(ADA), session.refused("conflict"):
        session.run(REVOKE, ADA.id, "admin")

    with session.as_user(ADA):
        assert session.value("select public.has_role('admin')")


def test_two_admins_who_remove_each_other_at_once_leave_one(database: TestDatabase) -> None:
    with database.connect(ADA) as connection:
        connection.execute(GRANT, (BOB.id, "admin"))

    answers = compete(database, [Call(ADA, REVOKE, (BOB.id, "admin")), Call(BOB, REVOKE, (ADA.id, "admin"))])

    assert answers.count(True) == 1
    assert set(answers) - {True} <= {"forbidden", "conflict"}
