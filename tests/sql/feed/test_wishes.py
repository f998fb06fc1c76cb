"""What Bob asks to see less of: gone at once, back after a while, and until then said in numbers."""

from __future__ import annotations

import math
from uuid import UUID

import pytest

from conftest import Session
from feeding import ids, move_in, offer, page, publish
from people import ALICE, BOB, CHARLIE, Person

AUTHOR = "select public.feed_see_fewer('author', %s, now() - %s::interval)"
TAG = "select public.feed_see_fewer('tag', %s, now() - %s::interval)"


@pytest.fixture
def world(session: Session) -> Session:
    """Alice writes about clay, Charlie about kilns, and both sell."""
    publish(session.connection, ALICE, 30, tags="{clay}")
    publish(session.connection, CHARLIE, 30, tags="{kiln}")
    offer(session.connection, ALICE, 10, tags="{clay}")
    offer(session.connection, CHARLIE, 10, tags="{kiln}")
    return session


def authors(session: Session, mode: str = "for_you") -> set[UUID]:
    return {row["author_id"] for row in page(session.connection, mode)}


def places(session: Session, items: list[UUID], *, fresh: bool = True) -> list[int]:
    """Where the items stand in Bob's feed."""
    with session.as_user(BOB):
        if fresh:
            session.value("select public.feed_refresh('for_you')")
        shown = ids(page(session.connection, limit=100))
    return [shown.index(item) for item in items if item in shown]


@pytest.mark.parametrize("mode", ["for_you", "trending"])
@pytest.mark.parametrize(
    ("statement", "subject"), [(AUTHOR, str(ALICE.id)), (TAG, "clay")], ids=["of Alice", "of clay"]
)
def test_fewer_is_none_from_the_next_call_on(world: Session, statement: str, subject: str, mode: str) -> None:
    with world.as_user(BOB):
        assert authors(world, mode) == {ALICE.id, CHARLIE.id}
        world.run(statement, subject, "0")

        assert authors(world, mode) == {CHARLIE.id}
        world.value("select public.feed_refresh(%s)", mode)
        assert authors(world, mode) == {CHARLIE.id}


def test_fewer_of_somebody_one_follows_holds_in_following_too(world: Session) -> None:
    for author in (ALICE, CHARLIE):
        world.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, author.id)
    with world.as_user(BOB):
        world.run(AUTHOR, str(ALICE.id), "0")

        assert authors(world, "following") == {CHARLIE.id}


def test_what_is_taken_back_is_there_again(world: Session) -> None:
    with world.as_user(BOB):
        before = page(world.connection)
        world.run(AUTHOR, str(ALICE.id), "0")
        world.run(TAG, "kiln", "0")
        assert page(world.connection) == []
        world.run(
            "select public.feed_see_again('author', %s), public.feed_see_again('tag', 'kiln')", str(ALICE.id)
        )

        assert before == page(world.connection)


def test_after_fourteen_days_they_are_back_in_the_slate_that_is_read(world: Session) -> None:
    with world.as_user(BOB):
        page(world.connection)
        world.run(AUTHOR, str(ALICE.id), "13 days 23 hours")
        assert authors(world) == {CHARLIE.id}
        world.run(AUTHOR, str(ALICE.id), "14 days 1 hour")

        assert authors(world) == {ALICE.id, CHARLIE.id}


def test_what_is_back_stands_lower_and_rises_to_where_it_was(session: Session) -> None:
    author, *others = move_in(session.connection, 30)
    post = publish(session.connection, author, age="30 minutes")
    for hours, other in enumerate(others, start=1):
        publish(session.connection, other, age=f"{hours} hours")
    (before,) = places(session, post)
    seen = []
    for since in ("15 days", "60 days", "155 days"):
        with session.as_user(BOB):
            session.run(AUTHOR, str(author.id), since)
        seen += places(session, post)

    assert seen[0] > seen[1] > seen[2] == before


@pytest.mark.parametrize(
    ("days", "factor"), [(13.9, 0), (14.001, 0.2), (84, 0.6), (153.999, 1), (154, 1), (4000, 1)]
)
def test_the_discount_is_what_the_page_about_it_says(session: Session, days: float, factor: float) -> None:
    damp = session.value(
        "select internal.feed_damp(now() - %s * interval '1 hour', now(), internal.feed_weights())", days * 24
    )

    assert math.exp(damp) == pytest.approx(factor, abs=1e-4)


def test_not_interested_fades_and_hidden_does_not(session: Session) -> None:
    posts = [
        publish(session.connection, author, age=f"{hours} hours")[0]
        for hours, author in enumerate(move_in(session.connection, 30), start=1)
    ]
    with session.as_user(BOB):
        session.run("select public.feed_hide(%s, 'not_interested', now() - interval '13 days')", posts[0])
        session.run("select public.feed_hide(%s, 'hidden', now() - interval '13 days')", posts[1])
        assert {posts[0], posts[1]}.isdisjoint(ids(page(session.connection)))
    session.run("update public.feed_hides set created_at = created_at - interval '2 days'")

    assert 10 < places(session, [posts[0]])[0] < 20
    assert places(session, [posts[1]]) == []


