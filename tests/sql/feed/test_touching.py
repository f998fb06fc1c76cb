"""What a transaction touches it says by name, and says nothing about what it leaves as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from conftest import Session
from feeding import move_in, offer, publish
from people import ALICE, BOB


class Told(list[str]):
    """Without the transaction's id, which is the same for all of them."""


@contextmanager
def told(session: Session) -> Iterator[Told]:
    session.value("select set_config('rambla.touched', '', true)")
    found = Told()
    yield found
    said = session.value("select current_setting('rambla.touched')").split()
    transaction = session.value("select pg_current_xact_id()::text")
    assert all(word.endswith(f":{transaction}") for word in said)
    found.extend(sorted(word.rpartition(":")[0] for word in said))


def test_an_act_names_whose_pages_it_makes_old(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    with told(session) as likes, session.as_user(BOB):
        session.run("select public.feed_react(%s, 'like')", post)
    with told(session) as likes_again, session.as_user(BOB):
        session.run("select public.feed_react(%s, 'like')", post)
    with told(session) as block:
        session.run("insert into public.blocks values (%s, %s)", BOB.id, ALICE.id)

    assert likes == [f"viewer/{BOB.id}"]
    assert likes_again == []
    assert block == sorted([f"viewer/{BOB.id}", f"viewer/{ALICE.id}"])


def test_a_repost_taken_back_names_the_item_as_well(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    with told(session) as reposted, session.as_user(BOB):
        session.run("select public.feed_repost(%s)", post)
    with told(session) as taken_back, session.as_user(BOB):
        session.run("select public.feed_unrepost(%s)", post)

    assert reposted == [f"viewer/{BOB.id}"]
    assert taken_back == sorted([f"viewer/{BOB.id}", f"item/{post}"])


def test_an_item_is_named_when_it_may_not_be_shown_as_it_was(session: Session) -> None:
    (post,), (item,) = publish(session.connection, ALICE), offer(session.connection, ALICE, stock=3)
    with told(session) as published:
        publish(session.connection, ALICE)
    with told(session) as edited:
        session.run("update public.posts set body = 'Other words' where id = %s", post)
    with told(session) as removed:
        session.run("update public.posts set removal_reason = 'spam' where id = %s", post)
    with told(session) as sold_one:
        session.run("update public.shop_items set stock = 2 where id = %s", item)
    with told(session) as sold_out:
        session.run("update public.shop_items set stock = 0 where id = %s", item)
    with told(session) as renamed:
        session.run("update public.profiles set display_name = 'Alicia' where id = %s", ALICE.id)
    with told(session) as moved:
        session.run("update public.profiles set timezone = 'Asia/Tokyo' where id = %s", ALICE.id)

    assert (published, sold_one, moved) == ([], [], [])
    assert edited == removed == [f"item/{post}"]
    assert sold_out == [f"item/{item}"]
    assert renamed == [f"profile/{ALICE.id}"]


@pytest.mark.parametrize(("posts", "words"), [(200, 200), (201, 1)])
def test_of_very_many_it_is_enough_to_say_all(session: Session, posts: int, words: int) -> None:
    publish(session.connection, ALICE, posts)
    with told(session) as deleted:
        session.run("delete from public.posts where author_id = %s", ALICE.id)

    assert len(deleted) == words
    assert (deleted == ["all"]) == (words == 1)


@pytest.mark.parametrize(
    "change",
    [
        "update public.feed_items set rank_key = rank_key + 1",  # as feed_weights_publish() does with all of them
        "update public.posts set body = body || '!'",
        "update public.profiles set timezone = 'Asia/Tokyo'",
    ],
)
def test_a_change_to_very_many_compares_each_with_itself_alone(session: Session, change: str) -> None:
    """Joined, old and new rows of a million would be a million times a million, by the plan that served for one."""
    publish(session.connection, ALICE, 3)
    plans: list[str] = []
    session.connection.add_notice_handler(lambda notice: plans.append(notice.message_primary or ""))
    session.run("load 'auto_explain'")
    for setting in ("log_min_duration = 0", "log_nested_statements = on", "log_level = notice"):
        session.run(f"set local auto_explain.{setting}")
    session.run(change)

    comparing = [plan for plan in plans if "new_rows" in plan and "old_rows" in plan]
    assert comparing
    assert not [plan for plan in comparing if "Nested Loop" in plan or "Join" in plan]


HIDDEN_BY_ALL = (
    "insert into public.feed_hides (user_id, item_id, reason)"
    " select p, i.item_id, 'hidden' from unnest(%s::uuid[]) p, public.feed_items i order by p"
)


@pytest.mark.parametrize(("people", "words"), [(100, 100), (201, 1)])
def test_everybody_is_named_of_those_who_do_a_great_deal_at_once(
    session: Session, people: int, words: int
) -> None:
    publish(session.connection, ALICE, 10)
    viewers = [person.id for person in move_in(session.connection, people)]
    with told(session) as hidden:
        session.run(HIDDEN_BY_ALL, viewers)

    assert len(hidden) == words
    assert hidden == (sorted(f"viewer/{viewer}" for viewer in viewers) if words == people else ["all"])


def test_each_item_is_named_of_those_that_a_great_many_repost_no_longer(session: Session) -> None:
    posts = publish(session.connection, ALICE, 3)
    viewers = [person.id for person in move_in(session.connection, 150)]
    session.run(
        "insert into public.feed_reposts (user_id, item_id)"
        " select p, i from unnest(%s::uuid[]) with ordinality i (i, n), unnest(%s::uuid[]) p order by n",
        posts, viewers,
    )  # fmt: skip
    with told(session) as taken_back:
        session.run("delete from public.feed_reposts")

    assert [word for word in taken_back if word.startswith("item")] == sorted(
        f"item/{post}" for post in posts
    )
    assert len(taken_back) == 153


def test_a_session_that_ends_names_its_person(session: Session) -> None:
    with session.as_role("service_role"):
        session.run(
            "select public.session_start(%s, sha256('a'), 'bearer'),"
            " public.session_start(null, sha256('b'), 'service')",
            BOB.id,
        )
    with told(session) as used:
        session.run("update internal.sessions set last_used_at = now()")
    with told(session) as ended:
        session.run("delete from internal.sessions")

    assert used == []
    assert ended == sorted([f"sessions/{BOB.id}", "sessions/00000000-0000-0000-0000-000000000000"])
