"""Name and password for a token."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Any

import pytest
from httpx2 import Response

from conftest import TestDatabase
from people import ADA, ALICE, BOB, CHARLIE
from rambla.auth import passwords
from rambla.auth.passwords import Passwords
from rambla.errors import Problem
from running import Api
from signing_in import DATED_HASH, PASSWORD, PASSWORD_HASH, give_password


@pytest.fixture(autouse=True)
def _alice_has_a_password(database: TestDatabase) -> None:
    with database.connect() as connection:
        give_password(connection, ALICE)


async def sign_in(api: Api, name: str, password: str = PASSWORD, **more: str) -> Response:
    return await api.anonymous.post("/v1/sessions", json={"name": name, "password": password, **more})


def stored(database: TestDatabase) -> str:
    with database.connect() as connection:
        row = connection.execute("select password_hash from public.auth_credential('alice')").fetchone()
    return str(row and row["password_hash"])


@pytest.mark.parametrize("name", ["alice", "ALICE", "Alice@example.org"])
async def test_alice_gets_a_token_that_is_hers(api: Api, name: str) -> None:
    answer = await sign_in(api, name, label="backup script")
    token = answer.json()["token"]

    assert answer.status_code == 201
    assert token.startswith("rmb_")
    alice = api.client(authorization=f"Bearer {token}")
    assert (await alice.get("/v1/me")).json()["handle"] == "alice"
    assert [(row["kind"], row["label"]) for row in (await alice.get("/v1/sessions")).json()] == [
        ("bearer", "backup script")
    ]


def but_the_id(answer: Response) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    del body["request_id"]
    return {"status": answer.status_code, **body}


async def test_a_wrong_password_and_an_unknown_name_answer_alike(api: Api) -> None:
    wrong = await sign_in(api, "alice", "a bicycle for five")
    unknown = await sign_in(api, "nobody")
    without = await sign_in(api, "bob")

    assert wrong.json()["code"] == "wrong_credentials"
    assert but_the_id(wrong) == but_the_id(unknown) == but_the_id(without)


async def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(api: Api) -> None:
    """Measured in processor time, which other programs on the machine do not stretch."""
    await sign_in(api, "nobody")
    costs: dict[str, list[float]] = {"alice": [], "nobody": []}
    for _ in range(7):
        for name, spent in costs.items():
            before = time.process_time()
            await sign_in(api, name, "a bicycle for five")
            spent.append(time.process_time() - before)

    known, unknown = (statistics.median(spent) for spent in costs.values())
    assert 0.6 < unknown / known < 1.6


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "alice"},
        {"name": "alice", "password": ""},
        {"name": "", "password": "x"},
        {"name": "a" * 255, "password": "x"},
        {"name": "alice", "password": "x" * 1001},
        {"name": ["alice"], "password": "x"},
        {"name": "alice", "password": "x", "role": "admin"},
        {"name": "al\x00ice", "password": "x"},
        [],
        "alice",
    ],
)
async def test_what_is_no_name_and_password_is_refused(api: Api, body: object) -> None:
    answer = await api.anonymous.post("/v1/sessions", json=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def test_the_longest_password_is_only_wrong(api: Api) -> None:
    assert (await sign_in(api, "alice", "x" * 1000)).json()["code"] == "wrong_credentials"


async def test_a_dated_hash_is_renewed_by_the_password_that_fits(api: Api, database: TestDatabase) -> None:
    with database.connect() as connection:
        give_password(connection, ALICE, DATED_HASH)

    wrong = await sign_in(api, "alice", "a bicycle for five")
    kept = stored(database)
    right = await sign_in(api, "alice")
    renewed = stored(database)
    again = await sign_in(api, "alice")

    assert (wrong.status_code, kept) == (401, DATED_HASH)
    assert (right.status_code, again.status_code) == (201, 201)
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored(database) == renewed


async def test_a_hash_that_is_none_signs_nobody_in(api: Api, database: TestDatabase) -> None:
    with database.connect() as connection:
        give_password(connection, ALICE, "plain:" + PASSWORD)

    assert (await sign_in(api, "alice", "plain:" + PASSWORD)).status_code == 401


async def test_every_attempt_is_audited(api: Api, database: TestDatabase) -> None:
    for name, password in (("alice", "wrong"), ("nobody", "wrong"), ("alice", PASSWORD)):
        await api.client(user_agent="curl/8.5.0", address="192.0.2.7").post(
            "/v1/sessions", json={"name": name, "password": password}
        )

    with database.connect(ADA) as connection:
        log = connection.execute(
            "select action, subject, details ->> 'address' as address, details ->> 'device' as device"
            " from public.audit_log where action <> 'password.set' order by id"
        ).fetchall()
    assert [tuple(row.values()) for row in log] == [
        ("sign_in.fail", str(ALICE.id), "192.0.2.7", "curl/8.5.0"),
        ("sign_in.fail", "", "192.0.2.7", "curl/8.5.0"),
        ("session.start", str(ALICE.id), None, None),
    ]


async def test_who_waits_behind_too_many_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_MOST_WAITING", 3)
    busy = Passwords()

    answers = await asyncio.gather(
        *(busy.verify(PASSWORD_HASH, PASSWORD) for _ in range(5)), return_exceptions=True
    )
    later = await busy.verify(PASSWORD_HASH, PASSWORD)
    busy.close()

    assert answers[:3] == [True, True, True]
    assert [e.code for e in answers[3:] if isinstance(e, Problem)] == ["unavailable", "unavailable"]
    assert later is True


async def test_alice_sees_where_she_is_signed_in_and_ends_one(api: Api) -> None:
    alice = api.as_(ALICE)
    await sign_in(api, "alice", label="laptop")

    rows = (await alice.get("/v1/sessions")).json()
    other = next(row for row in rows if not row["is_current"])
    revoked = await alice.delete(f"/v1/sessions/{other['id']}")
    again = await alice.delete(f"/v1/sessions/{other['id']}")

    assert [(row["label"], row["is_current"]) for row in rows] == [("", True), ("laptop", False)]
    assert (revoked.status_code, again.status_code) == (204, 404)
    assert len((await alice.get("/v1/sessions")).json()) == 1


async def test_charlie_cannot_end_alices_session(api: Api) -> None:
    (row,) = (await api.as_(ALICE).get("/v1/sessions")).json()

    refused = await api.as_(CHARLIE).delete(f"/v1/sessions/{row['id']}")
    absent = await api.as_(CHARLIE).delete(f"/v1/sessions/{BOB.id}")

    assert but_the_id(refused) == but_the_id(absent)
    assert (await api.as_(ALICE).get("/v1/me")).status_code == 200


async def test_alice_changes_what_she_sends_and_nothing_else(api: Api) -> None:
    changed = await api.as_(ALICE).patch("/v1/me", json={"bio": "Ceramics", "timezone": "Europe/Madrid"})
    injected = await api.as_(ALICE).patch("/v1/me", json={"id": str(BOB.id), "bio": "x"})
    wrong = await api.as_(ALICE).patch("/v1/me", json={"timezone": "Mars/Olympus"})

    assert changed.json() == {
        "id": str(ALICE.id), "handle": "alice", "display_name": "Alice", "bio": "Ceramics", "avatar_url": None,
        "timezone": "Europe/Madrid", "locale": "en",
    }  # fmt: skip
    assert injected.json()["code"] == "invalid_input"
    assert wrong.json()["code"] == "unknown_timezone"


async def test_a_program_has_no_profile(api: Api) -> None:
    assert (await api.service.get("/v1/me")).status_code == 404
