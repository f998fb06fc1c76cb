"""The cart is the person's own."""

from __future__ import annotations

import pytest

from buying import fill_cart, sell
from conftest import Session
from people import ALICE, BOB, CHARLIE


def test_a_visitor_has_no_cart(session: Session) -> None:
    item = sell(session.connection, ALICE)

    with session.as_role("anon"), session.refused("42501"):
        fill_cart(session.connection, BOB, item)


def test_bob_fills_changes_and_empties_his(session: Session) -> None:
    item = sell(session.connection, ALICE)

    with session.as_user(BOB):
        fill_cart(session.connection, BOB, item, quantity=2)
        assert session.run("update shopping_cart_items set quantity = 3") == 1
        assert session.value("select quantity from shopping_cart_items") == 3
        assert session.run("delete from shopping_cart_items") == 1


def test_charlie_neither_sees_nor_touches_bobs(session: Session) -> None:
    item, other = sell(session.connection, ALICE), sell(session.connection, ALICE)
    fill_cart(session.connection, BOB, item)

    with session.as_user(CHARLIE):
        assert session.value("select count(*) from shopping_cart_items") == 0
        assert session.run("update shopping_cart_items set quantity = 9") == 0
        assert session.run("delete from shopping_cart_items") == 0
        with session.refused("42501"):
            fill_cart(session.connection, BOB, other)


def test_alice_cannot_buy_from_herself(session: Session) -> None:
    """It would be earnings out of nothing."""
    item = sell(session.connection, ALICE)

    with session.as_user(ALICE), session.refused("42501"):
        fill_cart(session.connection, ALICE, item)


@pytest.mark.parametrize("quantity", [0, -1, 100])
def test_a_quantity_is_between_one_and_ninety_nine(session: Session, quantity: int) -> None:
    item = sell(session.connection, ALICE)

    with session.as_user(BOB), session.refused("23514"):
        fill_cart(session.connection, BOB, item, quantity=quantity)


def test_the_owner_of_a_row_is_for_good(session: Session) -> None:
    item = sell(session.connection, ALICE)

    with session.as_user(BOB):
        fill_cart(session.connection, BOB, item)
        with session.refused("42501"):
            session.run("update shopping_cart_items set user_id = %s", CHARLIE.id)
