"""Who a request is, by its Authorization header or its cookie."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt

import psycopg
import pytest
from litestar import get

from conftest import TestDatabase
from people import ADA, ALICE, BOB
from rambla.auth import sessions
from rambla.auth.guards import admin
from rambla.settings import Settings
from running import Api, issue, remembering, running
from signing_in import new_token, start_session

JUNK = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer rmb_",
    "Bearer undefined",
    "Bearer " + "a" * 8_000,
    "Bearer rmb_" + "ä" * 43,
    "Bearer rmb_" + "a" * 42 + "\x01",
    f"Bearer {new_token()}",
    f"Bearer {new_token()} {new_token()}",
    f"Bearer {new_token().replace('rmb_', 'RMB_')}",
    "Bearer " + base64.b64encode(b"alice:secret").decode(),
    # JSON web tokens: we take none, with whatever algorithm.
    "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIwMTk5YWFhYSIsInJvbGUiOiJzZXJ2aWNlX3JvbGUifQ.",
    "Bearer eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2lnbmF0dXJl",
    "Basic YWxpY2U6c2VjcmV0",
    "Token x",
    "Negotiate x",
]


async def test_a_visitor_is_told_to_sign_in(api: Api) -> None:
    answer = await api.anonymous.get("/v1/me")

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_signed_in"


@pytest.mark.parametrize(
    "header", JUNK[1:], ids=range(len(JUNK) - 1)
)  # by number: every worker makes tokens of its own
async def test_a_token_that_nobody_has_is_refused_even_where_a_visitor_may_come(
    api: Api, header: str
) -> None:
    answer = await api.anonymous.get("/livez", headers={b"authorization": header.encode("latin-1")})

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "not_signed_in"


async def test_an_empty_header_is_a_visitors(api: Api) -> None:
    answer = await api.anonymous.get("/livez", headers={"authorization": JUNK[0]})

    assert answer.status_code == 200


async def test_a_token_shows_its_owner_and_nobody_else(api: Api) -> None:
    handles = [(await api.as_(person).get("/v1/me")).json()["handle"] for person in (ALICE, BOB, ALICE)]

    assert handles == ["alice", "bob", "alice"]


async def test_the_scheme_is_read_in_any_case(api: Api) -> None:
    client = api.client(authorization=f"bEaReR {issue(api.owner_url, ALICE.id, 'bearer')}")

    assert (await client.get("/v1/me")).json()["handle"] == "alice"


async def test_an_expired_token_is_refused(api: Api, database: TestDatabase) -> None:
    with database.connect() as connection:
        past = dt.datetime.now(dt.UTC) - dt.timedelta(days=90, seconds=1)
        token = start_session(connection, ALICE.id, kind="bearer", at=past)

    answer = await api.client(authorization=f"Bearer {token}").get("/v1/me")

    assert answer.status_code == 401


async def test_a_token_that_is_about_to_expire_is_not_remembered_longer_than_it_lives(
    api: Api, database: TestDatabase
) -> None:
    with database.connect() as connection:
        token = start_session(connection, ALICE.id, kind="bearer", lifetime="1 second")
    client = api.client(authorization=f"Bearer {token}")

    early = await client.get("/v1/me")
    await asyncio.sleep(1.05)
    late = await client.get("/v1/me")

    assert (early.status_code, late.status_code) == (200, 401)


async def test_signing_out_counts_at_once(api: Api) -> None:
    alice = api.as_(ALICE)

    statuses = [
        (await alice.get("/v1/me")).status_code,
        (await alice.delete("/v1/sessions/current")).status_code,
        (await alice.get("/v1/me")).status_code,
    ]

    assert statuses == [200, 204, 401]


async def test_a_session_that_ended_elsewhere_is_refused_as_soon_as_that_is_heard(
    api: Api, database: TestDatabase
) -> None:
    alice, bob = api.as_(ALICE), api.as_(BOB)
    first = [(await client.get("/v1/me")).status_code for client in (alice, bob)]
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("delete from internal.sessions where user_id = %s", (ALICE.id,))

    async with asyncio.timeout(10):
        while (await alice.get("/v1/me")).status_code == 200:  # noqa: ASYNC110 - it is told by a database
            await asyncio.sleep(0.01)

    assert first == [200, 200]
    assert (await bob.get("/v1/me")).status_code == 200


async def test_what_is_remembered_is_bounded(clone: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_MOST_BYTES", 0)
    async with running(
        Settings(database_url=clone.login_url, rate_limits=False), clone.owner_url
    ) as forgetful:
        statuses = [(await forgetful.as_(ALICE).get("/v1/me")).status_code]
        with psycopg.connect(clone.owner_url) as connection:
            connection.execute("set session_replication_role = replica")  # nobody is told
            connection.execute("delete from internal.sessions")
        statuses.append((await forgetful.as_(ALICE).get("/v1/me")).status_code)

    assert statuses == [200, 401]


async def test_a_request_in_the_same_minutes_asks_the_database_nothing_about_its_token(
    own_api: Api, clone: TestDatabase
) -> None:
    alice = own_api.as_(ALICE)
    async with remembering(own_api):
        await alice.get("/v1/me")
        with psycopg.connect(clone.owner_url) as connection:
            connection.execute("drop function public.session_caller(bytea, timestamptz)")

        assert (await alice.get("/v1/me")).status_code == 200


async def test_a_cookie_is_as_good_as_a_token(api: Api) -> None:
    answer = await api.browser(ALICE).get("/v1/me")

    assert answer.json()["handle"] == "alice"


@pytest.mark.parametrize("value", [new_token(), "x", '"; DROP TABLE', "a=b; c", "\xff"], ids=range(5))
async def test_a_cookie_that_means_nobody_makes_a_visitor_and_is_taken_back(api: Api, value: str) -> None:
    cookie = f"rambla_session={value}".encode("latin-1")

    answer = await api.anonymous.get("/livez", headers={b"cookie": cookie})

    assert answer.status_code == 200
    assert answer.headers["set-cookie"] == 'rambla_session=""; HttpOnly; Max-Age=0; Path=/; SameSite=lax'


async def test_a_cookie_of_somebody_elses_program_does_no_harm(api: Api) -> None:
    token = issue(api.owner_url, ALICE.id, "cookie")
    cookie = f'prefs={{"a": [1, 2]}}; odd; =; ga="x; rambla_session={token}'

    answer = await api.anonymous.get("/v1/me", headers={"cookie": cookie})

    assert answer.json()["handle"] == "alice"


async def test_a_visitors_answer_takes_no_cookie_back(api: Api) -> None:
    answer = await api.anonymous.get("/livez", headers={"cookie": "rambla_session="})

    assert "set-cookie" not in answer.headers


async def test_a_token_of_the_header_wins_over_the_cookie(api: Api) -> None:
    token = issue(api.owner_url, ALICE.id, "cookie")

    answer = await api.as_(BOB).get("/v1/me", headers={"cookie": f"rambla_session={token}"})

    assert answer.json()["handle"] == "bob"


async def test_over_https_the_cookie_is_bound_to_the_host(database: TestDatabase) -> None:
    settings = Settings(database_url=database.login_url, base_url="https://rambla.example")
    token = issue(database.owner_url, ALICE.id, "cookie")
    async with running(settings, database.owner_url) as api:
        plain = await api.client(cookie=f"rambla_session={token}").get("/v1/me")
        bound = await api.client(cookie=f"__Host-rambla_session={token}").get("/v1/me")
        out = await api.client(cookie=f"__Host-rambla_session={token}", sec_fetch_site="same-origin").post(
            "/sign-out"
        )

    assert (plain.status_code, bound.status_code, out.status_code) == (401, 200, 303)
    assert (
        out.headers["set-cookie"]
        == '__Host-rambla_session=""; HttpOnly; Max-Age=0; Path=/; SameSite=lax; Secure'
    )


async def test_an_admins_door_opens_for_admins_and_closes_at_the_request_after(
    api: Api, database: TestDatabase
) -> None:
    @get("/admin/test-door", guards=[admin], sync_to_thread=False)
    def door() -> str:
        return "in"

    api.app.register(door)

    async def knock() -> dict[str, int]:
        callers = {
            "anonymous": api.anonymous, "alice": api.as_(ALICE), "bob": api.as_(BOB), "ada": api.as_(ADA),
            "service": api.service,
        }  # fmt: skip
        return {name: (await client.get("/admin/test-door")).status_code for name, client in callers.items()}

    before = await knock()
    with database.connect(ADA) as connection:
        connection.execute("select public.role_grant(%s, 'admin')", (BOB.id,))
    during = await knock()
    with database.connect(ADA) as connection:
        connection.execute("select public.role_revoke(%s, 'admin')", (BOB.id,))
    after = await knock()

    assert before == {"anonymous": 401, "alice": 403, "bob": 403, "ada": 200, "service": 200}
    assert during == {**before, "bob": 200}
    assert after == before
