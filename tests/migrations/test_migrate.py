"""A database is brought to this release from wherever it is, or left alone with one sentence."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from conftest import Cluster
from rambla import reference
from rambla.kit.migrate import _LOCK, MigrationError, check, create_database, migrate
from rambla.kit.postgres import find_binaries

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "schema.sql"


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[str]:
    name = f"empty_{os.urandom(6).hex()}"
    cluster.create(name)
    yield cluster.url(name)
    cluster.drop(name)


def test_an_empty_database_has_everything_pending_and_then_nothing(empty: str) -> None:
    pending = check(empty)

    assert pending[0] == "migrations/0001_accounts.sql"
    assert migrate(empty) == pending
    assert check(empty) == []
    assert migrate(empty) == []


def test_checking_changes_nothing(empty: str) -> None:
    check(empty)

    with psycopg.connect(empty) as connection:
        assert connection.execute("select to_regnamespace('internal')").fetchone() == (None,)


def test_many_processes_may_migrate_at_once(empty: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        applied = [names for names in pool.map(migrate, [empty] * 6) if names]

    assert len(applied) == 1
    assert check(empty) == []


def test_a_process_that_comes_while_another_migrates_waits_for_it(
    empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rambla.kit.migrate._PATIENCE", "50ms")
    with psycopg.connect(empty, autocommit=True) as other, ThreadPoolExecutor(1) as pool:
        other.execute("select pg_advisory_lock(%s)", (_LOCK,))
        second = pool.submit(migrate, empty)
        wait_for_lock(other)
        time.sleep(0.2)
        other.execute("select pg_advisory_unlock(%s)", (_LOCK,))

        assert second.result()


def wait_for_lock(connection: psycopg.Connection[Any]) -> None:
    waiting = "select exists (select from pg_locks where locktype = 'advisory' and not granted)"
    deadline = time.monotonic() + 10
    while connection.execute(waiting).fetchone() != (True,):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_two_databases_of_one_cluster_may_be_made_at_once(cluster: Cluster) -> None:
    names = [f"side_{os.urandom(6).hex()}" for _ in range(3)]
    for name in names:
        cluster.create(name)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate, map(cluster.url, names)))

    assert [check(cluster.url(name)) for name in names] == [[], [], []]
    for name in names:
        cluster.drop(name)


def test_a_changed_function_is_applied_again_and_a_table_is_not(empty: str) -> None:
    migrate(empty)
    with psycopg.connect(empty) as connection:
        connection.execute(
            "update internal.migrations set checksum = 'old' where name = 'auth/sql/has_role.sql'"
        )

    assert check(empty) == ["auth/sql/has_role.sql"]
    assert migrate(empty) == ["auth/sql/has_role.sql"]


def test_a_database_from_the_future_is_refused(empty: str) -> None:
    migrate(empty)
    with psycopg.connect(empty) as connection:
        connection.execute(
            "insert into internal.migrations (name, checksum) values ('migrations/9999_later.sql', '')"
        )

    with pytest.raises(MigrationError, match="newer than this release"):
        migrate(empty)


def test_an_edited_migration_is_refused(empty: str) -> None:
    migrate(empty)
    with psycopg.connect(empty) as connection:
        connection.execute(
            "update internal.migrations set checksum = 'other' where name = 'migrations/0001_accounts.sql'"
        )

    with pytest.raises(MigrationError, match="applied with another content"):
        migrate(empty)


def test_a_table_that_is_busy_makes_the_migration_give_up_and_not_the_readers(empty: str) -> None:
    """A function file takes a lock on its policy's table: a long reader must not be waited for without end."""
    migrate(empty)
    with psycopg.connect(empty) as reader:
        reader.execute("select count(*) from public.profiles")
        with psycopg.connect(empty, autocommit=True) as other:
            other.execute(
                "update internal.migrations set checksum = 'old' where name = 'auth/sql/policies.sql'"
            )

        with pytest.raises(MigrationError, match="lock timeout"):
            migrate(empty)

    assert check(empty) == ["auth/sql/policies.sql"]


def test_a_server_that_does_not_answer_is_one_sentence() -> None:
    with pytest.raises(MigrationError, match="The database does not answer"):
        migrate("postgresql://nobody@127.0.0.1:9/nothing")


def test_a_database_is_made_once(cluster: Cluster) -> None:
    name = f"made_{os.urandom(6).hex()}"

    create_database(cluster.url("postgres"), name)
    create_database(cluster.url("postgres"), name)

    cluster.drop(name)


def test_a_fresh_database_is_the_committed_one(empty: str) -> None:
    """On every release: dumped by the newest pg_dump, the oldest server says the same, to the letter."""
    migrate(empty)

    assert SCHEMA.read_text() == reference.schema(empty, find_binaries(18)), "run bin/docs"
