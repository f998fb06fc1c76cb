"""What a load balancer, an orchestrator and Prometheus see."""

from __future__ import annotations

import asyncio
import re
import time
import urllib.request
from contextlib import AbstractAsyncContextManager
from typing import Any

import psycopg
import pytest
from psycopg import sql

from conftest import Cluster, TestDatabase
from people import ADA, ALICE
from rambla import health
from rambla.kit.db import Database, Transaction
from rambla.settings import Settings
from running import Api, running, serving


async def test_a_living_process_with_a_current_database_is_ready(api: Api) -> None:
    answers = [await api.anonymous.get(path) for path in ("/livez", "/readyz")]

    assert [(a.status_code, a.text) for a in answers] == [(200, "alive\n"), (200, "ready\n")]


async def test_without_its_database_it_lives_and_is_not_ready(
    own_api: Api, clone: TestDatabase, cluster: Cluster
) -> None:
    forbid = sql.SQL("alter database {} allow_connections {}")
    name = sql.Identifier(clone.name)
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(forbid.format(name, sql.Literal(False)))
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (clone.name,)
        )
        live, ready = await own_api.anonymous.get("/livez"), await own_api.anonymous.get("/readyz")
        connection.execute(forbid.format(name, sql.Literal(True)))

    assert live.status_code == 200
    assert (ready.status_code, ready.json()["code"], ready.headers["retry-after"]) == (
        503,
        "unavailable",
        "1",
    )
    assert ready.json()["message"] == "The database does not answer."


async def test_it_is_not_ready_before_its_migrations(own_api: Api, clone: TestDatabase) -> None:
    with clone.connect("owner") as connection:
        connection.execute("delete from internal.migrations where name = 'migrations/0002_auth.sql'")

    answer = await own_api.anonymous.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["message"] == "Not applied: migrations/0002_auth.sql. Run rambla migrate."


async def test_it_is_ready_though_the_database_is_newer(own_api: Api, clone: TestDatabase) -> None:
    """Else a rolling release would take the old processes down before the new ones are up."""
    with clone.connect("owner") as connection:
        connection.execute(
            "insert into internal.migrations (name, checksum) values ('migrations/9999_next.sql', 'x')"
        )
        connection.execute("update internal.migrations set checksum = 'another'")

    assert (await own_api.anonymous.get("/readyz")).status_code == 200


async def test_who_asks_too_often_spends_no_connections(
    own_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Health checks have no budget, so a hundred of them are one question, and its answer lasts."""
    database = own_api.app.state.database
    asked = 0

    def transaction(*args: Any, **kwargs: Any) -> AbstractAsyncContextManager[Transaction]:
        nonlocal asked
        asked += 1
        begun: AbstractAsyncContextManager[Transaction] = Database.transaction(database, *args, **kwargs)
        return begun

    monkeypatch.setattr(health, "_LASTS", 600.0)
    monkeypatch.setattr(database, "transaction", transaction)
    together = await asyncio.gather(*(own_api.anonymous.get("/readyz") for _ in range(100)))
    later = await own_api.anonymous.get("/readyz")

    assert {answer.text for answer in (*together, later)} == {"ready\n"}
    assert asked == 1


async def test_what_was_amiss_is_asked_again(
    own_api: Api, clone: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_LASTS", 0.0)
    with clone.connect("owner") as connection:
        connection.execute(
            "update internal.migrations set name = 'gone' where name = 'migrations/0002_auth.sql'"
        )
        before = await own_api.anonymous.get("/readyz")
        connection.execute(
            "update internal.migrations set name = 'migrations/0002_auth.sql' where name = 'gone'"
        )
        after = await own_api.anonymous.get("/readyz")

    assert [before.status_code, after.status_code] == [503, 200]


async def test_an_empty_database_is_not_ready(cluster: Cluster, database: TestDatabase) -> None:
    name = f"{database.name}_empty"
    cluster.create(name)
    async with running(Settings(database_url=cluster.url(name)), database.owner_url) as api:
        answer = await api.anonymous.get("/readyz")
    cluster.drop(name)

    assert answer.status_code == 503


@pytest.mark.parametrize(
    ("headers", "address", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({}, "::1", 200),
        ({}, "192.0.2.1", 401),
        ({"x-forwarded-for": "192.0.2.1"}, "127.0.0.1", 401),
        ({"forwarded": "for=192.0.2.1"}, "127.0.0.1", 401),
        ({"x-forwarded-for": "127.0.0.1"}, "192.0.2.1", 401),
    ],
)
async def test_the_numbers_are_for_this_machine(
    api: Api, headers: dict[str, str], address: str, status: int
) -> None:
    answer = await api.client(address=address).get("/metrics", headers=headers)

    assert answer.status_code == status


async def test_the_numbers_are_for_programs_and_not_for_people(api: Api) -> None:
    statuses = [
        (await client.get("/metrics", headers={"x-forwarded-for": "192.0.2.1"})).status_code
        for client in (api.service, api.as_(ALICE), api.as_(ADA))
    ]

    assert statuses == [200, 403, 403]


async def test_requests_are_counted_by_route_and_never_by_path(api: Api) -> None:
    for method, path in (
        ("GET", "/v1/me"), ("DELETE", f"/v1/sessions/{ALICE.id}"), ("GET", "/made/up"), ("MADEUP", "/v1/me"),
        ("HEAD", "/livez"),
    ):  # fmt: skip
        await api.anonymous.request(method, path)

    text = (await api.anonymous.get("/metrics")).text
    for labels in (
        'method="GET",route="/v1/me",status="401"',
        'method="DELETE",route="/v1/sessions/{id}",status="401"',
        'method="GET",route="unmatched",status="404"',
        'method="other",route="unmatched",status="405"',
    ):
        assert f"rambla_requests_total{{{labels}}}" in text
    assert "made" not in text.lower()
    assert str(ALICE.id) not in text


def test_processes_add_up_what_each_has_counted(
    database: TestDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = Settings(database_url=database.login_url, web_processes=2)
    log = tmp_path_factory.mktemp("server") / "server.log"
    with serving(settings, database.owner_url, log) as server:
        for _ in range(40):
            with urllib.request.urlopen(f"{server.url}/livez") as answer:
                assert answer.status == 200
        # What each has counted is written down once a second; the fixture asked some more while it waited.
        deadline = time.monotonic() + 10
        while not (min(counts := [_lives(server.url) for _ in range(8)]) == max(counts) >= 40):
            assert time.monotonic() < deadline, counts


def _lives(url: str) -> float:
    """How often /livez was asked, as whichever process answers says."""
    with urllib.request.urlopen(f"{url}/metrics") as answer:
        found = re.search(r'method="GET",route="/livez",status="200"} ([0-9.]+)', answer.read().decode())
    return float(found[1]) if found else 0.0
