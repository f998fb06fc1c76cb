"""Every statement runs in a transaction that has become its caller first.

The pool's login may do nothing but become ``anon``, ``authenticated`` or ``service_role``; row security and
grants then decide. Role and claims are transaction-local, so a pooled connection never carries one person's
claims into another's request, and a transaction pooler may stand in between.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from types import UnionType
from typing import Any, Final, Literal, TypeVar, overload
from uuid import UUID

import msgspec
import psycopg
from msgspec import Struct
from psycopg import AsyncConnection, sql
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from rambla.errors import Problem
from rambla.kit.dberrors import translate
from rambla.kit.queries import Query

T = TypeVar("T")
Row = dict[str, Any]
Role = Literal["anon", "authenticated", "service_role", "rambla_owner"]


class Caller(Struct, frozen=True, dict=True):
    """On whose behalf a transaction runs."""

    role: Role
    user_id: UUID | None = None

    @classmethod
    def user(cls, user_id: UUID) -> Caller:
        return cls("authenticated", user_id)

    @cached_property  # sessions remember their callers, and every request says for whom it is
    def name(self) -> str:
        """The id of a person, the role of anybody else."""
        return str(self.user_id or self.role)

    @cached_property
    def claims(self) -> str:
        claims = {"role": self.role} if self.user_id is None else {"role": self.role, "sub": self.name}
        return msgspec.json.encode(claims).decode()


ANONYMOUS: Final = Caller("anon")
SERVICE: Final = Caller("service_role")
OWNER: Final = Caller("rambla_owner")  # only for the command line: the login of requests may not become it


class Transaction:
    """What slices see of the database: named queries in, typed values out."""

    def __init__(self, connection: AsyncConnection[Row]) -> None:
        self._connection = connection

    async def all(self, of: type[T], query: Query, /, **params: Any) -> list[T]:
        """Every row as ``of``."""
        return msgspec.convert(await self._rows(query, params), list[of], strict=False)  # type: ignore[valid-type]  # a type variable is a type at run time

    async def first(self, of: type[T], query: Query, /, **params: Any) -> T | None:
        """The first row as ``of``, or None."""
        rows = await self._rows(query, params)
        return msgspec.convert(rows[0], of, strict=False) if rows else None

    async def one(self, of: type[T], query: Query, /, **params: Any) -> T:
        """The first row as ``of``; no row is ``not_found``, so "not yours" answers as "absent" does."""
        found = await self.first(of, query, **params)
        if found is None:
            raise Problem("not_found")
        return found

    @overload
    async def value(self, of: type[T], query: Query, /, **params: Any) -> T: ...

    @overload
    async def value(self, of: UnionType, query: Query, /, **params: Any) -> Any: ...

    async def value(self, of: Any, query: Query, /, **params: Any) -> Any:
        """The first column of the first row; ``of`` is ``T | None`` where the column may be null."""
        rows = await self._rows(query, params)
        if not rows:
            raise Problem("not_found")
        return msgspec.convert(next(iter(rows[0].values())), of, strict=False)

    async def run(self, query: Query, /, **params: Any) -> int:
        """Execute for the effect; how many rows it touched."""
        with translate():
            return (await self._connection.execute(_statement(query), params)).rowcount

    async def copy(self, query: Query, rows: Iterable[Sequence[Any]]) -> None:
        """Load rows through ``copy ... from stdin``."""
        with translate():
            async with self._connection.cursor() as cursor, cursor.copy(_statement(query)) as copy:
                for row in rows:
                    await copy.write_row(row)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo only this block when it raises."""
        async with self._connection.transaction():
            yield

    async def _rows(self, query: Query, params: Mapping[str, Any]) -> list[Row]:
        with translate():
            return await (await self._connection.execute(_statement(query), params)).fetchall()


class Rehearsal(Transaction):
    """A transaction in which everything happens and nothing stays; it may be several people in turn."""

    async def become(self, caller: Caller) -> None:
        await self._connection.execute(_become(caller))


