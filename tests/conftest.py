"""A real PostgreSQL for every test: one cluster a worker, one migrated template, a clone where commits matter."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from litestar import Litestar
from psycopg import sql
from psycopg.rows import dict_row

from kept import Kept
from people import Person, move_in
from rambla.kit.migrate import migrate
from rambla.kit.postgres import EmbeddedPostgres, find_binaries
from rambla.settings import Settings
from running import Api, Server, running

MAJOR = int(os.environ.get("RAMBLA_TEST_POSTGRES", "18"))
UNSAFE_AND_QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
}


def pytest_report_header() -> str:
    return f"postgresql: {MAJOR} from {find_binaries(MAJOR)}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("RAMBLA_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and here nothing may be: {report.longrepr}"
    return report


class Cluster:
    """A throw-away server and what tests do with whole databases."""

    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self.postgres = postgres

    def url(self, database: str, user: str = "postgres") -> str:
        return self.postgres.dsn(database, user=user)

    def create(self, name: str, template: str = "template0") -> None:
        # By copying files: what is small and quiet needs no log of every page.
        self._run("create database {} template {} strategy file_copy", name, template)

    def drop(self, name: str) -> None:
        self._run("drop database {} with (force)", name)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


class TestDatabase(msgspec.Struct, frozen=True):
    """Where a test may commit and connect many times."""

    __test__ = False

    name: str
    owner_url: str
    login_url: str

    @contextmanager
    def connect(
        self, person: Person | str = "service_role", *, autocommit: bool = True
    ) -> Iterator[psycopg.Connection[Any]]:
        """A session that is this person (or role) until it ends."""
        with psycopg.connect(self.owner_url, autocommit=autocommit, row_factory=dict_row) as connection:
            become(connection, person, local=False)
            yield connection


class Session:
    """One open transaction that becomes people in turn and is rolled back at the end of the test."""

    def __init__(self, connection: psycopg.Connection[dict[str, Any]]) -> None:
        self.connection = connection

    @contextmanager
    def as_user(self, person: Person) -> Iterator[Session]:
        become(self.connection, person)
        yield self
        become(self.connection, "owner")

    @contextmanager
    def as_role(self, role: str) -> Iterator[Session]:
        """``anon`` or ``service_role``."""
        become(self.connection, role)
        yield self
        become(self.connection, "owner")

    def all(self, query: str, *params: Any) -> list[dict[str, Any]]:
        return self.connection.execute(query.encode(), params).fetchall()

    def one(self, query: str, *params: Any) -> dict[str, Any]:
        (row,) = self.all(query, *params)
        return row

    def value(self, query: str, *params: Any) -> Any:
        return next(iter(self.one(query, *params).values()))

    def run(self, query: str, *params: Any) -> int:
        return self.connection.execute(query.encode(), params).rowcount

    @contextmanager
    def refused(self, code: str) -> Iterator[None]:
        """The block must raise ``code``: a machine code of the errors table, or a SQLSTATE."""
        with pytest.raises(psycopg.Error) as caught, self.connection.transaction():
            yield
        error = caught.value
        assert code in (error.diag.message_detail, error.sqlstate), f"{error.sqlstate}: {error}"


def become(connection: psycopg.Connection[Any], person: Person | str, *, local: bool = True) -> None:
    """Set role and claims; ``"owner"`` is the superuser again."""
    role = "authenticated" if isinstance(person, Person) else person
    claims = {"role": role} | ({"sub": str(person.id)} if isinstance(person, Person) else {})
    connection.execute(
        "select set_config('role', %s, %s), set_config('request.jwt.claims', %s, %s)",
        (
            "none" if role == "owner" else role,
            local,
            "" if role == "owner" else msgspec.json.encode(claims).decode(),
            local,
        ),
    )


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="rambla-test-"))
    folder.chmod(0o755)
    postgres = EmbeddedPostgres(folder / "pg", bin_dir=find_binaries(MAJOR), settings=UNSAFE_AND_QUICK)
    postgres.start()
    yield Cluster(postgres)
    postgres.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    """A migrated database with the four people in it, to be cloned."""
    cluster.create("rambla_template")
    migrate(cluster.url("rambla_template"))
    with psycopg.connect(cluster.url("rambla_template")) as connection:
        move_in(connection)
    return "rambla_template"


@pytest.fixture(scope="session")
def shared(cluster: Cluster, template: str) -> str:
    cluster.create("rambla_shared", template)
    return cluster.url("rambla_shared")


@pytest.fixture
def session(shared: str) -> Iterator[Session]:
    """For tests of one transaction."""
    with psycopg.connect(shared, row_factory=dict_row) as connection:
        yield Session(connection)
        connection.rollback()


@pytest.fixture
def clone(cluster: Cluster, template: str) -> Iterator[TestDatabase]:
    """For tests that commit and kill."""
    database = cloned(cluster, template)
    yield database
    cluster.drop(database.name)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> TestDatabase:
    """For tests that commit: a clone, or what the application of the test is connected to, as good as new."""
    found: TestDatabase
    for application in ("api", "server"):
        if application in request.fixturenames:
            found, kept = request.getfixturevalue(f"database_of_{application}")
            kept.put_back()
            return found
    found = request.getfixturevalue("clone")
    return found


@pytest.fixture(scope="session")
def database_of_api(cluster: Cluster, template: str) -> tuple[TestDatabase, Kept]:
    database = cloned(cluster, template)
    return database, Kept(database.owner_url)


@pytest.fixture(scope="session")
def database_of_server(cluster: Cluster, template: str) -> tuple[TestDatabase, Kept]:
    database = cloned(cluster, template)
    return database, Kept(database.owner_url)


def cloned(cluster: Cluster, template: str) -> TestDatabase:
    name = f"rambla_{os.urandom(6).hex()}"
    cluster.create(name, template)
    return TestDatabase(name, cluster.url(name), cluster.url(name, "rambla_login"))


@pytest.fixture(scope="session")
async def application(database_of_api: tuple[TestDatabase, Kept]) -> AsyncIterator[Litestar]:
    database, _ = database_of_api
    settings = Settings(database_url=database.login_url, rate_limits=False)
    async with running(settings, database.owner_url) as api:
        yield api.app


@pytest.fixture
async def api(application: Litestar, database: TestDatabase) -> AsyncIterator[Api]:
    """The application in this process, without rate limits, and nobody signed in yet."""
    api = Api(application, database.owner_url)
    api.forget()
    yield api
    await api.close()


@pytest.fixture
async def own_api(clone: TestDatabase) -> AsyncIterator[Api]:
    """An application for a test that changes or breaks what it stands on."""
    settings = Settings(database_url=clone.login_url, rate_limits=False)
    async with running(settings, clone.owner_url) as api:
        yield api


@pytest.fixture(scope="session")
def servers() -> Iterator[list[Server]]:
    servers: list[Server] = []
    yield servers
    for server in servers:
        server.stop()


@pytest.fixture
def server(servers: list[Server], database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """``rambla serve``, for what needs a socket: streams, browsers, signals. Another one where a test stopped it."""
    if not servers or servers[-1].process.poll() is not None:
        settings = Settings(database_url=database.login_url, rate_limits=False, log_level="info")
        log = tmp_path_factory.mktemp("server") / "server.log"
        servers.append(Server(settings, database.owner_url, log))
        servers[-1].wait_until_ready()
    return servers[-1]
