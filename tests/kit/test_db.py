"""A transaction is somebody's, all of it, and nobody else's afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from msgspec import Struct

from conftest import TestDatabase
from people import ALICE, BOB
from rambla.errors import Problem
from rambla.kit.db import ANONYMOUS, SERVICE, Caller, Database
from rambla.kit.queries import Query

WHO = Query("select current_user::text as role, auth.uid() as id, session_user::text as login")
ANSWER = Query("select %(value)s::int as answer")


class Who(Struct, frozen=True):
    role: str
    id: UUID | None
    login: str


class Answer(Struct, frozen=True):
    answer: int


@pytest.fixture
async def db(database: TestDatabase) -> AsyncIterator[Database]:
    db = Database.at(database.login_url, size=3)
    await db.open()
    yield db
    await db.close()


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        (ANONYMOUS, Who("anon", None, "rambla_login")),
        (Caller.user(ALICE.id), Who("authenticated", ALICE.id, "rambla_login")),
        (SERVICE, Who("service_role", None, "rambla_login")),
    ],
)
async def test_a_transaction_is_its_caller(db: Database, caller: Caller, expected: Who) -> None:
    async with db.transaction(caller) as tx:
        who = await tx.one(Who, WHO)

    assert who == expected


async def test_a_connection_forgets_who_used_it(db: Database) -> None:
    for caller in (Caller.user(ALICE.id), ANONYMOUS, Caller.user(BOB.id), ANONYMOUS):
        async with db.transaction(caller) as tx:
            assert (await tx.one(Who, WHO)).id == caller.user_id


async def test_many_people_over_few_connections_are_each_themselves(db: Database) -> None:
    async def ask(caller: Caller) -> bool:
        async with db.transaction(caller, read_only=True) as tx:
            return (await tx.one(Who, WHO)).id == caller.user_id

    callers = [Caller.user(ALICE.id), Caller.user(BOB.id), ANONYMOUS, SERVICE] * 100

    assert all(await asyncio.gather(*map(ask, callers)))


async def test_a_get_cannot_write(db: Database) -> None:
    with pytest.raises(Problem) as caught:
        async with db.transaction(SERVICE, read_only=True) as tx:
            await tx.run(Query("create temporary table t (i int)"))

    assert caught.value.code == "unavailable"  # as a server that only reads says it, too; either is logged


async def test_an_exception_undoes_everything(db: Database, database: TestDatabase) -> None:
    rename = Query("update public.profiles set bio = 'changed' where id = %(id)s")

    async def change_and_fail() -> None:
        async with db.transaction(Caller.user(ALICE.id)) as tx:
            assert await tx.run(rename, id=ALICE.id) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_and_fail()

    with database.connect() as connection:
        assert connection.execute("select bio from public.profiles where id = %s", [ALICE.id]).fetchone() == {
            "bio": ""
        }


async def test_a_cancelled_request_gives_its_connection_back_clean(db: Database) -> None:
    async def sleep() -> None:
        async with db.transaction(SERVICE) as tx:
            await tx.run(Query("select pg_sleep(30)"))

    for _ in range(4):  # more often than the pool has connections
        task = asyncio.create_task(sleep())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async with db.transaction(ANONYMOUS) as tx:
        assert (await tx.one(Who, WHO)).role == "anon"


@pytest.mark.parametrize(
    ("statement", "code", "status"),
    [
        (
            "do $$ begin raise sqlstate 'PT410' using detail = 'cursor_expired', message = 'gone'; end $$",
            "cursor_expired",
            410,
        ),
        ("do $$ begin raise sqlstate 'PT999' using detail = 'no such code'; end $$", "internal", 500),
        ("select 1 / 0", "invalid_value", 400),
        ("select 'x'::uuid", "invalid_input", 400),
        ("select * from internal.sessions", "forbidden", 403),
        ("set local statement_timeout = 20; select pg_sleep(5)", "database_timeout", 503),
        ("select nonsense", "internal", 500),
    ],
)
async def test_what_the_database_refuses_is_a_row_of_the_table(
    db: Database, statement: str, code: str, status: int
) -> None:
    with pytest.raises(Problem) as caught:
        async with db.transaction(Caller.user(ALICE.id)) as tx:
            await tx.run(Query(statement))

    assert (caught.value.code, caught.value.status) == (code, status)


async def test_the_message_of_a_contract_error_reaches_the_caller(db: Database) -> None:
    raises = Query(
        "do $$ begin raise sqlstate 'PT409' using detail = 'conflict', message = 'Taken.', hint = 'Wait.'; end $$"
    )

    with pytest.raises(Problem) as caught:
        async with db.transaction(SERVICE) as tx:
            await tx.run(raises)

    assert (caught.value.message, caught.value.hint) == ("Taken.", "Wait.")


async def test_rows_come_as_values(db: Database) -> None:
    async with db.transaction(ANONYMOUS) as tx:
        assert await tx.all(Answer, ANSWER, value=42) == [Answer(42)]
        assert await tx.value(int, ANSWER, value=7) == 7
        assert await tx.first(Answer, Query("select 1 as answer where false")) is None
        with pytest.raises(Problem, match="nothing here"):
            await tx.one(Answer, Query("select 1 as answer where false"))


async def test_a_savepoint_undoes_only_its_block(db: Database) -> None:
    async with db.transaction(Caller.user(ALICE.id)) as tx:
        with pytest.raises(Problem):
            async with tx.savepoint():
                await tx.run(Query("select 1 / 0"))

        assert await tx.value(int, ANSWER, value=1) == 1


async def test_a_backend_that_was_killed_is_unavailable_and_the_pool_heals(
    db: Database, database: TestDatabase
) -> None:
    with psycopg.connect(database.owner_url, autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and usename = 'rambla_login'"
        )
    answers: list[Any] = []
    for _ in range(10):
        try:
            async with db.transaction(ANONYMOUS) as tx:
                answers.append(await tx.value(int, ANSWER, value=1))
        except Problem as problem:
            answers.append(problem.code)

    assert set(answers) <= {"unavailable", 1}
    assert answers[-1] == 1


async def test_a_server_that_was_failed_over_from_is_left_with_the_first_refusal(
    database: TestDatabase,
) -> None:
    """What it refuses is to be tried again, and a connection that stayed would refuse it for as long as it lives."""
    write = Query(
        "insert into public.follows (follower_id, followee_id)"
        " select (%(claims)s::jsonb ->> 'sub')::uuid, %(followee)s returning 1"
    )
    name = psycopg.conninfo.conninfo_to_dict(database.owner_url)["dbname"]
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute(f'alter database "{name}" set default_transaction_read_only = on')
        db = Database.at(database.owner_url, size=1)
        await db.open()
        owner.execute("set default_transaction_read_only = off")
        owner.execute(f'alter database "{name}" set default_transaction_read_only = off')
    try:
        answers: list[Any] = []
        for _ in range(2):
            try:
                answers.append(await db.direct(int, write, Caller.user(ALICE.id), followee=BOB.id))
            except Problem as problem:
                answers.append(problem.code)
    finally:
        await db.close()

    assert answers == ["unavailable", 1]


async def test_a_database_that_does_not_answer_is_unavailable() -> None:
    db = Database.at("postgresql://nobody@127.0.0.1:9/nothing", size=1)

    with pytest.raises(Problem, match="does not answer"):
        await db.open(timeout=0.5)
    await db.close()


async def test_what_a_frozen_process_has_locked_is_free_after_its_patience(database: TestDatabase) -> None:
    lock = Query("select pg_try_advisory_xact_lock(7) as got")
    db = Database.at(database.login_url, size=1, patience=0.3)
    await db.open()
    with pytest.raises(Problem) as told, psycopg.connect(database.owner_url) as other:
        async with db.transaction(SERVICE) as tx:
            assert await tx.value(bool, lock)
            other.execute("select pg_advisory_xact_lock(7)")  # the whole loop stands still until it is free
            await tx.value(bool, lock)
    await db.close()

    assert told.value.code == "database_timeout"
