"""Everybody is limited, by what they are and not by what they claim to be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import msgspec
import pytest
from httpx2 import AsyncClient, Response
from structlog.testing import capture_logs

from conftest import TestDatabase
from people import ALICE, BOB
from rambla.auth import rates
from rambla.auth.buckets import Budget
from rambla.settings import Settings
from redis_server import RedisServer
from running import Api, remembering, running
from signing_in import PASSWORD, give_password, new_token

Limited = Callable[..., AbstractAsyncContextManager[Api]]


@pytest.fixture
def limited(database: TestDatabase, request: pytest.FixtureRequest) -> Limited:
    """The application as it is by default, that is with limits."""
    reads = 3 if "few_reads" in request.fixturenames else 600

    def start(**settings: str) -> AbstractAsyncContextManager[Api]:
        default = Settings(database_url=database.login_url, reads_per_minute=reads)
        return running(msgspec.structs.replace(default, **settings), database.owner_url)

    return start


@pytest.fixture
async def api(limited: Limited) -> AsyncIterator[Api]:
    async with limited() as api:
        yield api


@pytest.fixture
def few_reads() -> None:
    """Three a minute, in the application of whatever test asks for this."""


async def statuses(client: AsyncClient, n: int, method: str = "GET", path: str = "/v1/nothing") -> list[int]:
    return [(await client.request(method, path)).status_code for _ in range(n)]


async def sign_in(client: AsyncClient, name: str, **headers: str) -> Response:
    return await client.post("/v1/sessions", json={"name": name, "password": "wrong"}, headers=headers)


async def test_a_visitor_reads_six_hundred_times_a_minute(api: Api) -> None:
    started = time.monotonic()
    answers = await asyncio.gather(*(api.anonymous.get("/v1/me") for _ in range(700)))
    took = time.monotonic() - started

    counts = {code: [a.status_code for a in answers].count(code) for code in (401, 429)}
    # A few more, as the bucket refills by ten in each second that this takes.
    assert 600 <= counts[401] <= 601 + 10 * took
    assert counts[401] + counts[429] == 700


async def test_what_is_left_is_told_in_the_words_of_the_draft_and_of_today(api: Api) -> None:
    first = await api.anonymous.get("/v1/me")
    second = await api.anonymous.get("/v1/me")

    assert first.headers["ratelimit-policy"] == '"read";q=600;w=60'
    assert first.headers["ratelimit"] == '"read";r=599;t=1'
    assert [first.headers[f"ratelimit-{name}"] for name in ("limit", "remaining", "reset")] == [
        "600",
        "599",
        "1",
    ]
    assert second.headers["ratelimit-remaining"] == "598"


@pytest.mark.usefixtures("few_reads")
async def test_who_is_over_is_told_when_to_come_again(api: Api) -> None:
    answers = [await api.anonymous.get("/v1/me") for _ in range(4)]

    last = answers[-1]
    assert [a.status_code for a in answers] == [401, 401, 401, 429]
    assert (last.json()["code"], last.json()["kind"]) == ("rate_limited", "rate_limit")
    assert last.headers["retry-after"] == "20"
    assert last.headers["ratelimit"] == '"read";r=0;t=60'


@pytest.mark.usefixtures("few_reads")
async def test_writes_have_a_budget_of_their_own(api: Api) -> None:
    reads = await statuses(api.anonymous, 4)
    write = await api.anonymous.post("/v1/nothing")

    assert reads == [404, 404, 404, 429]
    assert (write.status_code, write.headers["ratelimit-policy"]) == (404, '"write";q=120;w=60')


@pytest.mark.usefixtures("few_reads")
async def test_a_person_is_one_from_wherever_they_come_and_not_their_neighbour(api: Api) -> None:
    alice = api.as_(ALICE)
    token = alice.headers["authorization"]
    elsewhere = api.client(address="198.51.100.9", authorization=token)

    used = await statuses(alice, 3)

    assert used == [404] * 3
    assert await statuses(elsewhere, 1) == [429]
    assert await statuses(api.as_(BOB), 1) == [404]
    assert await statuses(api.anonymous, 1) == [404]


@pytest.mark.usefixtures("few_reads")
async def test_many_tokens_are_not_many_budgets(api: Api) -> None:
    second = Api(api.app, api.owner_url).as_(ALICE)

    assert await statuses(api.as_(ALICE), 2) + await statuses(second, 2) == [404, 404, 404, 429]


@pytest.mark.usefixtures("few_reads")
async def test_another_spelling_of_the_path_is_not_another_budget(api: Api) -> None:
    paths = ("/v1/me", "/v1/me/", "/V1/ME", "/v1/%6de", "//v1/me", "/v1/me?x=1")

    found = [(await api.anonymous.get(path)).status_code for path in paths]

    assert found[3:] == [429, 429, 429]


@pytest.mark.usefixtures("few_reads")
async def test_another_word_for_reading_is_not_another_budget(api: Api) -> None:
    found = [
        (
            await api.anonymous.request(method, "/v1/me", headers={"x-http-method-override": "POST"})
        ).status_code
        for method in ("GET", "HEAD", "OPTIONS", "HEAD")
    ]

    assert found[3] == 429


@pytest.mark.usefixtures("few_reads")
async def test_a_claimed_address_changes_nothing(api: Api) -> None:
    found = [
        (await api.anonymous.get("/v1/me", headers={name: f"192.0.2.{i}"})).status_code
        for i, name in enumerate(
            ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-for", "client-ip"]
        )
    ]

    assert found == [401, 401, 401, 429, 429]


@pytest.mark.usefixtures("few_reads")
async def test_behind_a_trusted_proxy_the_address_it_saw_counts(limited: Limited) -> None:
    async with limited(trusted_proxies="127.0.0.1, 10.0.0.0/8") as api:

        async def come(*forwarded: str) -> int:
            headers = [("x-forwarded-for", value) for value in forwarded]
            return (await api.anonymous.get("/v1/me", headers=headers)).status_code

        # What stands to the left of the first stranger, the stranger wrote.
        spoofed = [await come(f"203.0.113.{i}, 192.0.2.1") for i in range(4)]
        through_two = [await come("203.0.113.9", "192.0.2.2, 10.1.2.3") for _ in range(4)]
        neighbour = await come("192.0.2.3")
        nonsense = [await come(f"not an address {i}") for i in range(4)]

    assert spoofed == [401, 401, 401, 429]
    assert through_two == [401, 401, 401, 429]
    assert neighbour == 401
    assert nonsense == [401, 401, 401, 429]


@pytest.mark.usefixtures("few_reads")
async def test_a_household_with_its_own_ipv6_network_is_one_line(api: Api) -> None:
    hops = [f"2001:db8:1:2:{i:x}::{i:x}" for i in range(1, 5)]
    found = [(await api.client(address=hop).get("/v1/me")).status_code for hop in hops]
    next_door = await api.client(address="2001:db8:1:3::1").get("/v1/me")
    mapped = [
        (await api.client(address=address).get("/v1/me")).status_code
        for address in ("192.0.2.9", "::ffff:192.0.2.9", "192.0.2.9", "::ffff:c000:209")
    ]

    assert found == [401, 401, 401, 429]
    assert next_door.status_code == 401
    assert mapped == [401, 401, 401, 429]


@pytest.mark.usefixtures("few_reads")
async def test_health_and_files_are_free(api: Api) -> None:
    for path in ("/livez", "/readyz", "/static/css/base.css"):
        assert await statuses(api.anonymous, 5, path=path) == [200] * 5


async def test_a_program_has_a_budget_for_programs(api: Api) -> None:
    answer = await api.service.get("/v1/nothing")

    assert answer.headers["ratelimit-policy"] == '"service";q=6000;w=60'


async def test_a_line_signs_in_five_times_a_minute_whatever_the_names(api: Api) -> None:
    answers = [await sign_in(api.anonymous, f"name{i}") for i in range(7)]

    assert [a.status_code for a in answers] == [401] * 5 + [429] * 2
    assert answers[-1].headers["ratelimit-policy"] == '"sign-in";q=5;w=60'
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 12


async def test_a_name_is_tried_five_times_a_minute_whatever_the_lines(api: Api) -> None:
    answers = [
        await sign_in(api.client(address=f"192.0.2.{i}"), name)
        for i, name in enumerate(["alice", "ALICE", " alice", "alice ", "Alice", "alice"])
    ]
    another = await sign_in(api.client(address="192.0.2.99"), "bob")

    assert [a.status_code for a in answers] == [401] * 5 + [429]
    assert another.status_code == 401


async def test_a_name_that_nobody_has_is_limited_alike(api: Api) -> None:
    answers = [await sign_in(api.client(address=f"192.0.2.{i}"), "nobody") for i in range(6)]

    assert [a.status_code for a in answers] == [401] * 5 + [429]


async def test_the_hour_has_its_own_limit(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    budgets = (Budget("sign-in", 1000, 60), Budget("sign-in-hour", 20, 3600))
    monkeypatch.setitem(rates.BUDGETS, "sign_in", budgets)

    answers = [await sign_in(api.anonymous, f"name{i}") for i in range(21)]

    assert [a.status_code for a in answers] == [401] * 20 + [429]
    assert answers[-1].headers["ratelimit-policy"] == '"sign-in-hour";q=20;w=3600'


async def test_one_time_links_cannot_be_guessed_quickly(api: Api) -> None:
    found = [(await api.anonymous.post(f"/welcome/{new_token()}")).status_code for _ in range(6)]

    assert found == [410] * 5 + [429]


async def test_tokens_that_nobody_has_soon_cost_no_question_to_the_database(
    api: Api, database: TestDatabase
) -> None:
    known = api.as_(ALICE)
    async with remembering(api):
        await known.get("/v1/me")
        statuses: list[int] = []
        while 429 not in statuses and len(statuses) < 600:  # one comes back each second meanwhile
            answer = await api.client(authorization=f"Bearer {new_token()}").get("/v1/me")
            statuses.append(answer.status_code)
        malformed = await api.client(authorization="Bearer x").get("/v1/me")
        still = await known.get("/v1/me")

    assert statuses[:60] == [401] * 60
    assert statuses[-1] == 429
    assert malformed.status_code == 401
    assert still.status_code == 200


async def test_processes_share_their_buckets_through_redis(limited: Limited, redis: RedisServer) -> None:
    async with limited(redis_url=redis.url) as one, limited(redis_url=redis.url) as other:
        answers = [await sign_in(api.anonymous, f"name{i}") for i, api in enumerate([one, other] * 3)]

    assert [a.status_code for a in answers] == [401] * 5 + [429]


async def test_when_redis_is_killed_everybody_stays_limited(
    limited: Limited, redis: RedisServer, database: TestDatabase
) -> None:
    with database.connect() as connection:
        give_password(connection, ALICE)
    async with limited(redis_url=redis.url) as api:
        before = await api.as_(ALICE).get("/v1/me")
        redis.kill()
        with capture_logs() as logs:
            during = [await sign_in(api.anonymous, f"name{i}") for i in range(6)]
            alice = await api.client(address="192.0.2.1").post(
                "/v1/sessions", json={"name": "alice", "password": PASSWORD}
            )

    assert before.status_code == 200
    assert [a.status_code for a in during] == [401] * 5 + [429]
    assert alice.status_code == 201
    assert [line["event"] for line in logs if line["event"].startswith("rates.")] == ["rates.redis_lost"]


async def test_redis_is_used_again_when_it_is_back(
    limited: Limited, redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates.Rates, "_PAUSE", 0.1)
    async with limited(redis_url=redis.url) as api:
        redis.kill()
        with capture_logs() as logs:
            await api.anonymous.get("/v1/nothing")
            redis.start()
            await asyncio.sleep(0.15)
            await api.anonymous.get("/v1/nothing")

    assert [line["event"] for line in logs if line["event"].startswith("rates.")] == [
        "rates.redis_lost", "rates.redis_back"
    ]  # fmt: skip


async def test_limits_can_be_turned_off_for_a_load_test(limited: Limited, database: TestDatabase) -> None:
    settings = Settings(database_url=database.login_url, rate_limits=False)
    async with running(settings, database.owner_url) as api:
        answers = [await api.anonymous.get("/v1/nothing") for _ in range(3)]

    assert all("ratelimit" not in a.headers for a in answers)