class Database:
    """A pool whose every checkout is a transaction as somebody."""

    def __init__(
        self,
        pool: AsyncConnectionPool[AsyncConnection[Row]],
        *,
        patience: float | None = None,
        touched: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._pool = pool
        self._patience = patience
        self._touched = touched

    @classmethod
    def at(
        cls,
        url: str,
        *,
        size: int,
        prepare: bool = True,
        wait: float = 5.0,
        patience: float | None = None,
        touched: Callable[[str], None] = lambda _: None,
    ) -> Database:
        """``prepare`` is off behind a transaction pooler, where a prepared statement may vanish.

        ``wait`` is how many seconds a request waits for a connection before it is told ``unavailable``.
        ``patience`` is how many seconds a transaction may take before its connection is cut: one that is open on
        this side only would be waited for until the end of time. The server ends one that idles for as long.
        ``touched`` is told what each commit has touched (``kit/changes.py``) before whoever made it goes on; other
        processes hear the same by NOTIFY.
        """
        pool: AsyncConnectionPool[AsyncConnection[Row]] = AsyncConnectionPool(
            url,
            min_size=min(2, size),
            max_size=size,
            timeout=wait,
            open=False,
            check=None,
            kwargs={
                "row_factory": dict_row,
                "autocommit": True,
                "prepare_threshold": 3 if prepare else None,
                "application_name": "rambla",
                "connect_timeout": 10,
                "keepalives_idle": 15,  # a peer that is gone without a word is noticed within half a minute
                "keepalives_interval": 5,
                "keepalives_count": 3,
                "tcp_user_timeout": 30_000,
            },
        )
        return cls(pool, patience=patience, touched=touched)

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str, *, size: int) -> AsyncIterator[Database]:
        """For a command: connected as long as the block lasts."""
        database = cls.at(url, size=size)
        await database.open()
        try:
            yield database
        finally:
            await database.close()

    async def open(self, timeout: float = 15.0) -> None:  # noqa: ASYNC109 - the pool's own patience
        """Connect; a database that does not answer is ``unavailable``."""
        try:
            await self._pool.open(wait=True, timeout=timeout)
        except PoolTimeout as error:
            raise Problem("unavailable", "The database does not answer.") from error

    async def open_in_time(self) -> None:
        """Connect in the background; until it has, whoever asks is told ``unavailable``."""
        await self._pool.open()

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def transaction(self, caller: Caller, *, read_only: bool = False) -> AsyncIterator[Transaction]:
        """Begin, become the caller, and commit at the end; any exception rolls back."""
        async with self._checkout() as connection:
            try:
                await connection.execute(_begin(caller, read_only=read_only, patience=self._patience))
                yield Transaction(connection)
                await self._commit(connection, read_only=read_only)
            finally:
                if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                    await _abandon(connection)

    async def direct(self, of: type[T], query: Query, caller: Caller, /, **params: Any) -> T | None:
        """The first column of a function that becomes the caller itself: one statement, one round trip.

        The query hands it ``%(claims)s``; the statement is a transaction of its own, and what it sets ends with it.
        """
        async with self._checkout() as connection:
            tx = Transaction(connection)
            found: T | None = await tx.value(of | None, query, claims=caller.claims, **params)
            return found

    async def direct_row(self, of: type[T], query: Query, caller: Caller, /, **params: Any) -> T:
        """The same for a function that gives a row."""
        async with self._checkout() as connection:
            return await Transaction(connection).one(of, query, claims=caller.claims, **params)

    async def _commit(self, connection: AsyncConnection[Row], *, read_only: bool) -> None:
        if read_only:
            await connection.execute("commit")
            return
        # In the message of the commit, and told only once that has succeeded.
        answer = await connection.execute("select current_setting('rambla.touched', true) as touched; commit")
        row = await answer.fetchone()
        for payload in ((row and row["touched"]) or "").split():
            self._touched(payload)

    @asynccontextmanager
    async def rehearsal(self, caller: Caller = OWNER) -> AsyncIterator[Rehearsal]:
        """Begin as the caller and always roll back."""
        with translate():
            async with self._pool.connection() as connection:
                await connection.execute(_begin(caller, read_only=False))
                try:
                    yield Rehearsal(connection)
                finally:
                    await _abandon(connection)

    @asynccontextmanager
    async def _checkout(self) -> AsyncIterator[AsyncConnection[Row]]:
        with translate():
            async with self._pool.connection() as connection:
                timer = self._patience and asyncio.get_running_loop().call_later(
                    self._patience, _cut, connection
                )
                try:
                    yield connection
                except Problem as problem:
                    if isinstance(problem.__cause__, psycopg.errors.ReadOnlySqlTransaction):
                        await connection.close()  # to a server that was failed over from, as likely as not
                    raise
                finally:
                    if timer:
                        timer.cancel()


class Nested(Database):
    """A database that is one open transaction of the service: what begins in it is a savepoint of that."""

    def __init__(self, outer: Transaction) -> None:
        self._connection = outer._connection  # noqa: SLF001 - of this module, and of no slice

    @asynccontextmanager
    async def transaction(self, caller: Caller, *, read_only: bool = False) -> AsyncIterator[Transaction]:  # noqa: ARG002 - a savepoint cannot be
        async with self._connection.transaction():
            await self._connection.execute(_become(caller))
            yield Transaction(self._connection)
            await self._connection.execute(_become(SERVICE))  # an error takes it back with the savepoint


def _begin(caller: Caller, *, read_only: bool, patience: float | None = None) -> sql.Composed:
    # One simple-protocol message: begin, role and claims cost a single round trip.
    return sql.SQL("begin {}; {}{}").format(
        sql.SQL("read only" if read_only else "read write"), _not_longer(patience), _become(caller)
    )


def _not_longer(patience: float | None) -> sql.Composable:
    """A process that is frozen in a transaction cannot cut it; what it has locked is locked for all until then."""
    if patience is None:
        return sql.SQL("")
    limit = sql.SQL("set local idle_in_transaction_session_timeout = {}; ")
    return limit.format(sql.Literal(round(patience * 1000)))


def _become(caller: Caller) -> sql.Composed:
    return sql.SQL("set local role {}; select set_config('request.jwt.claims', {}, true)").format(
        sql.Identifier(caller.role), sql.Literal(caller.claims)
    )


def _cut(connection: AsyncConnection[Row]) -> None:
    """Whoever waits for an answer reads the end of the stream, and the pool replaces the connection."""
    with (
        contextlib.suppress(psycopg.Error, OSError),
        socket.socket(fileno=os.dup(connection.fileno())) as other,
    ):
        other.shutdown(socket.SHUT_RDWR)


async def _abandon(connection: AsyncConnection[Row]) -> None:
    if not connection.closed:
        await connection.rollback()


def _statement(query: Query) -> bytes:
    # As bytes, because psycopg takes text only from literals; Query promises as much: it came from a file.
    return query.encode()
