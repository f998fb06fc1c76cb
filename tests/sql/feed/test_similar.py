"""People who liked what Bob liked also liked: a source of his feed, and a bounded one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest

from conftest import Session, TestDatabase
from feeding import move_in, offer, page, publish
from people import ADA, ALICE, BOB, CHARLIE, Person


def like(session: Session, person: Person, *items: UUID) -> None:
    with session.as_user(person):
        for item in items:
            session.run("select public.feed_react(%s, 'like')", item)


def relate(session: Session, limit: int = 50) -> int:
    with session.as_role("service_role"):
        return int(session.value("select public.feed_relate(%s)", limit))


def likeness(session: Session, item: UUID) -> dict[UUID, float]:
    rows = session.all(
        "select u.* from internal.feed_similar s, unnest(s.similar_ids, s.likeness) u (id, likeness)"
        " where s.item_id = %s",
        item,
    )
    return {row["id"]: row["likeness"] for row in rows}


def reasons(session: Session, person: Person, mode: str = "for_you") -> dict[UUID, str]:
    with session.as_user(person):
        session.value("select public.feed_refresh(%s)", mode)
        return {row["item_id"]: row["source"] for row in page(session.connection, mode)}


@pytest.fixture
def liked(session: Session) -> Sequence[UUID]:
    """Alice and Ada like a cup and a kiln; nobody has much to do with the pot."""
    (author,) = move_in(session.connection, 1)
    cup, kiln, pot = publish(session.connection, author, 3, age="20 days")
    like(session, ALICE, cup, kiln)
    like(session, ADA, cup, kiln)
    return cup, kiln, pot


def test_what_they_also_liked_is_in_the_feed_and_says_so(session: Session, liked: Sequence[UUID]) -> None:
    cup, kiln, pot = liked
    relate(session)
    like(session, BOB, cup)

    found = reasons(session, BOB)

    assert found[kiln] == "similar"
    assert found[pot] != "similar"
    assert reasons(session, BOB, "trending")[kiln] == "trending"


def test_what_two_have_in_common_is_the_cosine_less_for_being_few(
    session: Session, liked: Sequence[UUID]
) -> None:
    cup, kiln, pot = liked
    like(session, CHARLIE, cup, pot)
    relate(session)

    assert likeness(session, cup) == {kiln: pytest.approx(2 / (3 * 2) ** 0.5 * 2 / 12)}
    assert likeness(session, kiln) == {cup: pytest.approx(2 / (3 * 2) ** 0.5 * 2 / 12)}


def test_one_person_in_common_tells_nothing(session: Session, liked: Sequence[UUID]) -> None:
    _, kiln, pot = liked
    like(session, CHARLIE, kiln, pot)
    relate(session)

    assert likeness(session, pot) == {}
    assert pot not in likeness(session, kiln)


def test_what_is_new_enters_the_lists_of_what_is_old(session: Session, liked: Sequence[UUID]) -> None:
    cup, kiln, pot = liked
    relate(session)
    like(session, ALICE, pot)
    like(session, ADA, pot)
    session.run("delete from internal.feed_unrelated where item_id <> %s", pot)
    relate(session)

    assert likeness(session, cup).keys() == {kiln, pot}


def test_it_is_found_again_only_when_many_more_have_liked_it(session: Session, liked: Sequence[UUID]) -> None:
    cup, *_ = liked
    relate(session)
    session.run("update public.feed_counters set likes = 1000 where item_id = %s", cup)
    session.run("select internal.feed_rerank(array[%s::uuid])", cup)
    assert relate(session) == 1

    like(session, BOB, cup)

    assert relate(session) == 0


def test_a_list_goes_with_the_likes_that_made_it(session: Session, liked: Sequence[UUID]) -> None:
    """Also the list of the kiln, which is liked as before."""
    cup, kiln, _ = liked
    relate(session)
    for person in (ALICE, ADA):
        with session.as_user(person):
            session.run("select public.feed_unreact(%s, 'like')", cup)
    while relate(session):
        pass

    assert likeness(session, cup) == {}
    assert likeness(session, kiln) == {}
    assert session.all("select from internal.feed_similar") == []


def test_a_list_goes_with_the_people_who_made_it(session: Session, liked: Sequence[UUID]) -> None:
    relate(session)
    session.run("delete from auth.users where id in (%s, %s)", ALICE.id, ADA.id)
    while relate(session):
        pass

    assert session.value("select count(*) from public.feed_items where item_id = any(%s)", [*liked]) == 3
    assert session.all("select from internal.feed_similar") == []


def test_lists_hold_fifty_and_the_best_of_them(session: Session) -> None:
    (author,) = move_in(session.connection, 1)
    cup, *others = publish(session.connection, author, 61, age="20 days")
    for person in (ALICE, ADA):
        like(session, person, cup, *others)
    like(session, CHARLIE, cup, *others[:10])
    while relate(session, 7) == 7:
        pass

    found = likeness(session, cup)

    assert len(found) == 50
    assert set(others[:10]) <= found.keys()
    assert sorted(found.values(), reverse=True) == [*found.values()]


def test_nothing_private_hidden_sold_out_or_ones_own_comes_that_way(
    session: Session, liked: Sequence[UUID]
) -> None:
    cup, *_ = liked
    author = CHARLIE
    (secret,) = publish(session.connection, author, visibility="followers", age="20 days")
    (sold_out,) = offer(session.connection, author, stock=1)
    (own,) = publish(session.connection, BOB, age="20 days")
    (hidden,) = publish(session.connection, author, age="20 days")
    session.run(
        "insert into public.follows select p, %s from unnest(%s::uuid[]) p", author.id, [ALICE.id, ADA.id]
    )
    for person in (ALICE, ADA):
        like(session, person, secret, sold_out, own, hidden)
    session.run("update public.shop_items set stock = 0 where id = %s", sold_out)
    relate(session)
    like(session, BOB, cup)
    with session.as_user(BOB):
        session.run("select public.feed_hide(%s, 'hidden')", hidden)

    assert {secret, sold_out, own, hidden} <= likeness(session, cup).keys()
    assert {secret, sold_out, own, hidden} & reasons(session, BOB).keys() == set()


def test_a_shop_item_comes_that_way_too(session: Session, liked: Sequence[UUID]) -> None:
    cup, *_ = liked
    (bowl,) = offer(session.connection, ALICE)
    publish(session.connection, ALICE, 4)
    like(session, CHARLIE, cup, bowl)
    like(session, ADA, bowl)
    relate(session)
    like(session, BOB, cup)

    assert reasons(session, BOB)[bowl] == "similar"


def test_two_at_once_do_not_undo_each_other(database: TestDatabase) -> None:
    with database.connect(autocommit=False) as first, database.connect() as second:
        first.execute("select public.feed_relate()")
        row = second.execute("select public.feed_relate() as n").fetchone()

    assert row == {"n": 0}


def test_only_the_service_relates(session: Session) -> None:
    with session.as_user(ALICE), session.refused("42501"):
        session.run("select public.feed_relate()")
