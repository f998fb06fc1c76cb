"""A database that an earlier release made becomes the one that this release makes."""

from __future__ import annotations

import gzip
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from conftest import Cluster
from rambla import __version__, reference
from rambla.kit.migrate import MigrationError, check, migrate
from rambla.kit.postgres import find_binaries

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "schema.sql"
EVENTS = """
insert into auth.users (id) values ('0199aaaa-0000-7000-8000-00000000000a');
insert into public.profiles (id, handle, display_name)
values ('0199aaaa-0000-7000-8000-00000000000a', 'alice', 'Alice');
insert into public.feed_events (viewer_id, event_id, item_id, kind)
select '0199aaaa-0000-7000-8000-00000000000a', case n % 2 when 0 then public.uuid7() else md5('event ' || n)::uuid end,
    gen_random_uuid(), 'click'
from generate_series(1, 20) n;
"""
ITEMS = """
insert into auth.users (id) values ('0199aaaa-0000-7000-8000-00000000000a');
insert into public.profiles (id, handle, display_name)
values ('0199aaaa-0000-7000-8000-00000000000a', 'alice', 'Alice');
insert into public.posts (author_id, title, body, image_url, tags, state, created_at)
select '0199aaaa-0000-7000-8000-00000000000a', 'A "title"', E'a\\nbody', '/kiln.jpg', '{clay,"a \\"tag\\""}', s.state,
    '2026-03-01 05:45:00.25+05:45'
from (values ('published'), ('draft')) s (state);
insert into public.shop_items (seller_id, title, price_minor, currency, stock, state)
select '0199aaaa-0000-7000-8000-00000000000a', 'A vase', 990, 'EUR', s.stock, 'listed'
from (values (null), (3)) s (stock);
"""
RELEASES = sorted((Path(__file__).parent / "releases").glob("*.sql.gz"))


@pytest.fixture
def empty(cluster: Cluster, template: str) -> Iterator[str]:
    """In a cluster that has the roles already, as one with an older release does."""
    name = f"upgraded_{os.urandom(6).hex()}"
    cluster.create(name)
    yield cluster.url(name)
    cluster.drop(name)


@pytest.mark.parametrize("release", RELEASES, ids=[path.name.removesuffix(".sql.gz") for path in RELEASES])
def test_an_upgraded_database_is_the_committed_one(release: Path, empty: str) -> None:
    restore(release, empty)

    migrate(empty)

    assert check(empty) == []
    assert bare(SCHEMA.read_text()) == bare(reference.schema(empty, find_binaries(18)))


def test_events_of_the_first_release_are_kept(empty: str) -> None:
    """Its table becomes one with a partition a week, and an event that was counted is not counted again."""
    restore(RELEASES[0], empty)
    with psycopg.connect(empty) as before:
        before.execute(EVENTS)

    migrate(empty)

    with psycopg.connect(empty) as after:
        after.execute("select set_config('request.jwt.claims', '{\"role\": \"service_role\"}', false)")
        after.execute("select public.feed_events_turn()")
        rows = after.execute("select count(*), count(distinct tableoid) from public.feed_events").fetchone()
    assert rows == (20, 2)


def test_items_of_the_first_release_are_read_as_those_of_this_one(empty: str) -> None:
    """What everybody reads on them is made by the upgrade as by the triggers afterwards."""
    restore(RELEASES[0], empty)
    with psycopg.connect(empty) as before:
        before.execute(ITEMS)

    migrate(empty)

    with psycopg.connect(empty) as after:
        of = "select item_id, members from internal.feed_item_json order by item_id"
        upgraded = after.execute(of).fetchall()
        after.execute("update internal.feed_item_json set members = ''")
        after.execute("update public.posts set body = body")
        after.execute("update public.shop_items set title = title")
        assert upgraded == after.execute(of).fetchall()
    assert len(upgraded) == 4


def test_an_upgrade_that_fails_leaves_the_release_before_as_it_was(empty: str) -> None:
    restore(RELEASES[0], empty)
    was = check(empty)
    with psycopg.connect(empty) as before:
        before.execute("create view public.in_the_way as select dwell_ms from public.feed_events")

    with pytest.raises(MigrationError, match="in_the_way"):
        migrate(empty)

    assert check(empty) == was


def test_every_released_version_is_upgraded_from() -> None:
    """bin/docs --release writes the one of this version, once."""
    assert f"{__version__}.sql.gz" in {path.name for path in RELEASES}


def restore(release: Path, url: str) -> None:
    restored = subprocess.run(
        [find_binaries(18) / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", url],
        input=gzip.decompress(release.read_bytes()), capture_output=True, check=False,
    )  # fmt: skip
    assert restored.returncode == 0, restored.stderr.decode()


def bare(schema: str) -> list[str]:
    """Lines without parentheses: a dump that was restored has fewer of them, and means the same."""
    return [line.replace("(", "").replace(")", "") for line in schema.splitlines()]
