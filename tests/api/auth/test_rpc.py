"""The SQL contract over HTTP."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Session, TestDatabase
from people import ADA, ALICE, BOB, CHARLIE
from rambla.rpc import CONTRACT
from running import Api

SEND = {
    "p_channel": "inapp", "p_type": "test", "p_title": "Hi", "p_body": "Body", "p_data": {"a": [1, None]},
    "p_idempotency_key": "idemp-1",
}  # fmt: skip


@pytest.mark.parametrize("function", ["notif_send", "earnings_recompute", "worker_enqueue"])
async def test_a_visitor_is_told_to_sign_in(api: Api, function: str) -> None:
    body = {
        "notif_send": {"p_user_id": str(ALICE.id), **SEND},
        "earnings_recompute": {"p_user_id": str(ALICE.id)},
        "worker_enqueue": {"p_job_type": "test"},
    }[function]

    answer = await api.anonymous.post(f"/rpc/{function}", json=body)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_a_visitor_may_call_what_visitors_may(api: Api) -> None:
    answer = await api.anonymous.post("/rpc/has_role", json={"p_role": "admin"})

    assert (answer.status_code, answer.json()) == (200, False)


async def test_no_body_is_no_arguments(api: Api) -> None:
    answer = await api.as_(ALICE).post("/rpc/notif_unread_count")

    assert (answer.status_code, answer.content) == (200, b"0")
    assert answer.headers["content-type"] == "application/json"


async def test_alice_sends_to_herself_and_twice_is_once(api: Api) -> None:
    first, again = [
        await api.as_(ALICE).post("/rpc/notif_send", json={"p_user_id": str(ALICE.id), **SEND})
        for _ in range(2)
    ]

    assert first.json() == again.json()
    assert str(UUID(first.json())) == first.json()


async def test_charlie_sends_nothing_to_alice(api: Api) -> None:
    answer = await api.as_(CHARLIE).post("/rpc/notif_send", json={"p_user_id": str(ALICE.id), **SEND})

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_an_array_is_an_array_and_rows_are_an_array_of_objects(api: Api) -> None:
    sent = (await api.as_(ALICE).post("/rpc/notif_send", json={"p_user_id": str(ALICE.id), **SEND})).json()

    read = await api.as_(ALICE).post("/rpc/notif_mark_read", json={"p_ids": [sent, str(BOB.id)]})
    shell = await api.as_(ALICE).post("/rpc/viewer_shell")

    assert read.json() == 1
    assert [(row["handle"], row["unread"]) for row in shell.json()] == [("alice", 0)]


async def test_a_function_that_only_reads_cannot_write(own_api: Api, clone: TestDatabase) -> None:
    with clone.connect("owner") as connection:
        for name, volatility in (("viewer_shell", "stable"), ("role_grant", "volatile")):
            connection.execute(
                f"drop function public.{name};"
                f" create function public.{name}() returns text language sql {volatility} as"
                " $$ select current_setting('transaction_read_only') $$;"
                f" grant execute on function public.{name}() to authenticated".encode()
            )

    alice = own_api.as_(ALICE)
    answers = [(await alice.post(f"/rpc/{name}")).json() for name in ("viewer_shell", "role_grant")]

    assert answers == ["on", "off"]


@pytest.mark.parametrize(
    "body", [b"[]", b'"x"', b"1", b"{", b"\xff", b"[" * 100_000, b'{"p_role": ' + b"[" * 100_000]
)
async def test_what_is_no_object_is_refused(api: Api, body: bytes) -> None:
    answer = await api.as_(ALICE).post("/rpc/has_role", content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"p_role": "admin", "p_extra": 1}, "p_extra"),
        ({"p_role": "admin", "a => 1); drop table x; --": 1}, "a => 1); drop table x; --"),
        ({"p_user_id": str(ALICE.id)}, "p_role"),
        ({}, "p_role"),
    ],
)
async def test_an_argument_too_much_or_too_few_is_named(
    api: Api, arguments: dict[str, object], named: str
) -> None:
    answer = await api.as_(ALICE).post("/rpc/has_role", json=arguments)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert named in answer.json()["message"]


@pytest.mark.parametrize(
    "value", ["not a uuid", 7, {"a": 1}, "0199aaaa-0000-7000-8000-00000000000a' or true --"]
)
async def test_a_value_of_another_type_is_refused(api: Api, value: object) -> None:
    answer = await api.as_(ALICE).post("/rpc/has_role", json={"p_role": "admin", "p_user_id": value})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def test_a_text_that_postgresql_cannot_hold_is_refused(api: Api) -> None:
    answer = await api.as_(ALICE).post("/rpc/has_role", json={"p_role": "ad\x00min"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_value")


async def test_a_persons_time_is_now_and_a_programs_is_what_it_says(api: Api) -> None:
    body = {"p_at": "2020-01-01T00:00:00Z"}

    answers = [await client.post("/rpc/worker_stats", json=body) for client in (api.as_(ADA), api.service)]

    assert answers[0].json()["code"] == "invalid_input"
    assert answers[1].status_code == 200


@pytest.mark.parametrize(
    "function",
    [
        "session_start",
        "auth_credential",
        "migrations_missing",
        "pg_sleep",
        "HAS_ROLE",
        "has_role()",
        "public.has_role",
    ],
)
async def test_what_is_not_in_the_list_does_not_exist(api: Api, function: str) -> None:
    answers = [await client.post(f"/rpc/{function}") for client in (api.anonymous, api.as_(ADA), api.service)]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(404, "not_found")] * 3


async def test_there_is_nothing_to_get(api: Api) -> None:
    answer = await api.as_(ALICE).get("/rpc/has_role")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_every_function_of_the_list_is_in_the_database(session: Session) -> None:
    found = session.all(
        "select distinct proname::text from pg_proc where pronamespace = 'public'::regnamespace"
    )

    assert CONTRACT - {row["proname"] for row in found} == set()


def test_every_function_of_the_list_is_granted_to_somebody(session: Session) -> None:
    nobodys = session.all(
        """
        select p.proname::text from pg_proc p
        where p.pronamespace = 'public'::regnamespace and p.proname = any (%s)
            and not has_function_privilege('authenticated', p.oid, 'execute')
            and not has_function_privilege('service_role', p.oid, 'execute')
        """,
        list(CONTRACT),
    )

    assert nobodys == []
