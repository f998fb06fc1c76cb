"""POST /v1/notifications."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import TestDatabase
from people import ADA, ALICE, BOB
from running import Api
from sending import quiet

HELLO: dict[str, Any] = {"type": "test", "title": "Hi", "body": "Body"}


async def test_a_visitor_is_asked_to_sign_in(api: Api) -> None:
    response = await api.anonymous.post("/v1/notifications", json=HELLO)

    assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")


async def test_alice_cannot_send_to_bob_and_an_admin_can(api: Api) -> None:
    to_bob = {**HELLO, "user_id": str(BOB.id)}
    refused = await api.as_(ALICE).post("/v1/notifications", json=to_bob)
    allowed = await api.as_(ADA).post("/v1/notifications", json=to_bob)

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert allowed.status_code == 201


async def test_the_service_sends_to_anybody_and_has_to_say_to_whom(api: Api) -> None:
    to_bob = await api.service.post("/v1/notifications", json={**HELLO, "user_id": str(BOB.id)})
    to_nobody = await api.service.post("/v1/notifications", json=HELLO)

    assert to_bob.status_code == 201
    assert (to_nobody.status_code, to_nobody.json()["code"]) == (400, "invalid_input")


@pytest.mark.parametrize("place", ["header", "body"])
async def test_a_used_key_answers_with_the_same_id_and_says_so(api: Api, place: str) -> None:
    headers = {"Idempotency-Key": "k"} if place == "header" else {}
    body = HELLO if place == "header" else {**HELLO, "idempotency_key": "k"}
    first = await api.as_(ALICE).post("/v1/notifications", json=body, headers=headers)
    again = await api.as_(ALICE).post("/v1/notifications", json=body, headers=headers)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert "Idempotency-Replay" not in first.headers
    assert again.headers["Idempotency-Replay"] == "true"


@pytest.mark.parametrize("way", ["header", "query"])
async def test_another_content_under_a_used_key_is_refused_to_the_strict(
    api: Api, database: TestDatabase, way: str
) -> None:
    client = api.as_(ALICE)
    first = await client.post("/v1/notifications", json={**HELLO, "idempotency_key": "k"})
    other = {**HELLO, "title": "Other", "idempotency_key": "k"}
    lenient = await client.post("/v1/notifications", json=other)
    strict = await client.post(
        "/v1/notifications",
        json=other,
        headers={"Prefer": "handling=strict"} if way == "header" else {},
        params={"strict": "true"} if way == "query" else {},
    )
    with database.connect() as connection:
        counted = connection.execute("select replays from public.notification_replays").fetchone()

    assert (lenient.status_code, lenient.json()["id"]) == (200, first.json()["id"])
    assert (strict.status_code, strict.json()["code"]) == (409, "idempotency_mismatch")
    assert counted == {"replays": 2}


async def test_what_is_held_back_says_why(api: Api, database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        quiet(owner, ALICE, ("00:00", "24:00"))
    held = await api.as_(ALICE).post("/v1/notifications", json=HELLO)

    assert held.status_code == 200
    assert held.json() == {"id": None, "suppressed": "quiet_hours"}


async def test_the_sixth_of_the_day_is_held_back(api: Api) -> None:
    client = api.as_(ALICE)
    answers = [(await client.post("/v1/notifications", json=HELLO)).json() for _ in range(6)]

    assert [answer["suppressed"] for answer in answers] == [None] * 5 + ["cap"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"channel": "pigeon"},
        {"data": [1]},
        {"user_id": "alice"},
        {"colour": "blue"},
    ],
)
async def test_what_is_no_message_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    response = await api.as_(ALICE).post("/v1/notifications", json={**HELLO, **wrong})

    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")
