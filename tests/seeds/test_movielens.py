"""``rambla seed movielens``: real ratings, and the four systems run on them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import psycopg
import pytest
from psycopg.rows import dict_row

from conftest import Cluster, TestDatabase, become
from people import Person
from rambla.seeds.cinema import DOMAIN, film_id, sold, viewer_id
from rambla.seeds.movielens import RECBOLE, seed_movielens
from rambla.seeds.ratings import Ratings, read
from rambla.seeds.summary import Summary
from rambla.seeds.wheel import fetch

VIEWERS: Final = 80
Connection = psycopg.Connection[dict[str, Any]]


def quiet(_: str) -> None:
    """For seeds whose words are not the matter."""


@pytest.fixture(scope="module")
def data() -> Ratings:
    return read(fetch(RECBOLE)).of_first(VIEWERS)


@pytest.fixture(scope="module")
def seeded(cluster: Cluster, uninhabited: str) -> Iterator[tuple[TestDatabase, Summary]]:
    name = "rambla_movielens"
    cluster.create(name, uninhabited)
    database = TestDatabase(name, cluster.url(name), cluster.url(name, "rambla_login"))
    yield database, seed_movielens(database.owner_url, quiet, viewers=VIEWERS)
    cluster.drop(name)


@pytest.fixture
def owner(seeded: tuple[TestDatabase, Summary]) -> Iterator[Connection]:
    """The owner's session; what a test does is rolled back."""
    with psycopg.connect(seeded[0].owner_url, row_factory=dict_row) as connection:
        yield connection
        connection.rollback()


def rows(connection: Connection, query: str, *params: object) -> list[dict[str, Any]]:
    return connection.execute(query.encode(), params).fetchall()


def someone(number: int) -> Person:
    return Person(viewer_id(number), f"viewer_{number}", f"Viewer {number}")


def test_films_become_posts_and_a_fifth_become_shop_items(
    data: Ratings, seeded: tuple[TestDatabase, Summary]
) -> None:
    _, summary = seeded

    assert summary["shop items"] == sum(sold(film) for film in data.films)
    assert summary["posts"] == sum(not sold(film) for film in data.films)
    assert 0.18 < summary["shop items"] / len(data.films) < 0.22


def test_a_film_keeps_its_title_and_its_genres(owner: Connection) -> None:
    (post,) = rows(owner, "select title, tags from public.posts where id = %s", film_id(483))

    assert post == {"title": "Casablanca (1942)", "tags": ["drama", "romance", "war", "1940s"]}


def test_a_rating_becomes_what_it_stands_for(data: Ratings, owner: Connection) -> None:
    stars = Counter(rating.stars for rating in data.ratings)
    reactions = {
        row["kind"]: row["n"]
        for row in rows(owner, "select kind, count(*) n from public.feed_reactions group by 1")
    }
    events = {
        row["kind"]: row["n"]
        for row in rows(owner, "select kind, count(*) n from public.feed_events group by 1")
    }

    assert reactions == {"like": stars[4] + stars[5], "save": stars[5]}
    assert events == {"impression": len(data.ratings), "click": stars[3] + stars[4] + stars[5]}


def test_times_are_the_real_ones_moved_by_one_constant(data: Ratings, owner: Connection) -> None:
    seen = {
        (row["viewer_id"], row["item_id"]): row["received_at"]
        for row in rows(owner, "select * from public.feed_events where kind = 'impression'")
    }
    shifts = {seen[viewer_id(r.viewer), film_id(r.film)] - r.at for r in data.ratings}

    assert len(shifts) == 1
    assert dt.datetime.now(dt.UTC) - max(seen.values()) < dt.timedelta(minutes=10)


def test_everybody_follows_the_critics_whose_films_they_rate_highest(owner: Connection) -> None:
    liked_more = rows(
        owner,
        """
        with opinion as (
            select r.user_id, p.author_id, count(*) filter (where r.kind = 'like') as likes
            from public.feed_reactions r join public.posts p on p.id = r.item_id group by 1, 2
        )
        select
            avg(o.likes) filter (where f.follower_id is not null) as followed,
            avg(o.likes) filter (where f.follower_id is null) as others
        from opinion o left join public.follows f on (f.follower_id, f.followee_id) = (o.user_id, o.author_id)
        """,
    )[0]
    fewest = rows(owner, "select count(*) as n from public.follows group by follower_id order by 1 limit 1")

    assert 2 * liked_more["followed"] > 3 * liked_more["others"]
    assert fewest[0]["n"] >= 1


def test_a_first_page_is_full_and_shows_nothing_that_was_bought(owner: Connection) -> None:
    buyers = rows(owner, "select distinct buyer_id from public.orders order by 1 limit 5")
    for row in buyers:
        become(owner, Person(row["buyer_id"], "buyer", "Buyer"))
        page = rows(owner, "select * from public.feed_fusion_home('for_you', null, null, 50)")
        owned = {r["item_id"] for r in rows(owner, "select item_id from public.owned_items")}
        become(owner, "owner")

        assert len({item["item_id"] for item in page}) == 50
        assert sum(item["item_type"] == "shop_item" for item in page) == 10
        assert owned & {item["item_id"] for item in page} == set()
        assert owned


