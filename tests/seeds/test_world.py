"""``rambla seed world``: what COPY loads is what the product itself would have written."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import psycopg
import pytest
from psycopg.rows import dict_row

from conftest import Cluster, TestDatabase, become
from people import Person
from rambla.errors import Problem
from rambla.seeds.world import seed_world

SMALL: Final[dict[str, Any]] = {"viewers": 40, "items": 2_000, "follows": 300, "say": lambda _: None}
AS_OF: Final = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=5)
FEED: Final = {
    "internal.feed_item_json": "item_id, members",
    "public.feed_items": "item_id, item_type, author_id, tags, visibility, live, in_stock, published_at,"
    " engagement_bucket, rank_key",
    "public.feed_item_tags": "item_id, tag, item_type, author_id, rank_key",
    "public.feed_authors": "author_id, top_key, first_live_at",
    "public.feed_counters": "item_id, likes, saves, shares, clicks, purchases, impressions",
}


def owner(database: TestDatabase) -> psycopg.Connection[dict[str, Any]]:
    return psycopg.connect(database.owner_url, autocommit=True, row_factory=dict_row)


def feed_of(connection: psycopg.Connection[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {
        table: connection.execute(f"select {columns} from {table} order by 1, 2".encode()).fetchall()
        for table, columns in FEED.items()
    }


def test_a_world_has_the_numbers_that_were_asked_for(empty: TestDatabase) -> None:
    summary = seed_world(empty.owner_url, **SMALL)

    assert {count.what: count.number for count in summary.counts} == {
        "people": 40,
        "posts": 1_600,
        "shop items": 400,
        "follows": 300,
    }


def test_a_viewer_reads_fifty_items_of_which_ten_are_for_sale(empty: TestDatabase) -> None:
    seed_world(empty.owner_url, **SMALL)

    with owner(empty) as connection:
        viewers = connection.execute(
            "select id, handle, display_name from public.profiles order by md5(handle) limit 3"
        )
        for row in viewers.fetchall():
            become(connection, Person(row["id"], row["handle"], row["display_name"]), local=False)
            page = connection.execute(
                "select * from public.feed_fusion_home('for_you', null, null, 50)"
            ).fetchall()
            become(connection, "owner", local=False)

            assert len({item["item_id"] for item in page}) == 50
            assert sum(item["item_type"] == "shop_item" for item in page) == 10


def test_copy_leaves_the_rows_that_the_triggers_would_have_written(
    cluster: Cluster, empty: TestDatabase
) -> None:
    """The same posts and shop items, inserted one by one and then liked, give the same feed to the last digit."""
    seed_world(empty.owner_url, **SMALL, as_of=AS_OF)
    by_hand = f"{empty.name}_by_hand"
    cluster.create(by_hand, empty.name)
    copy = TestDatabase(by_hand, cluster.url(by_hand), cluster.url(by_hand, "rambla_login"))
    with owner(empty) as loaded, owner(copy) as written:
        expected = feed_of(loaded)
        written.execute("create temporary table old_posts as select * from public.posts")
        written.execute("create temporary table old_items as select * from public.shop_items")
        written.execute("create temporary table old_counters as select * from public.feed_counters")
        written.execute(
            "delete from public.posts; delete from public.shop_items; delete from public.feed_authors"
        )
        assert feed_of(written) == {table: [] for table in FEED}
        written.execute("""
            do $$
            declare
                p public.posts;
                i public.shop_items;
                c public.feed_counters;
            begin
                for p in select * from old_posts order by created_at loop
                    insert into public.posts values (p.*);
                end loop;
                for i in select * from old_items order by created_at loop
                    insert into public.shop_items values (i.*);
                end loop;
                for c in select * from old_counters loop
                    perform internal.feed_count(array[c]);
                end loop;
            end
            $$
        """)

        assert feed_of(written) == expected
        assert len(expected["public.feed_counters"]) > 3
    cluster.drop(by_hand)


def test_loading_gives_back_every_index_key_and_trigger(empty: TestDatabase) -> None:
    bindings = b"""
        select conrelid::regclass::text as t, conname::text as name, pg_get_constraintdef(oid) as is from pg_constraint
        union all select tablename, indexname, indexdef from pg_indexes where schemaname <> 'pg_catalog'
        union all select tgrelid::regclass::text, tgname::text, tgenabled::text from pg_trigger where not tgisinternal
        order by 1, 2, 3
    """
    with owner(empty) as connection:
        before = connection.execute(bindings).fetchall()
        seed_world(empty.owner_url, **SMALL)

        assert connection.execute(bindings).fetchall() == before


def test_the_same_world_again_is_there_already(empty: TestDatabase) -> None:
    first = seed_world(empty.owner_url, **SMALL)
    second = seed_world(empty.owner_url, **SMALL)

    assert (first.already, second.already) == (False, True)
    assert second.counts == first.counts


def test_a_second_seed_makes_a_second_world_beside_the_first(empty: TestDatabase) -> None:
    seed_world(empty.owner_url, **SMALL, seed=1)
    seed_world(empty.owner_url, **SMALL, seed=2)

    with owner(empty) as connection:
        assert connection.execute("select count(*) as n from public.feed_items").fetchone() == {"n": 4_000}


def test_one_seed_does_not_make_two_different_worlds(empty: TestDatabase) -> None:
    seed_world(empty.owner_url, **SMALL)

    with pytest.raises(Problem, match="Take another --seed"):
        seed_world(empty.owner_url, **SMALL | {"items": 3_000})


def test_more_follows_than_pairs_of_people_is_one_sentence(empty: TestDatabase) -> None:
    with pytest.raises(Problem, match="40 viewers can follow 20 authors at most 760 times"):
        seed_world(empty.owner_url, **SMALL | {"follows": 800})
