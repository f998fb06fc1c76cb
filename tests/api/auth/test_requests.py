"""What every answer has, also that of an address that does not exist."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import time
from typing import Any

import pytest
from httpx2 import AsyncClient

from people import ALICE
from running import Api, Server

SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/livez", 200),
        ("GET", "/nothing/here", 404),
        ("PUT", "/v1/me", 405),
        ("GET", "/v1/me", 401),
        ("POST", "/v1/sessions", 400),
        ("GET", "/static/css/nothing.css", 404),
        ("GET", "/static/css/..%2f..%2fapp.py", 404),
    ],
)
async def test_every_answer_is_guarded_and_has_an_id(api: Api, method: str, path: str, status: int) -> None:
    answer = await api.anonymous.request(method, path)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"].isalnum()
    if status >= 400:
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("0f8c-42", True), ("a" * 64, True), ("a" * 65, False), ("x\ny", False), ("<b>", False), ("", False)],
)
async def test_a_proxys_id_is_kept_when_it_is_harmless(api: Api, sent: str, kept: bool) -> None:
    answer = await api.anonymous.get("/livez", headers=[(b"x-request-id", sent.encode())])

    assert (answer.headers["x-request-id"] == sent) is kept


@pytest.mark.parametrize("path", ["/livez", "/v1/me", "/sign-in", "/nothing", "/openapi.json"])
async def test_head_is_get_without_the_body(api: Api, path: str) -> None:
    got, head = await api.anonymous.get(path), await api.anonymous.head(path)

    differs = {"x-request-id", "date"}
    assert head.status_code == got.status_code
    assert {k: v for k, v in head.headers.items() if k not in differs} == {
        k: v for k, v in got.headers.items() if k not in differs
    }


async def test_people_get_a_page_and_programs_a_problem(api: Api) -> None:
    page = await api.anonymous.get("/nothing", headers={"accept": "text/html"})
    problem = await api.anonymous.get("/v1/nothing", headers={"accept": "text/html"})

    assert page.headers["content-type"].startswith("text/html")
    assert problem.headers["content-type"] == "application/problem+json"


async def test_a_body_is_at_most_a_megabyte(api: Api) -> None:
    answer = await api.as_(ALICE).post("/rpc/has_role", content=b'{"p_role": "' + b"a" * 1_000_000 + b'"}')

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_body_that_nests_without_end_is_the_callers_fault(api: Api) -> None:
    nested = '{"a":' * 5_000

    answers = [
        await api.as_(ALICE).request(
            method, path, content=nested, headers={"content-type": "application/json"}
        )
        for method, path in (("POST", "/v1/posts"), ("PATCH", "/v1/me"), ("POST", "/rpc/has_role"))
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(400, "invalid_input")] * 3


async def document(client: AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(value) for value in part.values()))
    return set().union(*(references(value) for value in part)) if isinstance(part, list) else set()


async def test_the_document_describes_programs_addresses_and_no_pages(api: Api) -> None:
    paths = (await document(api.anonymous))["paths"]

    for path in ("/v1/sessions", "/v1/me", "/rpc/notif_send", "/rpc/feed_fusion_home", "/readyz"):
        assert path in paths
    assert not {"/", "/sign-in", "/account", "/rpc/{function}", "/openapi"} & set(paths)


async def test_every_reference_in_the_document_leads_somewhere_and_every_part_is_used(api: Api) -> None:
    found = await document(api.anonymous)

    defined = {f"#/components/schemas/{name}" for name in found["components"]["schemas"]}
    assert references(found) == defined


async def test_every_operation_tells_its_problem_and_who_may_call(api: Api) -> None:
    found = await document(api.anonymous)

    operations = [(p, m, op) for p, item in found["paths"].items() for m, op in item.items()]
    assert [op["operationId"] for *_, op in operations if "default" not in op["responses"]] == []
    assert len({op["operationId"] for *_, op in operations}) == len(operations)
    security = {f"{method} {path}": op["security"] for path, method, op in operations}
    assert security["get /v1/me"] == [{"bearer": []}, {"cookie": []}]
    assert security["post /v1/sessions"] == [{"bearer": []}, {"cookie": []}, {}]


async def test_a_function_is_described_with_its_arguments(api: Api) -> None:
    operation = (await document(api.anonymous))["paths"]["/rpc/notif_mark_read"]["post"]

    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body == {
        "type": "object",
        "properties": {
            "p_ids": {"type": ["array", "null"], "items": {"type": ["string", "null"], "format": "uuid"}}
        },
        "required": ["p_ids"],
        "additionalProperties": False,
    }


async def test_the_page_of_a_problem_is_there(api: Api) -> None:
    problem = (await api.anonymous.get("/v1/me")).json()

    page = await api.anonymous.get(problem["type"])

    assert page.status_code == 200
    assert 'id="not_signed_in"' in page.text


async def test_the_reference_for_people_loads_nothing_from_elsewhere(api: Api) -> None:
    page = await api.anonymous.get("/docs")

    assert page.status_code == 200
    assert "/v1/sessions" in page.text
    assert 'src="http' not in page.text
    assert "<script>" not in page.text


def test_open_streams_end_politely_when_the_server_is_told_to_stop(server: Server) -> None:
    stream = subprocess.Popen(
        ["curl", "-sN", "-H", f"Authorization: Bearer {server.token(ALICE)}", f"{server.url}/v1/notifications/stream"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert stream.stdout is not None
    assert stream.stdout.readline() == "retry: 2000\n"

    started = time.monotonic()
    status = server.stop(signal.SIGTERM)
    rest, _ = stream.communicate(timeout=5)

    assert status == 0
    assert time.monotonic() - started < 5
    assert rest.endswith("event: goodbye\ndata: {}\n\n")
    assert "Killing" not in server.log.read_text()


def test_a_request_in_flight_is_answered_before_the_server_stops(server: Server) -> None:
    """Hashing a password takes long enough for the signal to arrive in between."""
    body = json.dumps({"name": "nobody", "password": "a bicycle for four"})
    requests = [
        subprocess.Popen(
            ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Content-Type: application/json", "-d", body,
             f"{server.url}/v1/sessions"], stdout=subprocess.PIPE, text=True,
        )
        for _ in range(12)
    ]  # fmt: skip
    time.sleep(0.15)

    server.stop(signal.SIGTERM)

    answers = [request.communicate(timeout=20)[0] for request in requests]
    # What was accepted is answered; what came too late was never accepted.
    assert set(answers) <= {"401", "000"}
    assert "401" in answers


async def test_head_of_a_stream_does_not_stay(server: Server) -> None:
    async with AsyncClient(headers={"authorization": f"Bearer {server.token(ALICE)}"}) as client:
        answer = await asyncio.wait_for(client.head(f"{server.url}/v1/notifications/stream"), 5)

    assert answer.headers["content-type"].startswith("text/event-stream")
