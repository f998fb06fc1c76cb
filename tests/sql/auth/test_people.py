"""Registering people, their passwords, their profiles."""

from __future__ import annotations

import pytest

from competing import Call, compete
from conftest import Session, TestDatabase
from people import ADA, ALICE, BOB, CHARLIE
from signing_in import DATED_HASH, NOON, PASSWORD_HASH, digest, give_password, start_session

REGISTER = "select public.auth_register(%s, %s, %s, %s)"
SERVICE_ONLY = [
    "select public.auth_register('m@example.org', 'mallory', 'M')",
    f"select * from public.auth_credential('alice') -- {ALICE.id}",
    f"select public.auth_password_set('{ALICE.id}', 'x')",
    f"select public.auth_password_rehash('{ALICE.id}', 'x', 'y')",
    f"select public.auth_link_make('{ALICE.id}', sha256('x'))",
    "select public.auth_link_use(sha256('x'))",
    f"select public.auth_failure_note('{ALICE.id}', '{{}}')",
]


@pytest.mark.parametrize("statement", SERVICE_ONLY)
def test_neither_a_visitor_nor_a_person_reaches_what_is_the_services(
    session: Session, statement: str
) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run(statement)
    with session.as_user(CHARLIE), session.refused("42501"):
        session.run(statement)
    with session.as_user(ADA), session.refused("42501"):
        session.run(statement)


def test_the_service_registers_a_person_once(session: Session) -> None:
    with session.as_role("service_role"):
        first = session.value(REGISTER, "Dora@Example.org", "Dora", "Dora", PASSWORD_HASH)
        again = session.value(REGISTER, "dora@example.org", "dora", "Dora", None)
        credential = session.one("select * from public.auth_credential('dora')")

    assert first == again
    assert credential == {"user_id": first, "password_hash": PASSWORD_HASH}


def test_registering_again_does_not_replace_a_password(session: Session) -> None:
    with session.as_role("service_role"):
        session.run(REGISTER, "dora@example.org", "dora", "Dora", PASSWORD_HASH)
        session.run(REGISTER, "dora@example.org", "dora", "Dora", "another")
        credential = session.one("select * from public.auth_credential('dora')")

    assert credential["password_hash"] == PASSWORD_HASH


@pytest.mark.parametrize(
    ("email", "handle"),
    [("alice@example.org", "alicia"), ("new@example.org", "alice"), ("alice@example.org", "bob")],
)
def test_neither_an_address_nor_a_handle_is_given_twice(session: Session, email: str, handle: str) -> None:
    with session.as_role("service_role"), session.refused("conflict"):
        session.run(REGISTER, email, handle, "Mallory", None)

    assert session.value("select count(*) from auth.users") == 4


@pytest.mark.parametrize("email", ["", "no", "@", "a b@example.org", "two@at@example.org"])
def test_what_is_no_address_is_refused(session: Session, email: str) -> None:
    with session.as_role("service_role"), session.refused("invalid_value"):
        session.run(REGISTER, email, "dora", "Dora", None)


def test_twelve_at_once_register_one_person(database: TestDatabase) -> None:
    answers = compete(
        database, [Call("service_role", REGISTER, ("dora@example.org", "dora", "Dora", None))] * 12
    )

    assert len(set(answers)) == 1
    with database.connect("owner") as connection:
        found = connection.execute(
            "select array_agg(id) as ids from public.profiles where handle = 'dora'"
        ).fetchone()
    assert found == {"ids": [answers[0]]}


@pytest.mark.parametrize("name", ["alice", "ALICE", "alice@example.org", "Alice@Example.ORG"])
def test_a_credential_is_found_by_handle_and_by_address(session: Session, name: str) -> None:
    with session.as_role("service_role"):
        give_password(session.connection, ALICE)
        give_password(session.connection, BOB, "his")
        found = session.all("select * from public.auth_credential(%s)", name)

    assert found == [{"user_id": ALICE.id, "password_hash": PASSWORD_HASH}]


