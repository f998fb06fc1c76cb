"""feed_items follows posts and shop items, whatever happens to them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from conftest import Session
from feeding import offer, page, publish
from people import ADA, ALICE, BOB, CHARLIE, Person


def item(session: Session, id_: UUID) -> dict[str, Any]:
    return session.one("select * from public.feed_items where item_id = %s", id_)


def tags(session: Session, id_: UUID) -> set[str]:
    return {
        row["tag"] for row in session.all("select tag from public.feed_item_tags where item_id = %s", id_)
    }


def read(session: Session, id_: UUID) -> dict[str, Any]:
    """What everybody reads on it."""
    found: dict[str, Any] = json.loads(
        "{" + session.value("select members from internal.feed_item_json where item_id = %s", id_) + "}"
    )
    return found


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


KEPT_OF = """
    select c.table_schema || '.' || c.table_name as name, c.column_name as person
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where t.table_type = 'BASE TABLE' and c.table_name ~ '^feed_' and c.column_name in ('viewer_id', 'user_id')
    order by 1
"""


def kept_of(session: Session, person: Person) -> set[str]:
    """Tables of the feed that have something of them; a week of events is a table too."""
    return {
        row["name"]
        for row in session.all(KEPT_OF)
        if session.value(f"select count(*) from {row['name']} where {row['person']} = %s", person.id)
    }


def test_nothing_that_the_feed_knows_of_a_viewer_outlives_them(session: Session) -> None:
    (liked,), (hidden,) = (publish(session.connection, author, tags="{clay}") for author in (ALICE, CHARLIE))
    with session.as_role("service_role"):
        session.run(
            "select public.feed_experiment_start('half', jsonb_build_array(jsonb_build_object("
            "'arm', 'one', 'weights_version', public.feed_weights_try('{\"tag_boost\": 1}'), 'share', 100)))"
        )
    for person in (BOB, ADA):
        with session.as_user(person):
            row = page(session.connection)[0]
            session.run("select public.feed_react(%s, 'like'), public.feed_repost(%s)", liked, liked)
            session.run("select public.feed_hide(%s), public.feed_mute_word('glaze')", hidden)
            session.run("select public.feed_see_fewer('tag', 'steel')")
            session.run("select public.feed_place_keep('for_you', %s, %s)", row["score"], row["item_id"])
            session.run(
                "select public.feed_record(jsonb_build_array(jsonb_build_object("
                "'event_id', gen_random_uuid(), 'item_id', %s::uuid, 'kind', 'click')))",
                liked,
            )
    everything = kept_of(session, BOB)
    assert {name for name in everything if "events" not in name} == {
        row["name"] for row in session.all(KEPT_OF) if "events" not in row["name"]
    }, "a table that this test has to fill"

    session.run("delete from auth.users where id = %s", BOB.id)
    with session.as_role("service_role"):
        session.run("select public.feed_fold()")

    assert kept_of(session, BOB) == set()
    assert kept_of(session, ADA) == everything - {"internal.feed_unfolded"}


def test_an_unknown_item_cannot_be_hidden_or_liked(session: Session) -> None:
    with session.as_user(BOB):
        for statement in ("select public.feed_hide(%s)", "select public.feed_react(%s, 'like')"):
            with session.refused("not_found"):
                session.run(statement, uuid4())


@pytest.mark.parametrize("text", ['"', "\\", "a\nb\tc\x01", "Ünï çø∂é 🎏", "</script>", "{}", "null", "'"])
def test_what_is_read_on_an_item_is_what_was_written(session: Session, text: str) -> None:
    with session.as_user(ALICE):
        session.run(
            "insert into public.posts (author_id, title, body, image_url, tags) values (%s, %s, %s, %s, %s)",
            ALICE.id, text, text, text, [text, "clay"],
        )  # fmt: skip
    post = session.one("select id, created_at from public.posts where author_id = %s", ALICE.id)

    found = read(session, post["id"])

    assert datetime.fromisoformat(found.pop("created_at")) == post["created_at"]
    assert found == {
        "item_id": str(post["id"]), "item_type": "post", "author_id": str(ALICE.id),
        "title": text, "body": text, "image_url": text, "tags": [text, "clay"],
        "price_minor": None, "currency": None, "stock": None,
    }  # fmt: skip


def test_what_is_read_on_an_item_changes_with_it(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    (sold,) = offer(session.connection, ALICE, stock=3)
    assert (read(session, post)["body"], read(session, sold)["stock"]) == ("Post 1", 3)

    session.run("update public.posts set title = 'Kiln', image_url = '/kiln.jpg' where id = %s", post)
    session.run("update public.shop_items set price_minor = 990, stock = stock - 1 where id = %s", sold)
    session.run("update public.shop_items set description = 'Blue', tags = '{vase}' where id = %s", sold)

    posted_now = read(session, post)
    assert (posted_now["title"], posted_now["image_url"]) == ("Kiln", "/kiln.jpg")
    sold_now = read(session, sold)
    assert (sold_now["price_minor"], sold_now["stock"], sold_now["body"]) == (990, 2, "Blue")
    assert (sold_now["currency"], sold_now["tags"]) == ("EUR", ["vase"])


def test_what_is_deleted_is_read_nowhere(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    (sold,) = offer(session.connection, ALICE)
    (kept,) = publish(session.connection, BOB)

    session.run("delete from public.shop_items where id = %s", sold)
    session.run("delete from public.profiles where id = %s", ALICE.id)

    left = session.all(
        "select item_id from internal.feed_item_json where item_id = any (%s)", [post, sold, kept]
    )
    assert [kept] == [row["item_id"] for row in left]
    assert session.value("select count(*) from public.feed_items where item_id = %s", post) == 0


def test_nothing_is_in_the_feed_that_has_no_words(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)

    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="feed_items_have_json"):
        session.run("update public.feed_items set item_id = gen_random_uuid() where item_id = %s", post)


def test_times_are_told_in_utc_wherever_they_were_written(session: Session) -> None:
    session.run("set local timezone = 'Asia/Kathmandu'")
    session.run(
        "insert into public.posts (author_id, body, created_at) values (%s, 'Hi', '2026-03-01 05:45:00.25')",
        ALICE.id,
    )
    id_ = session.value("select id from public.posts where author_id = %s", ALICE.id)

    assert read(session, id_)["created_at"] == "2026-03-01T00:00:00.25+00:00"
