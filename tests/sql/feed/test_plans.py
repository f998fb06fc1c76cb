"""What reading costs, in buffers: bounded, whatever the size of the world and the number of follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from conftest import Cluster, TestDatabase
from people import ALICE, BOB, CHARLIE, Person
from rambla.kit.db import Caller

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
        insert into public.posts (author_id, body, tags, visibility, created_at)
        select md5('a' || 1 + n % {AUTHORS})::uuid, 'Post ' || n, array['t' || n % 50],
            case when n % 7 = 0 then 'followers' else 'public' end, now() - n * interval '1 minute'
        from generate_series(1, {items * 4 // 5}) n;
        insert into public.shop_items (seller_id, title, tags, price_minor, currency, created_at)
        select md5('a' || 1 + n % {AUTHORS})::uuid, 'Item ' || n, array['t' || n % 50], 100, 'EUR',
            now() - n * interval '1 minute'
        from generate_series(1, {items // 5}) n;
        -- Most follow a few.
        insert into public.follows (follower_id, followee_id)
        select md5('a' || n)::uuid, md5('a' || 1 + (n + m * 17) % {AUTHORS})::uuid
        from generate_series(1, {AUTHORS}) n, generate_series(1, 3) m;
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
        owner.execute(
            "insert into public.feed_reactions (user_id, item_id, kind)"
            " select %s, i.item_id, 'like' from public.feed_items i order by i.item_id limit 100",
            (person.id,),
        )
    owner.execute(
        """
        insert into internal.feed_similar (item_id, similar_ids, likeness)
        select r.item_id, s.ids, array_fill(0.1::real, array[50])
        from (select distinct item_id from public.feed_reactions) r
        cross join lateral (
            select array_agg(i.item_id) as ids
            from (select i.item_id from public.feed_items i where i.item_id > r.item_id order by i.item_id limit 50) i
        ) s
        """
    )
    # Most like something and hide something; one likes and hides thousands, all of it old.
    owner.execute(
        f"""
        create temporary table oldest as
        select i.item_id, u.id as viewer_id
        from (select item_id, row_number() over (order by published_at) as n from public.feed_items) i
        cross join lateral (values (md5('a' || i.n)::uuid), ('{CHARLIE.id}')) u (id)
        where i.n <= {AUTHORS};
        insert into public.feed_reactions (user_id, item_id, kind, created_at)
        select o.viewer_id, o.item_id, k.kind, now() - interval '9 days'
        from oldest o, (values ('like'), ('save')) k (kind)
        on conflict do nothing;
        insert into public.feed_hides (user_id, item_id, reason) select o.viewer_id, o.item_id, 'hidden' from oldest o;
        """.encode()
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


def read_by_index(database: TestDatabase, person: Person, statement: str, table: str) -> int:
    """Rows of the table that the statement finds by an index."""
    with database.connect("owner") as owner, database.connect(person) as connection:

        def read() -> int:
            connection.execute(b"select pg_stat_force_next_flush()")
            row = owner.execute(
                "select sum(idx_tup_read) as n from pg_stat_user_indexes where relname = %s", (table,)
            ).fetchone()
            assert row is not None
            return int(row["n"])

        connection.execute(GENERIC)
        connection.execute(statement.encode())
        before = read()
        connection.execute(statement.encode())
        return read() - before


def page(limit: int = 50) -> str:
    return f"select * from public.feed_fusion_home('for_you', null, null, {limit})"


@pytest.mark.parametrize("person", FOLLOWS, ids=lambda person: f"{FOLLOWS[person]} follows")
def test_a_page_costs_some_ten_probes_a_row(worlds: dict[int, TestDatabase], person: Person) -> None:
    few, many = (buffers(worlds[items], person, page()) for items in (FEW, MANY))

    assert many <= 50 * 20
    assert many <= few * 1.5


@pytest.mark.parametrize("table", ["follows", "feed_reactions", "feed_hides"])
def test_a_page_asks_for_each_row_and_reads_nowhere_all_that_is_its_viewers(
    worlds: dict[int, TestDatabase], table: str
) -> None:
    """Who follows, likes and hides thousands waits no longer for it."""
    with worlds[MANY].connect(CHARLIE) as charlie:
        rows = charlie.execute(page().encode()).fetchall()

    assert {row["source"] for row in rows} >= {"followed"}
    assert read_by_index(worlds[MANY], CHARLIE, page(), table) <= 150


@pytest.mark.parametrize(
    "statement", ["select public.feed_refresh('for_you')", page()], ids=["slate", "page"]
)
def test_no_table_is_read_whole_however_small_it_is(worlds: dict[int, TestDatabase], statement: str) -> None:
    with worlds[FEW].connect(BOB) as bob:
        bob.execute(page().encode())  # which has its slate then
        bob.execute("begin")
        bob.execute(statement.encode())
        read = bob.execute(
            "select relname, seq_tup_read from pg_stat_xact_user_tables where relname = any (%s)",
            (["profiles", "posts", "shop_items", "feed_items"],),
        ).fetchall()
        bob.execute("rollback")

    assert {row["relname"]: row["seq_tup_read"] for row in read} == dict.fromkeys(
        ["profiles", "posts", "shop_items", "feed_items"], 0
    )


def test_what_a_page_looks_up_by_its_id_is_found_by_hash(worlds: dict[int, TestDatabase]) -> None:
    """A block each, where the tree of the key takes two and three (docs/decisions/0009)."""
    tables = ["feed_items", "feed_item_json", "feed_counters", "profiles"]
    with worlds[MANY].connect("owner") as owner, worlds[MANY].connect(BOB) as bob:
        bob.execute(page().encode())  # which has its slate then

        def scans() -> dict[str, int]:
            owner.execute(b"select pg_stat_force_next_flush()")
            found = owner.execute(
                "select indexrelname, idx_scan from pg_stat_user_indexes"
                " where relname = any (%s) and indexrelname ~ '_(by_id|pkey)$'",
                (tables,),
            ).fetchall()
            return {row["indexrelname"]: row["idx_scan"] for row in found}

        before = scans()
        owner.execute(
            "select internal.feed_page_dated(%s, 'for_you', null, null, 50)", (Caller.user(BOB.id).claims,)
        )
        more = {name: count - before[name] for name, count in scans().items()}

    assert more == {f"{table}_by_id": 50 for table in tables} | {f"{table}_pkey": 0 for table in tables}


def test_a_page_of_ten_costs_much_less_than_one_of_fifty(worlds: dict[int, TestDatabase]) -> None:
    ten, fifty = (buffers(worlds[MANY], BOB, page(limit)) for limit in (10, 50))

    assert ten <= fifty / 2


@pytest.mark.parametrize("mode", ["for_you", "following", "trending"])
def test_a_slate_costs_the_same_whatever_the_number_of_follows(
    worlds: dict[int, TestDatabase], mode: str
) -> None:
    build = f"select public.feed_refresh('{mode}')"
    costs = {person: buffers(worlds[MANY], person, build) for person in FOLLOWS}

    assert all(cost <= 2_000 for cost in costs.values()), costs


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


# Since ten days ago: the thousand newest posts are looked at, and the thousand newest reposts.
NEWS = "select public.feed_new_count('following', floor(extract(epoch from now()) - 864000) * 2097152)"


@pytest.fixture(params=[0, 2_000, 20_000], ids=lambda count: f"{count} reposts")
def reposted(request: pytest.FixtureRequest, worlds: dict[int, TestDatabase]) -> Iterator[TestDatabase]:
    """The larger world while so many reposts of everybody's are a second apart."""
    with worlds[MANY].connect("owner") as owner:
        owner.execute("set session_replication_role = replica")  # nothing else moves with them
        owner.execute(
            "insert into public.feed_reposts (user_id, item_id, created_at)"
            " select md5('a' || 1 + n * 7919 %% %s)::uuid, i.item_id, now() - n * interval '1 second'"
            " from (select item_id, row_number() over (order by item_id) as n from public.feed_items) i where n <= %s",
            (AUTHORS, request.param),
        )
        owner.execute("vacuum analyze public.feed_reposts")
        yield worlds[MANY]
        owner.execute("truncate public.feed_reposts")


@pytest.mark.parametrize("person", FOLLOWS, ids=lambda person: f"{FOLLOWS[person]} follows")
def test_news_cost_no_more_than_so_many_looks_whatever_there_is(
    reposted: TestDatabase, person: Person
) -> None:
    assert buffers(reposted, person, NEWS) <= 3_000


def test_news_read_nowhere_all_that_their_viewer_has_hidden(worlds: dict[int, TestDatabase]) -> None:
    assert read_by_index(worlds[MANY], CHARLIE, NEWS, "feed_hides") <= 100


def test_no_news_cost_next_to_nothing(reposted: TestDatabase) -> None:
    """What most tabs ask most of the time."""
    with reposted.connect(BOB) as bob:
        bob.execute(b"select public.feed_refresh('following')")

    assert buffers(reposted, BOB, "select public.feed_new_count('following')") <= 40
