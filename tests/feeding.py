"""A world to scroll through: posts, shop items, and reading as a viewer does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

import psycopg

from people import Person

Connection = psycopg.Connection[dict[str, Any]]
Row = dict[str, Any]

FIRST: Final = (None, None)


def publish(
    connection: Connection,
    author: Person,
    count: int = 1,
    *,
    tags: str = "{}",
    visibility: str = "public",
    state: str = "published",
    age: str = "1 hour",
    ids: Sequence[UUID] | None = None,
) -> list[UUID]:
    """Posts of an author, a minute apart, the newest first. Runs as the owner."""
    rows = connection.execute(
        "insert into public.posts (id, author_id, body, tags, visibility, state, created_at)"
        " select coalesce((%s::uuid[])[n], gen_random_uuid()), %s, 'Post ' || n, %s, %s, %s, now() - %s::interval"
        " - n * interval '1 minute' from generate_series(1, %s) n returning id",
        (ids, author.id, tags, visibility, state, age, count),
    )
    return [row["id"] for row in rows]


def offer(
    connection: Connection,
    seller: Person,
    count: int = 1,
    *,
    tags: str = "{}",
    stock: int | None = None,
    state: str = "listed",
    ids: Sequence[UUID] | None = None,
) -> list[UUID]:
    """Shop items of a seller. Runs as the owner."""
    rows = connection.execute(
        "insert into public.shop_items (id, seller_id, title, tags, price_minor, currency, stock, state, created_at)"
        " select coalesce((%s::uuid[])[n], gen_random_uuid()), %s, 'Item ' || n, %s, 1250, 'EUR', %s, %s,"
        " now() - n * interval '1 minute'"
        " from generate_series(1, %s) n returning id",
        (ids, seller.id, tags, stock, state, count),
    )
    return [row["id"] for row in rows]


def move_in(connection: Connection, count: int) -> list[Person]:
    """More people. Runs as the owner."""
    people = [Person(uuid5(NAMESPACE_OID, f"author {n}"), f"author_{n}", f"Author {n}") for n in range(count)]
    for person in people:
        connection.execute("insert into auth.users (id) values (%s)", (person.id,))
        connection.execute(
            "insert into public.profiles (id, handle, display_name) values (%s, %s, %s)",
            (person.id, person.handle, person.name),
        )
    return people


def page(
    connection: Connection,
    mode: str = "for_you",
    *,
    after: Row | None = None,
    limit: int = 50,
    ago: str = "0",
) -> list[Row]:
    """A page as whoever the connection is; ``ago`` is how long ago they read it."""
    score, item_id = (after["score"], after["item_id"]) if after else FIRST
    return connection.execute(
        "select * from public.feed_fusion_home(%s, %s, %s, %s, now() - %s::interval)",
        (mode, score, item_id, limit, ago),
    ).fetchall()


def walk(connection: Connection, mode: str = "for_you", *, limit: int = 50) -> Iterator[list[Row]]:
    """Page after page to the end; the last one is empty or short."""
    rows = page(connection, mode, limit=limit)
    while rows:
        yield rows
        if len(rows) < limit:
            return
        rows = page(connection, mode, after=rows[-1], limit=limit)


def ids(rows: list[Row]) -> list[UUID]:
    return [row["item_id"] for row in rows]


def shops(rows: list[Row]) -> int:
    return sum(row["item_type"] == "shop_item" for row in rows)