def test_orders_are_paid_when_the_films_were_rated_and_their_earnings_add_up(owner: Connection) -> None:
    states = rows(owner, "select distinct state from public.orders")
    late = rows(
        owner,
        "select id from public.orders where paid_at > now() - interval '1 second' or placed_at > paid_at",
    )
    drift = rows(
        owner,
        """
        select l.user_id from public.earnings_ledger l
        where l.total <> (
            select sum(e.amount_minor) from public.earnings_events e
            where (e.user_id, e.currency) = (l.user_id, l.currency)
        )
        """,
    )
    buckets = {row["status"] for row in rows(owner, "select distinct status from public.earnings_events")}

    assert states == [{"state": "paid"}]
    assert late == []
    assert drift == []
    assert {"pending", "captured", "reversed"} <= buckets


def test_followers_were_told_and_held_back_for_every_reason(seeded: tuple[TestDatabase, Summary]) -> None:
    _, summary = seeded

    assert summary["notifications sent inapp"] > 100
    assert summary["suppressed by quiet hours"] > 0
    assert summary["suppressed by preference"] > 0


def test_nobody_is_told_more_than_five_times_a_day(owner: Connection) -> None:
    most = rows(
        owner,
        """
        select max(n) as most from (
            select count(*) as n
            from public.notifications n join public.profiles p on p.id = n.user_id
            where n.channel = 'inapp'
            group by n.user_id, (n.sent_at at time zone p.timezone)::date
        ) days
        """,
    )

    assert most[0]["most"] <= 5


def test_the_worker_has_delivered_every_receipt(seeded: tuple[TestDatabase, Summary]) -> None:
    _, summary = seeded

    assert summary["jobs completed"] == summary["orders paid"] == summary["notifications sent email"]
    assert "jobs pending" not in {count.what for count in summary.counts}


def test_what_a_viewer_feels_is_what_the_product_would_have_added_up(
    data: Ratings, owner: Connection
) -> None:
    """The same acts, one by one through feed_react and feed_record, warm to the same heat."""
    viewer = someone(7)
    acts = rows(
        owner,
        """
        select 'react' as how, kind, item_id, created_at as at, null::uuid as event_id
        from public.feed_reactions where user_id = %(v)s
        union all
        select 'record', kind, item_id, received_at, event_id from public.feed_events where viewer_id = %(v)s
        order by at
        """.replace("%(v)s", f"'{viewer.id}'"),
    )
    warmth = (
        "select subject_type, subject, round(heat_key::numeric, 6) as heat from public.feed_affinities"
        " where viewer_id = %s order by 1, 2"
    )
    expected = rows(owner, warmth, viewer.id)
    kept = {"reactions": "user_id", "events": "viewer_id", "firsts": "viewer_id", "affinities": "viewer_id"}
    for table, column in kept.items():
        rows(owner, f"delete from public.feed_{table} where {column} = %s returning 1", viewer.id)
    rows(
        owner, "delete from internal.feed_unfolded returning 1"
    )  # what went into carts, by the shop's own doors
    become(owner, viewer)
    for act in acts:
        if act["how"] == "react":
            rows(owner, "select public.feed_react(%s, %s, %s)", act["item_id"], act["kind"], act["at"])
        else:
            event = f'[{{"event_id": "{act["event_id"]}", "item_id": "{act["item_id"]}", "kind": "{act["kind"]}"}}]'
            rows(owner, "select public.feed_record(%s, %s)", event, act["at"])
    become(owner, "service_role")
    rows(owner, "select public.feed_fold()")
    become(owner, "owner")

    assert rows(owner, warmth, viewer.id) == expected
    assert len(expected) > 20


def test_movielens_again_is_there_already(seeded: tuple[TestDatabase, Summary]) -> None:
    database, first = seeded
    again = seed_movielens(database.owner_url, quiet, viewers=VIEWERS)

    assert (first.already, again.already) == (False, True)
    assert again.counts == first.counts


def test_a_seed_that_was_interrupted_is_completed_without_doing_anything_twice(empty: TestDatabase) -> None:
    whole = seed_movielens(empty.owner_url, quiet, viewers=20)
    with psycopg.connect(empty.owner_url) as connection:
        connection.execute("delete from public.audit_log where action = 'seed.movielens'")
    resumed = seed_movielens(empty.owner_url, quiet, viewers=20)

    assert resumed.already is False
    assert {c.what: c.number for c in resumed.counts if "suppressed" not in c.what} == {
        c.what: c.number for c in whole.counts if "suppressed" not in c.what
    }


def test_nineteen_ninety_eight_stays_where_it_was(empty: TestDatabase) -> None:
    seed_movielens(empty.owner_url, quiet, viewers=5, as_of="1998")
    with psycopg.connect(empty.owner_url) as connection:
        newest = connection.execute("select max(received_at) from public.feed_events").fetchone()

    assert newest is not None
    assert newest[0].year in (1997, 1998)


def test_nobody_of_it_has_an_address_that_could_be_real(owner: Connection) -> None:
    assert rows(owner, "select email from auth.users where email not like %s", f"%@{DOMAIN}") == []
