"""Ada removes and restores, each time with a reason that stands in the audit log."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Session
from feeding import offer, publish
from people import ADA, ALICE, BOB, CHARLIE

REMOVE = "select public.content_remove(%s, %s)"
RESTORE = "select public.content_restore(%s, %s)"


def visible(session: Session, table: str, item: Any) -> int:
    found: int = session.value(f"select count(*) from public.{table} where id = %s", item)
    return found


@pytest.mark.parametrize(("table", "make"), [("posts", publish), ("shop_items", offer)])
def test_what_is_removed_its_author_alone_sees_with_the_reason(
    session: Session, table: str, make: Any
) -> None:
    (item,) = make(session.connection, ALICE)
    with session.as_user(ADA):
        assert session.value(REMOVE, item, "  Not yours to post ")
    with session.as_user(ALICE):
        reason = session.value(f"select removal_reason from public.{table} where id = %s", item)
    with session.as_user(BOB):
        hidden = visible(session, table, item)
    with session.as_role("anon"):
        hidden += visible(session, table, item)

    assert (reason, hidden) == ("Not yours to post", 0)
    with session.as_user(ADA):
        assert session.value(RESTORE, item, "It is hers")
    with session.as_user(BOB):
        assert visible(session, table, item) == 1


def test_every_step_is_audited_once(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    with session.as_user(ADA):
        answers = [
            session.value(statement, post, reason)
            for statement, reason in (
                (REMOVE, "Spam"), (REMOVE, "Spam"), (REMOVE, "Fraud"), (RESTORE, "A mistake"), (RESTORE, "Again"),
            )
        ]  # fmt: skip
        log = session.all("select actor_id, action, subject, details from public.audit_log order by id")

    assert answers == [True, False, True, True, False]
    assert [(row["action"], row["details"]["reason"]) for row in log] == [
        ("content.remove", "Spam"), ("content.remove", "Fraud"), ("content.restore", "A mistake"),
    ]  # fmt: skip
    assert {(row["actor_id"], row["subject"]) for row in log} == {(ADA.id, str(post))}


def test_moderators_have_a_list_of_what_is_removed(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    (sold,) = offer(session.connection, CHARLIE)
    with session.as_user(ADA):
        session.run(REMOVE, post, "Spam")
        session.run(REMOVE, sold, "A fake")
        rows = session.all("select * from public.content_removals()")

    assert {
        (row["item_id"], row["item_type"], row["author_handle"], row["words"], row["reason"]) for row in rows
    } == {
        (post, "post", "alice", "Post 1", "Spam"),
        (sold, "shop_item", "charlie", "Item 1", "A fake"),
    }


def test_nobody_else_moderates(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    for person in (ALICE, BOB):
        with session.as_user(person):
            for call in ("content_remove(%s, 'x')", "content_restore(%s, 'x')"):
                with session.refused("forbidden"):
                    session.run(f"select public.{call}", post)
            with session.refused("forbidden"):
                session.all("select * from public.content_removals()")
    with session.as_role("anon"), session.refused("42501"):
        session.run(REMOVE, post, "x")


def test_an_author_takes_no_removal_away(session: Session) -> None:
    (post,) = publish(session.connection, ALICE)
    with session.as_user(ADA):
        session.run(REMOVE, post, "Spam")
    with session.as_user(ALICE):
        with session.refused("42501"):
            session.run("update public.posts set removal_reason = null where id = %s", post)
        session.run("update public.posts set body = 'Better words', state = 'published' where id = %s", post)
    with session.as_user(BOB):
        assert visible(session, "posts", post) == 0


@pytest.mark.parametrize("reason", ["", "  ", None, "x" * 501])
def test_without_a_reason_nothing_is_removed(session: Session, reason: str | None) -> None:
    (post,) = publish(session.connection, ALICE)
    with session.as_user(ADA), session.refused("invalid_value"):
        session.run(REMOVE, post, reason)


def test_what_is_not_there_is_not_found(session: Session) -> None:
    with session.as_user(ADA), session.refused("not_found"):
        session.run(REMOVE, BOB.id, "Spam")


def test_what_is_removed_is_not_sold(session: Session) -> None:
    (item,) = offer(session.connection, ALICE)
    session.run("insert into public.shopping_cart_items (user_id, item_id) values (%s, %s)", BOB.id, item)
    with session.as_user(ADA):
        session.run(REMOVE, item, "A fake")
    with session.as_user(BOB), session.refused("sold_out"):
        session.run("select public.order_place('a')")
