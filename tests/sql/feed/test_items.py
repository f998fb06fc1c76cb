"""feed_items follows posts and shop items, whatever happens to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from conftest import Session
from feeding import offer, publish
from people import ADA, ALICE, BOB, CHARLIE


def item(session: Session, id_: UUID) -> dict[str, Any]:
    return session.one("select * from public.feed_items where item_id = %s", id_)


def tags(session: Session, id_: UUID) -> set[str]:
    return {
        row["tag"] for row in session.all("select tag from public.feed_item_tags where item_id = %s", id_)
    }


def top_of(session: Session, author: UUID) -> float | None:
    found: float | None = session.value(
        "select top_key from public.feed_authors where author_id = %s", author
    )
    return found


def test_a_post_by_its_author_is_in_the_feed(session: Session) -> None:
    with session.as_user(ALICE):
        session.run(
            "insert into public.posts (author_id, body, tags) values (%s, 'Hi', '{clay,kiln}')", ALICE.id
        )
        id_ = session.value("select id from public.posts")

    found = item(session, id_)
    assert ("post", ALICE.id, True, "public") == (
        found["item_type"], found["author_id"], found["live"], found["visibility"],
    )  # fmt: skip
    assert {"clay", "kiln"} == tags(session, id_)
    assert found["rank_key"] == top_of(session, ALICE.id)


def test_tags_follow_and_are_only_of_what_all_may_see(session: Session) -> None:
    (id_,) = publish(session.connection, ALICE, tags="{clay,kiln}")

    session.run("update public.posts set tags = '{clay,glaze}' where id = %s", id_)
    assert {"clay", "glaze"} == tags(session, id_)
    session.run("update public.posts set visibility = 'followers' where id = %s", id_)
    assert set() == tags(session, id_)
    session.run("update public.posts set visibility = 'public' where id = %s", id_)
    assert {"clay", "glaze"} == tags(session, id_)
    session.run("update public.posts set state = 'removed' where id = %s", id_)
    assert set() == tags(session, id_)


def test_a_draft_is_as_old_as_its_publication(session: Session) -> None:
    (id_,) = publish(session.connection, ALICE, state="draft", age="30 days")
    draft = item(session, id_)

    session.run("update public.posts set state = 'published' where id = %s", id_)
    published = item(session, id_)

    assert (draft["live"], published["live"]) == (False, True)
    assert published["published_at"] == session.value("select now()")
    assert published["rank_key"] > draft["rank_key"]


def test_what_a_moderator_restores_is_as_old_as_it_was(session: Session) -> None:
    (post,) = publish(session.connection, ALICE, tags="{clay}", age="3 days")
    (sold,) = offer(session.connection, ALICE, tags="{vase}")
    before = [item(session, id_) for id_ in (post, sold)]
    with session.as_user(ADA):
        session.run("select public.content_remove(id, 'Spam') from unnest(%s) id", [post, sold])
    assert not any(item(session, id_)["live"] for id_ in (post, sold))
    assert [set(), set()] == [tags(session, id_) for id_ in (post, sold)]
    assert top_of(session, ALICE.id) is None
    with session.as_user(ADA):
        session.run("select public.content_restore(id, 'Not spam') from unnest(%s) id", [post, sold])

    assert before == [item(session, id_) for id_ in (post, sold)]
    assert [{"clay"}, {"vase"}] == [tags(session, id_) for id_ in (post, sold)]
    assert before[0]["rank_key"] == top_of(session, ALICE.id)


def test_a_draft_that_is_removed_and_restored_is_still_a_draft(session: Session) -> None:
    (id_,) = publish(session.connection, ALICE, state="draft")
    with session.as_user(ADA):
        session.run("select public.content_remove(%s, 'Spam')", id_)
        session.run("select public.content_restore(%s, 'Not spam')", id_)

    assert not item(session, id_)["live"]


def test_a_post_from_the_future_is_as_young_as_one_of_now(session: Session) -> None:
    (later,) = publish(session.connection, ALICE, age="-30 days")
    (now,) = publish(session.connection, ALICE, age="-1 minutes")

    assert item(session, later)["rank_key"] == item(session, now)["rank_key"]


def test_stock_that_comes_back_makes_nothing_newer(session: Session) -> None:
    (id_,) = offer(session.connection, ALICE, stock=1, tags="{vase}")
    before = item(session, id_)

    session.run("update public.shop_items set stock = 0 where id = %s", id_)
    assert (False, set()) == (item(session, id_)["in_stock"], tags(session, id_))
    session.run("update public.shop_items set stock = 5 where id = %s", id_)
    assert (before, {"vase"}) == (item(session, id_), tags(session, id_))


def test_the_bound_of_an_author_is_their_best_live_post(session: Session) -> None:
    newest, older = publish(session.connection, ALICE, 2)
    keys = [item(session, id_)["rank_key"] for id_ in (newest, older)]

    assert keys[0] == top_of(session, ALICE.id)
    session.run("update public.posts set state = 'removed' where id = %s", newest)
    assert keys[1] == top_of(session, ALICE.id)
    session.run("delete from public.posts where id = %s", older)
    assert top_of(session, ALICE.id) is None


def test_likes_move_an_item_and_its_bound(session: Session) -> None:
    (id_,) = publish(session.connection, ALICE, tags="{clay}")
    before = item(session, id_)["rank_key"]

    with session.as_user(BOB):
        session.run("select public.feed_react(%s, 'like')", id_)
    liked = item(session, id_)["rank_key"]
    assert liked > before
    assert liked == top_of(session, ALICE.id)
    assert liked == session.value("select rank_key from public.feed_item_tags where item_id = %s", id_)
    with session.as_user(BOB):
        session.run("select public.feed_unreact(%s, 'like')", id_)
    assert before == item(session, id_)["rank_key"] == top_of(session, ALICE.id)


def test_nobody_takes_over_an_item_by_using_its_id(session: Session) -> None:
    (shop_item,) = offer(session.connection, ALICE)
    (post,) = publish(session.connection, ALICE)
    before = [item(session, id_) for id_ in (shop_item, post)]

    with session.as_user(CHARLIE):
        with session.refused("conflict"):
            session.run(
                "insert into public.posts (id, author_id, body) values (%s, %s, 'Mine')",
                shop_item,
                CHARLIE.id,
            )
        with session.refused("conflict"):
            session.run(
                "insert into public.shop_items (id, seller_id, title, price_minor, currency)"
                " values (%s, %s, 'Mine', 1, 'EUR')",
                post, CHARLIE.id,
            )  # fmt: skip

    assert before == [item(session, id_) for id_ in (shop_item, post)]


def test_a_person_who_leaves_takes_everything_along(session: Session) -> None:
    (id_,) = publish(session.connection, ALICE, tags="{clay}")
    (other,) = publish(session.connection, CHARLIE)
    for person in (BOB, CHARLIE):
        with session.as_user(person):
            session.run("select public.feed_react(%s, 'like')", id_)
    with session.as_user(BOB):
        session.run("select public.feed_react(%s, 'like')", other)

    session.run("delete from auth.users where id in (%s, %s)", ALICE.id, BOB.id)

    assert [other] == [row["item_id"] for row in session.all("select item_id from public.feed_items")]
    assert session.value("select likes from public.feed_counters where item_id = %s", other) == 0
    assert session.all("select from public.feed_reactions") == []
    assert session.all("select from public.feed_item_tags") == []


def test_an_unknown_item_cannot_be_hidden_or_liked(session: Session) -> None:
    with session.as_user(BOB):
        for statement in ("select public.feed_hide(%s)", "select public.feed_react(%s, 'like')"):
            with session.refused("not_found"):
                session.run(statement, uuid4())
