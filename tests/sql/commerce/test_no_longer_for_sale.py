"""Bob has put Alice's mug into his cart, and then it is no longer there for him."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest

from buying import fill_cart, pay, place, sell
from conftest import Session
from people import ADA, ALICE, BOB, CHARLIE, Person

CART = (
    "select c.item_id, i.title from public.shopping_cart_items c"
    " left join public.shop_items i on i.id = c.item_id order by i.title"
)
REMOVAL = "select public.content_remove(%s, 'A fake')"
ALICE_BLOCKS_BOB = f"insert into public.blocks (user_id, blocked_id) values ('{ALICE.id}', '{BOB.id}')"
BOB_BLOCKS_ALICE = f"insert into public.blocks (user_id, blocked_id) values ('{BOB.id}', '{ALICE.id}')"

however_it_went = pytest.mark.parametrize(
    ("who", "act"),
    [
        (ADA, REMOVAL),
        (ALICE, "update public.shop_items set state = 'removed' where id = %s"),
        (ALICE, "update public.shop_items set age_limited = true where id = %s"),
        (ALICE, ALICE_BLOCKS_BOB),
        (BOB, BOB_BLOCKS_ALICE),
    ],
    ids=["Ada removes it", "Alice withdraws it", "it is for adults", "Alice blocks Bob", "Bob blocks Alice"],
)


def take_away(session: Session, who: Person, act: str, item: UUID) -> None:
    with session.as_user(who):
        session.run(act, *([item] if "%s" in act else []))


def refusal(session: Session, currency: str | None = None) -> tuple[str | None, str | None, str | None]:
    """Code, message and hint of what answers Bob instead of an order."""
    with pytest.raises(psycopg.Error) as caught, session.connection.transaction():
        place(session.connection, currency=currency)
    diagnosis = caught.value.diag
    return diagnosis.message_detail, diagnosis.message_primary, diagnosis.message_hint


@however_it_went
def test_bob_is_told_which_row_to_take_out_and_buys_the_rest(session: Session, who: Person, act: str) -> None:
    mug, print_ = sell(session.connection, ALICE, "Mug"), sell(session.connection, CHARLIE, "Print")
    fill_cart(session.connection, BOB, mug, print_)
    take_away(session, who, act, mug)

    with session.as_user(BOB):
        assert [tuple(row.values()) for row in session.all(CART)] == [(print_, "Print"), (mug, None)]
        code, message, hint = refusal(session)
        assert (code, message) == ("sold_out", "The cart holds something that is no longer for sale.")
        assert hint == f"Take it out: {mug}"
        assert session.value("select count(*) from orders") == 0
        assert session.run("delete from shopping_cart_items where item_id = %s", mug) == 1
        place(session.connection)
        assert [row["title"] for row in session.all("select title from order_lines")] == ["Print"]


@however_it_went
def test_what_bob_ordered_before_is_not_charged(session: Session, who: Person, act: str) -> None:
    """And a retry of that order is no other order."""
    mug, print_ = sell(session.connection, ALICE, "Mug"), sell(session.connection, CHARLIE, "Print")
    fill_cart(session.connection, BOB, mug, print_)
    with session.as_user(BOB):
        order = place(session.connection, key="checkout-1")
    take_away(session, who, act, mug)

    with session.as_user(BOB):
        assert place(session.connection, key="checkout-1") == order
        with session.refused("sold_out"):
            pay(session.connection, order)
    with session.as_role("service_role"), session.refused("sold_out"):
        pay(session.connection, order, provider="stripe", reference="pi_1")
    assert session.value("select state from orders") == "placed"
    assert session.value("select count(*) from earnings_events") == 0


@pytest.mark.parametrize("currency", [None, "EUR", "USD"])
def test_one_answer_names_all_of_them_and_tells_no_title_and_no_currency(
    session: Session, currency: str | None
) -> None:
    mug = sell(session.connection, ALICE, "Mug", currency="EUR")
    bowl = sell(session.connection, ALICE, "Bowl", currency="USD")
    for minutes, item in enumerate((bowl, mug, sell(session.connection, CHARLIE, "Print", currency="EUR"))):
        fill_cart(session.connection, BOB, item)
        session.run(
            "update shopping_cart_items set added_at = now() + make_interval(mins => %s) where item_id = %s",
            minutes, item,
        )  # fmt: skip
    take_away(session, ALICE, ALICE_BLOCKS_BOB, mug)

    with session.as_user(BOB):
        assert refusal(session, currency) == (
            "sold_out", "The cart holds something that is no longer for sale.", f"Take it out: {bowl}, {mug}"
        )  # fmt: skip


def test_what_is_short_is_named_with_its_row(session: Session) -> None:
    mug = sell(session.connection, ALICE, "Mug", stock=1)
    fill_cart(session.connection, BOB, mug, quantity=2)

    with session.as_user(BOB):
        code, message, hint = refusal(session)
    assert (code, message) == ("sold_out", "Not to be had any more, or not so many: Mug.")
    assert hint == f"Take it out or change how many: {mug}"


def test_what_comes_back_is_bought_after_all(session: Session) -> None:
    mug = sell(session.connection, ALICE, "Mug")
    fill_cart(session.connection, BOB, mug)
    take_away(session, BOB, BOB_BLOCKS_ALICE, mug)

    with session.as_user(BOB):
        assert refusal(session)[0] == "sold_out"
        session.run("delete from public.blocks")
        assert pay(session.connection, place(session.connection))["state"] == "paid"


def test_who_said_to_be_of_age_buys_what_is_for_adults(session: Session) -> None:
    mug = sell(session.connection, ALICE, "Mug")
    fill_cart(session.connection, BOB, mug)
    take_away(session, ALICE, "update public.shop_items set age_limited = true where id = %s", mug)

    with session.as_user(BOB):
        session.run("select public.age_confirm()")
        assert pay(session.connection, place(session.connection))["state"] == "paid"


def test_a_block_of_somebody_else_stands_in_nobodys_way(session: Session) -> None:
    mug = sell(session.connection, ALICE, "Mug")
    fill_cart(session.connection, BOB, mug)
    for blocker, blocked in ((ALICE, CHARLIE), (CHARLIE, BOB)):
        session.run("insert into public.blocks (user_id, blocked_id) values (%s, %s)", blocker.id, blocked.id)

    with session.as_user(BOB):
        assert pay(session.connection, place(session.connection))["state"] == "paid"