@pytest.mark.parametrize("name", ["", "nobody", "charlie", "%", "alice'--", "alice@"])
def test_who_has_no_password_is_like_who_does_not_exist(session: Session, name: str) -> None:
    with session.as_role("service_role"):
        give_password(session.connection, ALICE)

        assert session.all("select * from public.auth_credential(%s)", name) == []


def test_a_new_password_ends_every_session_and_open_link(session: Session) -> None:
    with session.as_role("service_role"):
        for person in (ALICE, ALICE, BOB):
            start_session(session.connection, person.id, at=NOON)
        session.run("select public.auth_link_make(%s, sha256('one'))", ALICE.id)
        give_password(session.connection, ALICE)

    assert session.value("select array_agg(user_id) from internal.sessions") == [BOB.id]
    assert session.value("select count(*) from internal.sign_in_links") == 0


def test_a_rehash_loses_against_a_new_password(session: Session) -> None:
    with session.as_role("service_role"):
        give_password(session.connection, ALICE, DATED_HASH)
        rehash = "select public.auth_password_rehash(%s, %s, %s)"
        renewed = session.value(rehash, ALICE.id, DATED_HASH, PASSWORD_HASH)
        late = session.value(rehash, ALICE.id, DATED_HASH, "of the password before")
        stored = session.value("select password_hash from public.auth_credential('alice')")

    assert (renewed, late, stored) == (True, False, PASSWORD_HASH)


def test_alice_knows_whether_she_has_a_password(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        session.run("select public.auth_has_password()")
    with session.as_role("service_role"):
        give_password(session.connection, ALICE)
    has = {}
    for person in (ALICE, BOB):
        with session.as_user(person):
            has[person.handle] = session.value("select public.auth_has_password()")

    assert has == {"alice": True, "bob": False}


def test_alice_changes_her_profile_and_not_bobs(session: Session) -> None:
    with session.as_user(ALICE):
        changed = session.run("update public.profiles set bio = 'Ceramics'")
        bobs = session.value("select bio from public.profiles where id = %s", BOB.id)

    assert (changed, bobs) == (1, "")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "CEST", "FOO+5", "Etc/FOO+5", "../../etc/passwd", ""])
def test_a_time_zone_that_is_in_no_list_is_refused(session: Session, zone: str) -> None:
    with session.as_user(ALICE), session.refused("unknown_timezone"):
        session.run("update public.profiles set timezone = %s where id = auth.uid()", zone)


def test_a_time_zone_of_the_list_is_taken(session: Session) -> None:
    with session.as_user(ALICE):
        session.run("update public.profiles set timezone = 'Asia/Kathmandu' where id = auth.uid()")

        assert session.value("select timezone from public.viewer_shell()") == "Asia/Kathmandu"


def test_the_shell_of_a_page_is_ones_own(session: Session) -> None:
    with session.as_role("anon"):
        nobodys = session.all("select * from public.viewer_shell()")
    with session.as_user(ADA):
        adas = session.one("select * from public.viewer_shell()")

    assert nobodys == []
    assert adas == {
        "id": ADA.id, "name": "Ada", "handle": "ada", "avatar_url": None, "is_admin": True,
        "unread": 0, "timezone": "UTC", "locale": "en", "cart_count": 0,
    }  # fmt: skip


def test_a_failure_to_sign_in_is_audited_without_the_name_that_was_typed(session: Session) -> None:
    with session.as_role("service_role"):
        session.run("select public.auth_failure_note(%s, %s)", ALICE.id, '{"address": "192.0.2.1"}')
        session.run("select public.auth_failure_note(null, %s)", '{"address": "192.0.2.1"}')

    log = session.all(
        "select subject, details from public.audit_log where action = 'sign_in.fail' order by id"
    )
    assert log == [
        {"subject": str(ALICE.id), "details": {"address": "192.0.2.1"}},
        {"subject": "", "details": {"address": "192.0.2.1"}},
    ]


def test_digests_are_what_the_database_computes(session: Session) -> None:
    assert session.value("select sha256('rmb_x')") == digest("rmb_x")
