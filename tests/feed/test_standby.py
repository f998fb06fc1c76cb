"""A hot standby that streams from the primary serves pages of the feed."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from conftest import Cluster, TestDatabase, become
from feeding import ids, offer, page, publish, walk
from people import ALICE, BOB, CHARLIE, Person
from rambla.feed import serving
from rambla.feed.reading import Dated, read_dated
from rambla.kit.db import ANONYMOUS, Caller
from rambla.kit.postgres import EmbeddedPostgres
from rambla.settings import Settings
from running import remembering, running

PATIENCE = 60


class Standby:
    """Of the cluster that the tests run on."""

    def __init__(self, primary: Cluster, folder: Path) -> None:
        self._primary = primary
        self.postgres = EmbeddedPostgres(folder / "pg", bin_dir=primary.postgres.bin_dir)

    def start(self) -> None:
        self.postgres._folder.prepare()
        copied = self.postgres._run(
            "pg_basebackup", "--dbname", self._primary.url("postgres"), "--write-recovery-conf",
            "--checkpoint=fast", "--no-sync", "--pgdata", self.postgres._folder.cluster,
        )  # fmt: skip
        assert copied.returncode == 0, copied.stderr
        self.postgres.start()

    def catch_up(self) -> None:
        """With all that is committed now."""
        with (
            psycopg.connect(self._primary.url("postgres"), autocommit=True) as there,
            psycopg.connect(self.postgres.dsn(), autocommit=True) as here,
        ):
            (wanted,) = there.execute("select pg_current_wal_insert_lsn()").fetchone() or (None,)
            deadline = time.monotonic() + PATIENCE
            query = "select pg_is_in_recovery(), pg_last_wal_replay_lsn() >= %s::pg_lsn"
            while (found := here.execute(query, (wanted,)).fetchone()) != (True, True):
                assert time.monotonic() < deadline, found
                time.sleep(0.02)

    @contextmanager
    def connect(self, database: TestDatabase, person: Person | str) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(
            self.postgres.dsn(database.name), autocommit=True, row_factory=dict_row
        ) as connection:
            become(connection, person, local=False)
            yield connection

    def dated(self, database: TestDatabase, caller: Caller) -> dict[str, Any]:
        """What a web process reads, as it logs in."""
        with psycopg.connect(
            self.postgres.dsn(database.name, user="rambla_login"), row_factory=dict_row
        ) as login:
            found = login.execute(
                "select * from internal.feed_page_dated(%s, 'for_you', null, null, 50)", (caller.claims,)
            ).fetchone()
        assert found
        return found


@pytest.fixture
def standby(cluster: Cluster, clone: TestDatabase) -> Iterator[Standby]:
    """With posts and shop items of Alice in it."""
    with clone.connect("owner") as owner:
        publish(owner, ALICE, 40)
        offer(owner, ALICE, 8)
    folder = Path(tempfile.mkdtemp(prefix="rambla-standby-"))
    folder.chmod(0o755)
    standby = Standby(cluster, folder)
    try:
        standby.start()
        yield standby
    finally:
        standby.postgres.kill()
        shutil.rmtree(folder, ignore_errors=True)


async def test_pages_come_from_the_standby_unless_it_lags_or_is_away(
    standby: Standby, clone: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []

    async def reading(*place: Any, **more: Any) -> Dated:
        read.append(place)
        return await read_dated(*place, **more)

    monkeypatch.setattr(serving, "read_dated", reading)
    settings = Settings(
        database_url=clone.login_url, rate_limits=False, page_cache_mb=0,
        database_replica_url=standby.postgres.dsn(clone.name, user="rambla_login"),
    )  # fmt: skip
    async with running(settings, clone.owner_url) as api, remembering(api):
        bob = api.as_(BOB)
        first = await bob.get(
            "/v1/feed?limit=5"
        )  # there is no slate yet, so the primary is asked to make one
        standby.catch_up()
        again = await bob.get("/v1/feed?limit=5")
        after = {"limit": 5, "cursor": first.json()["next_cursor"]}
        second = await bob.get("/v1/feed", params=after)
        assert (first.content, len(second.json()["items"]), len(read)) == (again.content, 5, 1)

        with psycopg.connect(standby.postgres.dsn(), autocommit=True) as replica:
            replica.execute("select pg_wal_replay_pause()")
            hidden = first.json()["items"][0]["item_id"]
            await bob.put(f"/v1/feed/hides/{hidden}", json={})
            lagging = await bob.get("/v1/feed?limit=5")
            replica.execute("select pg_wal_replay_resume()")
        assert hidden not in {item["item_id"] for item in lagging.json()["items"]}
        assert len(read) == 2

        standby.catch_up()
        assert (await bob.get("/v1/feed?limit=5")).content == lagging.content
        assert len(read) == 2

        standby.postgres.kill()
        assert [(await bob.get("/v1/feed?limit=5")).content for _ in range(2)] == [lagging.content] * 2
        assert len(read) == 4


def test_a_standby_serves_the_feed_and_writes_nothing(standby: Standby, clone: TestDatabase) -> None:
    with clone.connect(BOB) as primary, standby.connect(clone, BOB) as replica:
        walked = list(walk(primary, limit=20))
        primary.execute("select public.feed_hide(%s)", (walked[0][0]["item_id"],))
        standby.catch_up()

        # Who has a slate reads the same there, page after page, with what they have just hidden gone.
        again = list(walk(replica, limit=20))
        assert again == list(walk(primary, limit=20))
        assert walked[0][0]["item_id"] not in {item for rows in again for item in ids(rows)}
        assert page(replica, after=walked[0][-1]) == page(primary, after=walked[0][-1])

        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            replica.execute("select public.feed_hide(%s)", (walked[0][1]["item_id"],))

    # Who has none gets the page that they would get on the primary, made for the moment and kept nowhere.
    with standby.connect(clone, CHARLIE) as replica, clone.connect(CHARLIE) as primary:
        made = page(replica)
        assert len(made) == 48
        with pytest.raises(psycopg.Error) as expired:
            page(replica, after=made[19])
        assert expired.value.diag.message_detail == "cursor_expired"
        assert ids(page(primary)) == ids(made)

    # A web process asks for the page with its date, and is told when there is no slate that could be kept.
    bobs = standby.dated(clone, Caller.user(BOB.id))
    assert str(walked[0][1]["item_id"]) in bobs["page"]
    oldest, end, under_way = bobs["snapshot"].split(":")
    assert (oldest, under_way) == (end, "")
    assert standby.dated(clone, ANONYMOUS)["page"] is None
