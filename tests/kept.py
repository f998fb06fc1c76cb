"""A database that outlives tests and is put back as it was before each of them.

For those that an application is connected to: starting one costs more than most of the tests that talk to it.
"""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg
from psycopg import sql

# Past the triggers, because some refuse for everybody that rows go; those are switched off and on by name.
_EMPTY: LiteralString = """
    with tables as (
        select c.oid, format('%I.%I', n.nspname, c.relname) as name
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'internal', 'auth')
    ), guards as (
        select t.name, quote_ident(g.tgname) as trigger
        from tables t
        join pg_trigger g on g.tgrelid = t.oid
        where g.tgenabled = 'A'
    ), steps as (
        select 1 as step, format('alter table %s disable trigger %s', name, trigger) as statement from guards
        union all
        select 2, format('delete from %s', name) from tables
        union all
        select 3, format('alter table %s enable always trigger %s', name, trigger) from guards
        union all
        select 4, format(
            'select setval(%L, %s, %L)', format('%I.%I', schemaname, sequencename),
            coalesce(last_value, start_value), last_value is not null
        )
        from pg_sequences
    )
    select 'set session_replication_role = replica; set lock_timeout = ''20s'';'
        || string_agg(statement, ';' order by step, statement)
    from steps
"""
_TABLES: LiteralString = """
    select n.nspname, c.relname
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in ('public', 'internal', 'auth')
    order by 1, 2
"""


class Kept:
    """Remembers every row of a database that is new."""

    def __init__(self, owner_url: str) -> None:
        self._owner_url = owner_url
        with psycopg.connect(owner_url) as connection:
            (self._empty,) = connection.execute(_EMPTY).fetchone() or ("",)
            tables = [sql.Identifier(*names) for names in connection.execute(_TABLES).fetchall()]
            self._rows = [(table, rows) for table in tables if (rows := _copy_out(connection, table))]

    def put_back(self) -> None:
        with psycopg.connect(self._owner_url) as connection:
            connection.execute(self._empty.encode())
            for table, rows in self._rows:
                with connection.cursor().copy(sql.SQL("copy {} from stdin").format(table)) as copy:
                    copy.write(rows)


def _copy_out(connection: psycopg.Connection[Any], table: sql.Identifier) -> bytes:
    """Through a query, because a partitioned table has no rows of its own to copy; without what is generated."""
    columns = connection.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and not attisdropped and attgenerated = '' order by attnum",
        (table.as_string(connection),),
    ).fetchall()
    rows = sql.SQL("select {} from {}").format(
        sql.SQL(", ").join(sql.Identifier(n) for (n,) in columns), table
    )
    with connection.cursor().copy(sql.SQL("copy ({}) to stdout").format(rows)) as copy:
        return b"".join(bytes(piece) for piece in copy)
