"""What stands above what, and why."""

from __future__ import annotations

import itertools
import math
from uuid import UUID, uuid4

import msgspec
import pytest

from conftest import Session
from feeding import ids, move_in, offer, page, publish, walk
from people import ADA, ALICE, BOB, CHARLIE


def bucket(session: Session, item: UUID) -> int:
    found: int = session.value("select engagement_bucket from public.feed_items where item_id = %s", item)
    return found


def count(session: Session, item: UUID, **counters: int) -> None:
    """Engagement as if it had come in long ago."""
    session.run(
        "select internal.feed_count(array[jsonb_populate_record("
        "(%s, 0, 0, 0, 0, 0, 0, 0, 0, 0)::public.feed_counters, %s)])",
        item, msgspec.json.encode(counters).decode(),
    )  # fmt: skip


@pytest.mark.parametrize("likes", [0, 1, 2, 10, 1000, 1_000_000])
def test_engagement_is_counted_in_quarters_of_a_doubling(session: Session, likes: int) -> None:
    (post,) = publish(session.connection, ALICE)
    count(session, post, likes=likes)

    assert math.floor(4 * math.log2(1 + likes)) == bucket(session, post)


def test_a_million_likes_rewrite_the_key_some_eighty_times(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    keys = set()
    for likes in (round(1.05**n) for n in range(284)):
        session.run("update public.feed_counters set likes = %s where item_id = %s", likes, post)
        count(session, post)
        keys.add(session.value("select rank_key from public.feed_items where item_id = %s", post))

    assert len(keys) <= 81


def test_tau_seconds_are_worth_a_factor_of_e(session: Session) -> None:
    young, old = (publish(session.connection, ALICE, age=age)[0] for age in ("0", "34396 seconds"))
    keys = [
        session.value("select rank_key from public.feed_items where item_id = %s", item)
        for item in (young, old)
    ]

    assert math.isclose(keys[0] - keys[1], 1, abs_tol=1e-6)


def test_what_is_liked_stands_above_what_is_new(session: Session) -> None:
    posts = publish(session.connection, ALICE, 20)
    count(session, posts[-1], likes=50)
    with session.as_user(BOB):
        assert posts[-1] == ids(page(session.connection, "trending"))[0]


def test_whom_one_follows_comes_first_and_the_row_says_so(session: Session) -> None:
    authors = move_in(session.connection, 20)
    for author in authors:
        publish(session.connection, author, 3, age="20 days")
    session.run(
        "insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, authors[7].id
    )
    with session.as_user(BOB):
        first = page(session.connection)[0]
        following = page(session.connection, "following")

    assert (authors[7].id, "followed") == (first["author_id"], first["reason"])
    assert {authors[7].id} == {row["author_id"] for row in following}
    assert len(following) == 3


def test_following_ends_at_once_when_one_unfollows(session: Session) -> None:
    publish(session.connection, ALICE, 10)
    session.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, ALICE.id)
    with session.as_user(BOB):
        assert len(page(session.connection, "following")) == 10
        session.run("delete from public.follows")
        assert page(session.connection, "following") == []


def test_tags_that_one_likes_bring_more_of_them(session: Session) -> None:
    authors = move_in(session.connection, 40)
    clay = [publish(session.connection, author, tags="{clay}", age="20 days")[0] for author in authors[:20]]
    for author in authors[20:]:
        publish(session.connection, author, tags="{steel}", age="20 days")
    with session.as_user(BOB):
        for item in clay[:5]:
            session.run("select public.feed_react(%s, 'save')", item)
        session.value("select public.feed_refresh('for_you')")
        rows = page(session.connection, limit=4)

    assert {("interest", ("clay",))} == {(row["reason"], tuple(row["tags"])) for row in rows}


