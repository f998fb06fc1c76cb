"""From a cart to an order that no price change reaches any more."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from buying import fill_cart, pay, place, sell
from conftest import Session, TestDatabase
from earning import value
from people import ALICE, BOB, CHARLIE

LINES = "select title, quantity, unit_price_minor, creator_rate_bp, line_total_minor from order_lines order by title"


def test_a_visitor_and_a_program_without_a_person_place_no_order(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        place(session.connection)
    with session.as_role("service_role"), session.refused("42501"):
        place(session.connection)


def test_the_order_has_what_the_cart_has(session: Session) -> None:
    mug = sell(session.connection, ALICE, "Mug", price=1_250, rate=8_000)
    print_ = sell(session.connection, CHARLIE, "Print", price=4_000)
    fill_cart(session.connection, BOB, mug, print_, quantity=2)

    with session.as_user(BOB):
        order = place(session.connection)

        assert session.one("select id, state, currency, total_minor from orders") == {
            "id": order, "state": "placed", "currency": "EUR", "total_minor": 10_500
        }  # fmt: skip
        assert [tuple(row.values()) for row in session.all(LINES)] == [
            ("Mug", 2, 1_250, 8_000, 2_500),
            ("Print", 2, 4_000, 9_000, 8_000),
        ]
        assert session.value("select count(*) from shopping_cart_items") == 2


def test_later_changes_do_not_reach_it(session: Session) -> None:
    fill_cart(session.connection, BOB, sell(session.connection, ALICE, price=1_000))
    with session.as_user(BOB):
        place(session.connection)
    session.run("update shop_items set price_minor = 9999, title = 'Dear mug', creator_rate_bp = 1")

    with session.as_user(BOB):
        assert [tuple(row.values()) for row in session.all(LINES)] == [("Mug", 1, 1_000, 9_000, 1_000)]


def test_the_same_key_and_cart_are_the_same_order(session: Session) -> None:
    fill_cart(session.connection, BOB, sell(session.connection, ALICE))

    with session.as_user(BOB):
        order = place(session.connection, key="checkout-1")

        assert place(session.connection, key="checkout-1") == order
        assert place(session.connection, key="checkout-1", currency="EUR") == order
        assert place(session.connection, key="checkout-2") != order


def test_a_price_that_changed_meanwhile_is_no_other_request(session: Session) -> None:
    fill_cart(session.connection, BOB, sell(session.connection, ALICE))
    with session.as_user(BOB):
        order = place(session.connection, key="checkout-1")
    session.run("update shop_items set price_minor = 2")

    with session.as_user(BOB):
        assert place(session.connection, key="checkout-1") == order


def test_the_same_key_for_another_cart_is_refused(session: Session) -> None:
    fill_cart(session.connection, BOB, sell(session.connection, ALICE))
    other = sell(session.connection, ALICE)

    with session.as_user(BOB):
        place(session.connection, key="checkout-1")
        with session.refused("idempotency_mismatch"):
            place(session.connection, key="checkout-1", currency="USD")
        fill_cart(session.connection, BOB, other)
        with session.refused("idempotency_mismatch"):
            place(session.connection, key="checkout-1")


def test_a_retry_after_the_payment_finds_the_order(session: Session) -> None:
    """The payment emptied the cart; that is no other request."""
    fill_cart(session.connection, BOB, sell(session.connection, ALICE))

    with session.as_user(BOB):
        order = place(session.connection, key="checkout-1")
        pay(session.connection, order)

        assert place(session.connection, key="checkout-1") == order


def test_charlie_may_use_bobs_key(session: Session) -> None:
    item = sell(session.connection, ALICE)
    orders = []
    for person in (BOB, CHARLIE):
        fill_cart(session.connection, person, item)
        with session.as_user(person):
            orders.append(place(session.connection, key="checkout-1"))

    assert orders[0] != orders[1]


def test_twenty_at_once_with_one_key_place_one_order(database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        fill_cart(owner, BOB, sell(owner, ALICE), sell(owner, CHARLIE))

    def order(_: int) -> object:
        with database.connect(BOB) as connection:
            return place(connection, key="checkout-1")

    with ThreadPoolExecutor(20) as pool:
        orders = set(pool.map(order, range(20)))

    assert len(orders) == 1
    with database.connect(BOB) as connection:
        assert value(connection, "select count(*) from orders") == 1
        assert value(connection, "select count(*) from order_lines") == 2


def test_an_empty_cart_makes_no_order(session: Session) -> None:
    with session.as_user(BOB), session.refused("cart_empty"):
        place(session.connection)


def test_a_cart_in_two_currencies_is_two_orders(session: Session) -> None:
    fill_cart(session.connection, BOB, sell(session.connection, ALICE, price=500, currency="EUR"))
    fill_cart(session.connection, BOB, sell(session.connection, ALICE, price=700, currency="USD"))

    with session.as_user(BOB):
        with session.refused("invalid_value"):
            place(session.connection)
        with session.refused("cart_empty"):
            place(session.connection, currency="JPY")
        for currency in ("EUR", "USD"):
            place(session.connection, currency=currency)
        rows = session.all("select currency, total_minor from orders order by currency")
        assert [tuple(row.values()) for row in rows] == [("EUR", 500), ("USD", 700)]


@pytest.mark.parametrize("change", ["stock = 1", "stock = 0", "state = 'removed'", f"seller_id = '{BOB.id}'"])
def test_what_is_not_to_be_had_is_not_ordered(session: Session, change: str) -> None:
    fill_cart(session.connection, BOB, sell(session.connection, ALICE, stock=5), quantity=2)
    session.run(f"update shop_items set {change}")

    with session.as_user(BOB), session.refused("sold_out"):
        place(session.connection)


@pytest.mark.parametrize("key", ["", "x" * 201, None])
def test_an_order_needs_a_key(session: Session, key: str | None) -> None:
    fill_cart(session.connection, BOB, sell(session.connection, ALICE))

    with session.as_user(BOB), session.refused("invalid_value"):
        session.run("select order_place(%s)", key)


def test_nobody_but_bob_sees_his_order(session: Session) -> None:
    """Not even the seller, as long as it is an intention."""
    fill_cart(session.connection, BOB, sell(session.connection, ALICE))
    with session.as_user(BOB):
        place(session.connection)

    for person in (ALICE, CHARLIE):
        with session.as_user(person):
            assert session.value("select count(*) from orders") == 0
            assert session.value("select count(*) from order_lines") == 0


def test_alice_sees_what_she_sold_and_charlie_does_not(session: Session) -> None:
    fill_cart(
        session.connection,
        BOB,
        sell(session.connection, ALICE, "Mug"),
        sell(session.connection, CHARLIE, "Print"),
    )
    with session.as_user(BOB):
        pay(session.connection, place(session.connection))

    with session.as_user(ALICE):
        assert [row["title"] for row in session.all(LINES)] == ["Mug"]
        assert session.value("select count(*) from orders") == 0


def test_what_bob_asked_for_is_kept_as_a_hash(session: Session) -> None:
    item = sell(session.connection, ALICE)
    fill_cart(session.connection, BOB, item, quantity=3)
    with session.as_user(BOB):
        place(session.connection)
        with session.refused("42501"):
            session.all("select request_hash from orders")

    assert (
        session.value("select request_hash from orders") == hashlib.sha256(f"{item} 3".encode()).hexdigest()
    )
