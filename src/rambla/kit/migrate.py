"""Bring a database to what this release expects.

1. ``migrations/bootstrap.sql`` makes roles and schemas, once, as a login that may create roles.
2. ``migrations/NNNN_words.sql`` change tables: each once, in order.
3. ``<slice>/sql/*.sql`` hold functions, policies and triggers: all of them again when one has changed.

2 and 3 are one transaction: nobody meets a table of this release with a function of the one before, and what fails
leaves the database as it was. All of it under one advisory lock, so that any number of processes may start at once. A
table lock that does not come in ``lock_timeout`` gives up instead of making every reader queue behind it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Final, NamedTuple

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import make_conninfo

SLICES: Final = ("auth", "jobs", "content", "commerce", "feed", "notifications", "earnings", "admin")
OWNER: Final = "rambla_owner"
_LOCK: Final = 0x72616D626C61  # "rambla" in ASCII: one lock for every process that migrates
_PATIENCE: Final = "5s"  # with a table that somebody else holds


class Script(NamedTuple):
    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class MigrationError(Exception):
    """One sentence that says why the database was left as it is."""


def migrate(url: str) -> list[str]:
    """Apply what is pending and return its names."""
    with _connected(url) as connection:
        _bootstrap(connection)
        pending = _pending(connection)
        with connection.transaction():
            _become_owner(connection)
            versioned = [script for script in pending if script.name.startswith("migrations/")]
            for script in versioned:
                _execute(connection, script)
                _record(connection, script)
            if len(pending) > len(versioned):
                _apply_repeatable(connection, _repeatable())
        return [script.name for script in pending]


def check(url: str) -> list[str]:
    """Names of what ``migrate`` would apply; changes nothing."""
    with _connected(url) as connection:
        if not _exists(connection, "internal.migrations"):
            return [script.name for script in (*_versioned(), *_repeatable())]
        return [script.name for script in _pending(connection)]


def names() -> list[str]:
    """Every script of this release."""
    return [script.name for script in (*_versioned(), *_repeatable())]


def create_database(url: str, name: str) -> None:
    """Make an empty database beside the one that ``url`` names, unless it is there."""
    with _connected(url) as connection:
        found = connection.execute("select from pg_database where datname = %s", (name,)).fetchone()
        if found is None:
            connection.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))


def check_address(url: str, name: str) -> None:
    """Whether it has the form of one; ``name`` is what its owner calls it."""
    try:
        make_conninfo(url)
    except psycopg.ProgrammingError:  # whose words repeat the address, password included
        raise MigrationError(
            f"{name} is not an address of PostgreSQL: write postgresql://user:password@host:5432/database."
        ) from None


def reach(url: str) -> None:
    """Whether a database answers, before anything rests on it."""
    _connect(url).close()


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    with _connect(url) as connection:
        connection.execute(
            "set lock_timeout = 0; set statement_timeout = 0; set client_min_messages = warning"
        )
        # However long another process migrates; only tables are not waited for so long.
        connection.execute(sql.SQL("select pg_advisory_lock({})").format(_LOCK))
        connection.execute(sql.SQL("set lock_timeout = {}").format(_PATIENCE))
        yield connection


def _connect(url: str) -> Connection:
    try:
        return psycopg.connect(url, autocommit=True, application_name="rambla migrate")
    except psycopg.OperationalError as error:
        raise MigrationError(f"The database does not answer: {' '.join(str(error).split())}") from None


def _bootstrap(connection: Connection) -> None:
    """Roles are the cluster's, not the database's: two databases may bring them up at the same moment."""
    if not _exists(connection, "internal.migrations"):
        script = _read("migrations", "bootstrap.sql")
        with connection.transaction():
            _execute(connection, script)


def _pending(connection: Connection) -> list[Script]:
    applied: dict[str, str] = dict(
        connection.execute("select name, checksum from internal.migrations").fetchall()
    )
    versioned, repeatable = _versioned(), _repeatable()
    unknown = sorted(
        n for n in applied if n.startswith("migrations/") and n not in {s.name for s in versioned}
    )
    if unknown:
        raise MigrationError(
            f"The database is newer than this release: it has {unknown[-1]}. Install the release that made it."
        )
    for script in versioned:
        if applied.get(script.name, script.checksum) != script.checksum:
            raise MigrationError(
                f"{script.name} was applied with another content. Restore the file; add a new one."
            )
    return [script for script in (*versioned, *repeatable) if applied.get(script.name) != script.checksum]


def _apply_repeatable(connection: Connection, scripts: list[Script]) -> None:
    """First unchecked, so that slices may call each other whatever the order; then checked."""
    for checked in (False, True):
        connection.execute("select set_config('check_function_bodies', %s, true)", (str(checked),))
        for script in scripts:
            _execute(connection, script)
    for script in scripts:
        _record(connection, script)


def _become_owner(connection: Connection) -> None:
    connection.execute(sql.SQL("set local role {}").format(sql.Identifier(OWNER)))


def _execute(connection: Connection, script: Script) -> None:
    try:
        connection.execute(script.text.encode())
    except psycopg.Error as error:
        raise MigrationError(f"{script.name}: {str(error).strip()}") from error


def _record(connection: Connection, script: Script) -> None:
    connection.execute(
        "insert into internal.migrations (name, checksum) values (%s, %s)"
        " on conflict (name) do update set checksum = excluded.checksum, applied_at = now()",
        (script.name, script.checksum),
    )


def _versioned() -> list[Script]:
    names = sorted(f.name for f in resources.files("rambla.migrations").iterdir() if f.name[:4].isdigit())
    return [_read("migrations", name) for name in names]


def _repeatable() -> list[Script]:
    """Slice by slice; in each, functions before the policies and triggers that name them."""
    last = ("policies.sql", "triggers.sql", "grants.sql")
    scripts = []
    for slice_ in SLICES:
        folder = resources.files(f"rambla.{slice_}").joinpath("sql")
        names = [f.name for f in folder.iterdir() if f.name.endswith(".sql")] if folder.is_dir() else []
        scripts += [_read(slice_, "sql", name) for name in sorted(names, key=lambda n: (n in last, n))]
    return scripts


def _read(slice_: str, *path: str) -> Script:
    text = resources.files(f"rambla.{slice_}").joinpath(*path).read_text()
    return Script("/".join((slice_, *path)), text)


def _exists(connection: Connection, relation: str) -> bool:
    row = connection.execute("select to_regclass(%s) is not null", (relation,)).fetchone()
    return bool(row and row[0])
