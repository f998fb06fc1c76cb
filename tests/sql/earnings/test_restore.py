"""A dump brings its transaction ids along, and in the new cluster they mean nothing, or worse, something else."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from conftest import MAJOR, UNSAFE_AND_QUICK, Cluster, TestDatabase, become
from earning import Connection, post, proven, recompute
from people import ALICE, BOB
from rambla.kit.migrate import migrate
from rambla.kit.postgres import EmbeddedPostgres, find_binaries

IDS = 3_000


@pytest.fixture
def elsewhere() -> Iterator[EmbeddedPostgres]:
    """A second server, younger than the first by some thousand transactions."""
    folder = Path(tempfile.mkdtemp(prefix="rambla-test-"))
    folder.chmod(0o755)  # not tmp_path: when root runs the tests, PostgreSQL's user may not enter that
    postgres = EmbeddedPostgres(folder / "pg", bin_dir=find_binaries(MAJOR), settings=UNSAFE_AND_QUICK)
    postgres.start()
    yield postgres
    postgres.kill()
    shutil.rmtree(folder)


def test_a_restored_database_counts_nothing_twice_and_nothing_not_at_all(
    cluster: Cluster, database: TestDatabase, elsewhere: EmbeddedPostgres
) -> None:
    with database.connect() as connection:
        post(connection, ALICE, 500)
        recompute(connection, ALICE)
        _grow_older(connection)
        post(connection, ALICE, 30)
        post(connection, BOB, 700)
        recompute(connection, ALICE)
        _grow_older(connection)
        post(connection, ALICE, 4)

    with _restored(database, elsewhere) as connection:
        _in_the_future(connection)
        assert proven(connection, ALICE)["EUR"].total == 534
        assert recompute(connection, ALICE)["EUR"]["new_events"] == 0

        post(connection, ALICE, 1)
        for _ in range(3):
            _grow_older(connection)
            post(connection, ALICE, 1)
            assert recompute(connection, ALICE)["EUR"]["new_events"] <= 2
        assert proven(connection, ALICE)["EUR"].total == 538
        assert proven(connection, BOB)["EUR"].total == 700


def _grow_older(connection: Connection) -> None:
    """Each of them is a transaction that had an id."""
    connection.execute(
        "do $$ begin for i in 1 .. %s loop perform pg_current_xact_id(); commit; end loop; end $$".replace(
            "%s", str(IDS)
        )
    )


def _in_the_future(connection: Connection) -> None:
    row = connection.execute(
        "select count(*) as events from earnings_events where xid >= pg_snapshot_xmax(pg_current_snapshot())"
    ).fetchone()

    assert row is not None
    assert row["events"] >= 2


@contextmanager
def _restored(database: TestDatabase, elsewhere: EmbeddedPostgres) -> Iterator[Connection]:
    programs = find_binaries(MAJOR)
    url = elsewhere.dsn("postgres")
    # The roles, which are the cluster's and not in a dump.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create database roles")
        connection.execute("create database restored")
    migrate(elsewhere.dsn("roles"))
    dump = subprocess.run([programs / "pg_dump", database.owner_url], check=True, capture_output=True).stdout
    subprocess.run(
        [programs / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", elsewhere.dsn("restored")],
        check=True, input=dump, capture_output=True,
    )  # fmt: skip
    with psycopg.connect(elsewhere.dsn("restored"), autocommit=True, row_factory=dict_row) as connection:
        become(connection, "service_role", local=False)
        yield connection