def test_not_interested_halves_what_was_felt(session: Session) -> None:
    (post,) = publish(session.connection, ALICE, tags="{clay}")
    with session.as_user(BOB):
        session.run("select public.feed_react(%s, 'like')", post)
        before = session.all("select subject, heat_key from public.feed_affinities order by subject")
        session.run("select public.feed_hide(%s, 'not_interested')", post)
        session.run("select public.feed_hide(%s, 'not_interested')", post)
        after = session.all("select subject, heat_key from public.feed_affinities order by subject")

    assert [str(ALICE.id), "clay"] == [row["subject"] for row in before]
    assert all(
        math.isclose(b["heat_key"] - a["heat_key"], math.log(2)) for b, a in zip(before, after, strict=True)
    )


def test_what_is_felt_is_a_decayed_sum(session: Session) -> None:
    """Two likes, one of them tau ago, are worth 1 + 1/e now."""
    (post,) = publish(session.connection, ALICE, tags="{clay}", age="60 days")
    (other,) = publish(session.connection, CHARLIE, tags="{clay}", age="60 days")
    with session.as_user(BOB):
        session.run("select public.feed_react(%s, 'like', now() - interval '14 days')", post)
        session.run("select public.feed_react(%s, 'like')", other)
        felt = session.value(
            "select exp(heat_key - extract(epoch from now()) / 1209600)"
            " from public.feed_affinities where subject = 'clay'"
        )

    assert math.isclose(float(felt), 1 + 1 / math.e, rel_tol=1e-6)


def test_a_new_author_is_shown_to_people(session: Session) -> None:
    for author in move_in(session.connection, 30):
        for post in publish(session.connection, author, 5, age="20 days"):
            count(session, post, likes=20)
    session.run("update public.feed_authors set first_live_at = now() - interval '1 year'")
    (first_post,) = publish(session.connection, CHARLIE)
    with session.as_user(BOB):
        row = next(r for r in page(session.connection) if r["item_id"] == first_post)

    assert row["reason"] == "new_author"


def test_no_author_stands_next_to_themselves_or_thrice_in_twenty(session: Session) -> None:
    authors = move_in(session.connection, 30)
    for place, author in enumerate(authors):
        for post in publish(session.connection, author, 8):
            count(session, post, likes=4 ** (10 - place) if place < 10 else 0)
    with session.as_user(BOB):
        rows = [r for rows in walk(session.connection, limit=100) for r in rows][:100]
    names = [row["author_id"] for row in rows]

    assert all(a != b for a, b in itertools.pairwise(names))
    assert all(names[at : at + 20].count(name) <= 2 for at in range(80) for name in set(names))


def test_where_there_are_too_few_authors_nobody_is_left_out(session: Session) -> None:
    publish(session.connection, ALICE, 30)
    publish(session.connection, CHARLIE, 3)
    with session.as_user(BOB):
        assert len(page(session.connection, limit=100)) == 33


CROWDS = [
    [],
    [1],
    [1, 1, 1],
    [1, 2],
    [1, 1, 1, 2, 3],
    [2, 2, 1, 1] * 20,
    [1, 1, 1, 2] * 10 + [*range(3, 40)] * 2,
    [min(n * n % 97, 30) + 1 for n in range(300)],
]


def stands(authors: list[int], order: list[int]) -> list[int]:
    return [authors[item - 1] for item in order]


def has_room(before: list[int], author: int, window: int) -> bool:
    return before[-1:] != [author] and before[-(window - 1) :].count(author) < 2


@pytest.mark.parametrize("authors", CROWDS, ids=len)
def test_spreading_loses_nobody(session: Session, authors: list[int]) -> None:
    order = session.value("select internal.feed_spread(%s, 20)", authors)

    assert list(range(1, len(authors) + 1)) == sorted(order)


@pytest.mark.parametrize("window", [4, 20])
@pytest.mark.parametrize("authors", CROWDS, ids=len)
def test_each_place_has_the_best_who_has_room_until_nobody_left_has_any(
    session: Session, authors: list[int], window: int
) -> None:
    order = session.value("select internal.feed_spread(%s, %s)", authors, window)
    left = list(range(1, len(authors) + 1))
    for place, item in enumerate(order):
        before = stands(authors, order[:place])
        best = next((i for i in left if has_room(before, authors[i - 1], window)), None)
        if best is None:
            break
        assert item == best
        left.remove(item)


