"""What reading costs, in buffers: bounded, whatever the size of the world and the number of follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from conftest import Cluster, TestDatabase
from people import ALICE, BOB, CHARLIE, Person

AUTHORS = 3000
FOLLOWS = {ALICE: 0, BOB: 100, CHARLIE: 2000}
FEW, MANY = 10_000, 40_000

# Generic plans, as any connection has them after its first few calls.
GENERIC = "set plan_cache_mode = force_generic_plan"


def populate(owner: psycopg.Connection[Any], items: int) -> None:
    owner.execute(
        f"""
        insert into auth.users (id) select md5('a' || n)::uuid from generate_series(1, {AUTHORS}) n;
        insert into public.profiles (id, handle, display_name)
        select md5('a' || n)::uuid, 'a' || n, 'Author ' || n from generate_series(1, {AUTHORS}) n;
        insert into public.posts (author_id, body, tags, created_at)
        select md5('a' || 1 + n % {AUTHORS})::uuid, 'Post ' || n, array['t' || n % 50], now() - n * interval '1 minute'
        from generate_series(1, {items * 4 // 5}) n;
        insert into public.shop_items (seller_id, title, tags, price_minor, currency, created_at)
        select md5('a' || 1 + n % {AUTHORS})::uuid, 'Item ' || n, array['t' || n % 50], 100, 'EUR',
            now() - n * interval '1 minute'
        from generate_series(1, {items // 5}) n;
        """.encode()
    )
    for person, count in FOLLOWS.items():
        owner.execute(
            "insert into public.follows (follower_id, followee_id)"
            " select %s, md5('a' || n)::uuid from generate_series(1, %s) n",
            (person.id, count),
        )
        owner.execute(
            "insert into public.feed_affinities"
            " select %s, 'tag', 't' || n, extract(epoch from now()) / 1209600 from generate_series(1, 20) n",
            (person.id,),
        )


@pytest.fixture(scope="module")
def worlds(cluster: Cluster, template: str) -> Iterator[dict[int, TestDatabase]]:
    """One world, and one of four times its size."""
    made = {}
    for items in (FEW, MANY):
        name = f"rambla_feed_{items}"
        cluster.create(name, template)
        made[items] = TestDatabase(name, cluster.url(name), cluster.url(name, "rambla_login"))
        with made[items].connect("owner") as owner:
            populate(owner, items)
            owner.execute("vacuum analyze")
    yield made
    for database in made.values():
        cluster.drop(database.name)


def buffers(database: TestDatabase, person: Person, statement: str) -> int:
    """Pages of the buffer pool that the statement touches once its plans are made."""
    with database.connect(person) as connection:
        connection.execute(GENERIC)
        connection.execute(statement.encode())
        row = connection.execute(f"explain (analyze, buffers, format json) {statement}".encode()).fetchone()
    assert row is not None
    plan = row["QUERY PLAN"][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def page(limit: int = 50) -> str:
    return f"select * from public.feed_fusion_home('for_you', null, null, {limit})"


@pytest.mark.parametrize("person", FOLLOWS, ids=lambda person: f"{FOLLOWS[person]} follows")
def test_a_page_costs_some_ten_probes_a_row(worlds: dict[int, TestDatabase], person: Person) -> None:
    few, many = (buffers(worlds[items], person, page()) for items in (FEW, MANY))

    assert many <= 50 * 20
    assert many <= few * 1.5


def test_a_page_of_ten_costs_much_less_than_one_of_fifty(worlds: dict[int, TestDatabase]) -> None:
    ten, fifty = (buffers(worlds[MANY], BOB, page(limit)) for limit in (10, 50))

    assert ten <= fifty * 2 / 3


@pytest.mark.parametrize("mode", ["for_you", "following", "trending"])
def test_a_slate_costs_the_same_whatever_the_number_of_follows(
    worlds: dict[int, TestDatabase], mode: str
) -> None:
    build = f"select public.feed_refresh('{mode}')"
    costs = {person: buffers(worlds[MANY], person, build) for person in FOLLOWS}

    assert all(cost <= 6_000 for cost in costs.values()), costs


@pytest.mark.parametrize("person", FOLLOWS, ids=lambda person: f"{FOLLOWS[person]} follows")
def test_a_slate_of_a_larger_world_costs_the_same(worlds: dict[int, TestDatabase], person: Person) -> None:
    build = "select public.feed_refresh('for_you')"
    few, many = (buffers(worlds[items], person, build) for items in (FEW, MANY))

    assert many <= few * 1.5


def test_a_cursor_deep_in_the_slate_costs_no_more(worlds: dict[int, TestDatabase]) -> None:
    with worlds[MANY].connect(BOB) as bob:
        after: tuple[float, UUID] | None = None
        for _ in range(5):
            arguments = f"'{after[0]}'::float8, '{after[1]}'" if after else "null, null"
            row = bob.execute(
                f"select * from public.feed_fusion_home('for_you', {arguments}, 50) order by score limit 1".encode()
            ).fetchone()
            assert row is not None
            after = (row["score"], row["item_id"])
    assert after is not None
    deep = buffers(
        worlds[MANY],
        BOB,
        f"select * from public.feed_fusion_home('for_you', '{after[0]}'::float8, '{after[1]}', 50)",
    )

    assert deep <= buffers(worlds[MANY], BOB, page()) * 1.2