def test_not_interested_again_begins_anew_once_it_is_back(world: Session) -> None:
    hide = "select public.feed_hide(%s, 'not_interested', now() - %s::interval)"
    with world.as_user(BOB):
        item = ids(page(world.connection))[0]
        world.run(hide, item, "20 days")
        assert item in ids(page(world.connection, limit=100))
        world.run(hide, item, "1 day")
        world.run(hide, item, "0")

    age = world.value("select now() - created_at from public.feed_hides where user_id = %s", BOB.id)
    assert age.days == 1, "said twice while it is gone is said once"


WORDS = {
    "a word": ("rabbit", "My Rabbit ate it", "Rabbits are fine"),
    "a phrase over a line": ("hot  glaze", "Careful: HOT\nglaze!", "hot and then glaze"),
    "a hashtag": ("#election", "The election is near", "selections"),
    "with signs": ("c++ (2.0)", "Learn C++ (2.0) now", "Learn c++ 2.0"),
    "only signs": (":-)", "So happy:-)", "So happy"),
    "an accent": ("caf\u00e9", "Le CAF\u00c9 noir", "decaf\u00e9in\u00e9"),
    "a script without spaces": ("\u732b", "\u79c1\u306e\u732b\u3067\u3059", "\u79c1\u306e\u72ac\u3067\u3059"),
    "a pattern": ("a.c|.*", "really a.c|.* here", "abc"),
}


@pytest.mark.parametrize(("word", "gone", "kept"), WORDS.values(), ids=WORDS)
def test_a_muted_word_is_gone_and_what_only_looks_like_it_is_not(
    session: Session, word: str, gone: str, kept: str
) -> None:
    posts = publish(session.connection, ALICE, 2)
    for post, text in zip(posts, (gone, kept), strict=True):
        session.run("update public.posts set body = %s where id = %s", text, post)
    with session.as_user(BOB):
        assert set(ids(page(session.connection))) == set(posts)
        session.run("select public.feed_mute_word(%s)", word)

        assert ids(page(session.connection)) == posts[1:]
        session.value("select public.feed_refresh('for_you')")
        assert ids(page(session.connection)) == posts[1:]
        session.run("select public.feed_unmute_word(%s)", word)
        session.value("select public.feed_refresh('for_you')")
        assert set(ids(page(session.connection))) == set(posts)


def test_words_are_looked_for_in_titles_tags_and_shop_items(world: Session) -> None:
    for table, column in (("posts", "title"), ("shop_items", "description")):
        world.run(f"update public.{table} set {column} = 'With a dragon' where 'clay' = any (tags)")
    with world.as_user(BOB):
        world.run("select public.feed_mute_word('kiln')")
        assert authors(world) == {ALICE.id}
        world.run("select public.feed_mute_word('dragon')")
        assert page(world.connection) == []


def test_a_slate_is_as_long_as_ever_although_a_common_word_is_muted(session: Session) -> None:
    for author in move_in(session.connection, 5):
        publish(session.connection, author, 100)
    with session.as_user(BOB):
        session.run("select public.feed_mute_word('1')")
        assert len(page(session.connection, limit=100)) == 100


def test_there_is_an_end_to_how_much_one_may_mute(session: Session) -> None:
    with session.as_user(BOB):
        session.run("select public.feed_mute_word('word ' || n) from generate_series(1, 100) n")
        session.run("select public.feed_mute_word('Word 7')")
        for word in ("one more", "", " # ", "x" * 81, None):
            with session.refused("invalid_value"):
                session.run("select public.feed_mute_word(%s)", word)
        session.run("select public.feed_see_fewer('tag', 't' || n) from generate_series(1, 501) n")

        assert session.value("select count(*) from public.feed_fatigues") == 500


@pytest.mark.parametrize(
    ("subject_type", "subject", "code"),
    [
        ("author", str(BOB.id), "not_found"),
        ("author", "0199aaaa-0000-7000-8000-0000000000ff", "not_found"),
        ("author", "nobody", "not_found"),
        ("colour", "red", "invalid_value"),
        ("tag", "", "invalid_value"),
        (None, "clay", "invalid_value"),
    ],
)
def test_fewer_of_what_is_nothing(session: Session, subject_type: str, subject: str, code: str) -> None:
    with session.as_user(BOB), session.refused(code):
        session.run("select public.feed_see_fewer(%s, %s)", subject_type, subject)


def test_who_blocked_bob_answers_as_nobody(session: Session) -> None:
    session.run("insert into public.blocks (user_id, blocked_id) values (%s, %s)", ALICE.id, BOB.id)
    with session.as_user(BOB), session.refused("not_found"):
        session.run("select public.feed_see_fewer('author', %s)", str(ALICE.id))


@pytest.fixture
def wishing(world: Session) -> Session:
    with world.as_user(BOB):
        world.run(AUTHOR, str(ALICE.id), "0")
        world.run("select public.feed_mute_word('kiln')")
    return world


@pytest.mark.parametrize("person", [CHARLIE, ALICE])
def test_what_bob_wishes_is_nobody_elses_business(wishing: Session, person: Person) -> None:
    with wishing.as_user(person):
        assert page(wishing.connection)
        assert wishing.value("select count(*) from public.feed_fatigues") == 0
        assert wishing.value("select count(*) from public.feed_muted_words") == 0
        wishing.run(
            "select public.feed_see_again('author', %s), public.feed_unmute_word('kiln')", str(ALICE.id)
        )
    with wishing.as_user(BOB):
        assert page(wishing.connection) == []
