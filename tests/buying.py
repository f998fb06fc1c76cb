"""Buying as the tests do it: what a test does not name is of no importance to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from earning import Connection, identity
from people import Person


def sell(
    connection: Connection,
    seller: Person,
    title: str = "Mug",
    *,
    price: int = 1_000,
    currency: str = "EUR",
    stock: int | None = None,
    rate: int = 9_000,
) -> UUID:
    """A listed item, as the owner: the creator's rate is not the seller's to set."""
    return identity(
        connection,
        "insert into public.shop_items (seller_id, title, price_minor, currency, stock, creator_rate_bp)"
        " values (%s, %s, %s, %s, %s, %s) returning id",
        seller.id, title, price, currency, stock, rate,
    )  # fmt: skip


def fill_cart(connection: Connection, buyer: Person, *items: UUID, quantity: int = 1) -> None:
    for item in items:
        connection.execute(
            "insert into public.shopping_cart_items (user_id, item_id, quantity) values (%s, %s, %s)",
            (buyer.id, item, quantity),
        )


def place(connection: Connection, *, key: str | None = None, currency: str | None = None) -> UUID:
    """As whoever the connection is."""
    return identity(connection, "select public.order_place(%s, %s)", key or str(uuid4()), currency)


def pay(
    connection: Connection, order_id: UUID, *, provider: str = "manual", reference: str | None = None
) -> dict[str, Any]:
    row = connection.execute(
        "select * from public.order_pay(%s, %s, %s)", (order_id, provider, reference)
    ).fetchone()
    assert row is not None
    return row
