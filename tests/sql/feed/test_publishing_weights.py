"""Ada publishes new weights while Alice posts and Bob likes: every item is ranked by the new ones afterwards."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import psycopg.types.json
import pytest

from conftest import TestDatabase
from feeding import Connection, publish
from people import ADA, ALICE, BOB, Person

ROUNDS = 12  # a plan is made for good at the sixth use, and each order comes as often with such a one
POST = f"insert into public.posts (author_id, body) values ('{ALICE.id}', 'New')"
PUBLISH = """
    update public.posts set state = 'published'
    where id = (select id from public.posts where state = 'draft' order by id limit 1)
"""
OFFER = f"""
    insert into public.shop_items (seller_id, title, price_minor, currency) values ('{ALICE.id}', 'New', 100, 'EUR')
"""
LIKE = f"""
    select public.feed_react(p.id, 'like')
    from public.posts p
    where p.state = 'published'
        and not exists (select from public.feed_reactions r where r.item_id = p.id and r.user_id = '{BOB.id}')
    order by p.id
    limit 1
"""
ACTS: dict[str, tuple[Person, str]] = {
    "posts": (ALICE, POST),
    "publishes a draft": (ALICE, PUBLISH),
    "offers": (ALICE, OFFER),
    "likes": (BOB, LIKE),
}
WRONG = """
    select i.item_id
    from public.feed_items i
    join internal.feed_weights() w on true
    left join public.feed_counters c on c.item_id = i.item_id
    where i.engagement_bucket <> coalesce(internal.feed_bucket(c, w), 0)
        or i.rank_key <> internal.feed_rank_key(i.item_type, i.published_at, i.engagement_bucket, w)
    union all
    select a.author_id
    from public.feed_authors a
    where a.top_key is distinct from (
        select max(i.rank_key) from public.feed_items i
        where i.author_id = a.author_id and i.item_type = 'post' and i.live
    )
"""


def weigh(connection: psycopg.Connection[Any], **weights: float) -> None:
    connection.execute("select public.feed_weights_publish(%s)", (psycopg.types.json.Jsonb(weights),))


def until_it_waits(owner: Connection, who: psycopg.Connection[Any], act: Future[Any]) -> None:
    """Or is done: whoever waits for nobody has to have done right as well."""
    deadline = time.monotonic() + 30
    while not act.done():
        row = owner.execute(
            "select pg_blocking_pids(%s) <> '{}' as waits", (who.info.backend_pid,)
        ).fetchone()
        if row and row["waits"]:
            return
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("act", ACTS)
def test_nothing_keeps_a_place_of_the_old_weights(database: TestDatabase, act: str) -> None:
    person, statement = ACTS[act]
    with (
        ThreadPoolExecutor(1) as pool,
        database.connect("owner") as owner,
        database.connect(person, autocommit=False) as somebody,
        database.connect(ADA, autocommit=False) as ada,
    ):
        publish(owner, ALICE, ROUNDS + 1)
        publish(owner, ALICE, ROUNDS, state="draft")
        for n in range(ROUNDS):
            weights = {"post_tau_seconds": 40_000 + n, "shop_tau_seconds": 600_000 + n, "like_weight": 2 + n}
            if n % 2:
                somebody.execute(statement.encode())
                other: Future[Any] = pool.submit(weigh, ada, **weights)
                until_it_waits(owner, ada, other)
                somebody.commit()
                other.result(30)
                ada.commit()
            else:
                weigh(ada, **weights)
                other = pool.submit(somebody.execute, statement.encode())
                until_it_waits(owner, somebody, other)
                ada.commit()
                other.result(30)
                somebody.commit()
            assert owner.execute(WRONG).fetchall() == [], f"{act}, round {n}"


def test_of_two_who_publish_at_once_each_has_their_way(database: TestDatabase) -> None:
    with (
        ThreadPoolExecutor(1) as pool,
        database.connect("owner") as owner,
        database.connect("service_role", autocommit=False) as service,
        database.connect(ADA, autocommit=False) as ada,
    ):
        publish(owner, ALICE, 3)
        weigh(ada, post_tau_seconds=86_400)
        other = pool.submit(weigh, service, like_weight=7)
        until_it_waits(owner, service, other)
        ada.commit()
        other.result(30)
        service.commit()

        weights = owner.execute("select w.* from internal.feed_weights() w").fetchone()
        assert weights is not None
        assert (weights["post_tau_seconds"], weights["like_weight"]) == (86_400, 7)
        assert owner.execute(WRONG).fetchall() == []


START = (
    "select public.feed_experiment_start('half', jsonb_build_array(jsonb_build_object("
    "'arm', 'one', 'weights_version', (select max(version) from public.feed_weights where trial), 'share', 100)))"
)


@pytest.mark.parametrize("publishes_first", [True, False])
def test_no_arm_is_left_with_other_weights_than_everybody(
    database: TestDatabase, publishes_first: bool
) -> None:
    """Whichever of the two comes first, the other is refused."""
    with (
        ThreadPoolExecutor(1) as pool,
        database.connect("owner") as owner,
        database.connect("service_role", autocommit=False) as service,
        database.connect(ADA, autocommit=False) as ada,
    ):
        service.execute("select public.feed_weights_try('{\"tag_boost\": 1}')")
        service.commit()
        if publishes_first:
            weigh(ada, like_weight=7)
            other: Future[Any] = pool.submit(service.execute, START.encode())
            until_it_waits(owner, service, other)
            ada.commit()
        else:
            service.execute(START.encode())
            other = pool.submit(weigh, ada, like_weight=7)
            until_it_waits(owner, ada, other)
            service.commit()
        with pytest.raises(psycopg.Error) as refused:
            other.result(30)

    assert refused.value.diag.message_detail == ("invalid_value" if publishes_first else "conflict")