@pytest.mark.parametrize("window", [4, 20])
@pytest.mark.parametrize("authors", CROWDS, ids=len)
def test_nobody_stands_next_to_themselves_while_others_are_left(
    session: Session, authors: list[int], window: int
) -> None:
    names = stands(authors, session.value("select internal.feed_spread(%s, %s)", authors, window))

    assert all(
        before != after or set(names[place + 1 :]) == {after}
        for place, (before, after) in enumerate(itertools.pairwise(names))
    )


def test_an_event_counts_once_however_often_it_is_sent(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    batch = [
        {"event_id": str(uuid4()), "item_id": str(post), "kind": kind} for kind in ("impression", "click")
    ]
    text = msgspec.json.encode(batch).decode()
    with session.as_user(BOB):
        assert [session.value("select public.feed_record(%s)", text) for _ in range(3)] == [2, 0, 0]
    with session.as_role("service_role"):
        session.run("select public.feed_fold()")

    counters = session.one("select clicks, impressions from public.feed_counters where item_id = %s", post)
    assert counters == {"clicks": 1, "impressions": 1}


def test_clicking_all_day_lifts_nothing(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    for _ in range(5):
        event = [{"event_id": str(uuid4()), "item_id": str(post), "kind": "click"}]
        for person in (BOB, ALICE):
            with session.as_user(person):
                session.run("select public.feed_record(%s)", msgspec.json.encode(event).decode())
    with session.as_role("service_role"):
        session.run("select public.feed_fold()")

    assert session.value("select clicks from public.feed_counters where item_id = %s", post) == 1
    assert session.value("select count(*) from public.feed_events") == 10


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ("{}", "invalid_value"),
        ("null", "invalid_value"),
        ('[{"event_id":"x","item_id":"y","kind":"click"}]', "22P02"),
    ],
)
def test_what_is_no_list_of_events_is_refused(session: Session, events: str, code: str) -> None:
    publish(session.connection, ALICE)
    with session.as_user(BOB), session.refused(code):
        session.run("select public.feed_record(%s)", events)


def test_events_of_items_that_are_gone_are_dropped(session: Session) -> None:
    event = [{"event_id": str(uuid4()), "item_id": str(uuid4()), "kind": "click"}]
    with session.as_user(BOB):
        assert session.value("select public.feed_record(%s)", msgspec.json.encode(event).decode()) == 0


def test_a_sale_lifts_a_shop_item(session: Session) -> None:
    sold, other = offer(session.connection, ALICE, 2)
    session.run(
        "insert into public.owned_items (user_id, item_id, order_id) values (%s, %s, gen_random_uuid())",
        CHARLIE.id, sold,
    )  # fmt: skip

    assert bucket(session, sold) > bucket(session, other)


def test_new_weights_rank_everything_anew(session: Session) -> None:
    liked, saved = publish(session.connection, ALICE, 2)
    count(session, liked, likes=40)
    count(session, saved, saves=20)
    with session.as_user(BOB), session.refused("forbidden"):
        session.value("select public.feed_weights_publish('{}')")
    with session.as_user(BOB):
        assert [saved, liked] == ids(page(session.connection, "trending"))
    with session.as_user(ADA):
        version = session.value("select public.feed_weights_publish('{\"save_weight\": 0}')")
        assert version == session.value("select public.feed_weights_publish('{\"save_weight\": 0}')")
    with session.as_user(BOB):
        session.value("select public.feed_refresh('trending')")
        assert [liked, saved] == ids(page(session.connection, "trending"))

    assert version == session.value("select max(weights_version) from public.feed_slates")
    assert session.value("select count(*) from public.audit_log where action = 'feed.weights_publish'") == 1
