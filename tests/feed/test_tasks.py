"""What a worker does for the feed while nobody looks."""

from __future__ import annotations

from conftest import TestDatabase
from feeding import publish
from people import ALICE, BOB
from rambla.feed.tasks import TASKS
from working import worked


async def test_all_that_waits_is_folded_however_much_it_is(database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        (post, other) = publish(owner, ALICE, 2, tags="{clay}")
        owner.execute(
            "insert into internal.feed_unfolded (viewer_id, item_id, kind, at)"
            " select %s, case n %% 2 when 0 then %s::uuid else %s end, 'click', now() from generate_series(1, 11000) n",
            (BOB.id, post, other),
        )

        await worked(database, TASKS, "feed_fold")

        counted = owner.execute("select distinct clicks from public.feed_counters").fetchall()
        waiting = owner.execute("select count(*) as n from internal.feed_unfolded").fetchone()
    assert counted == [{"clicks": 5500}]
    assert waiting == {"n": 0}


async def test_what_is_past_its_days_is_pruned(database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        (post,) = publish(owner, ALICE)
        for table, column in (("feed_events", "received_at"), ("feed_firsts", "at")):
            event = "gen_random_uuid(), " if table == "feed_events" else ""
            name = "event_id, " if event else ""
            owner.execute(
                f"insert into public.{table} (viewer_id, {name}item_id, kind, {column})"
                f" select %s, {event}%s, 'click', now() - interval '91 days'".encode(),
                (BOB.id, post),
            )

        await worked(database, TASKS, "feed_prune")

        left = owner.execute(
            "select (select count(*) from public.feed_events) + (select count(*) from public.feed_firsts) as n"
        ).fetchone()
    assert left == {"n": 0}


def test_all_run_by_themselves() -> None:
    assert set(TASKS.schedules) == {"feed_fold", "feed_prune", "feed_relate"}
