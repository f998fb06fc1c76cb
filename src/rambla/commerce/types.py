"""The words of commerce as values; prices are in minor units of their currency."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

Quantity = Annotated[int, Meta(ge=1, le=99)]


class CartLine(Struct, frozen=True, kw_only=True):
    """An item in the cart with what it is and costs now; ``available`` is false when there are not so many."""

    item_id: UUID
    title: str
    image_url: str | None
    seller_handle: str
    seller_name: str
    quantity: int
    unit_price_minor: int
    line_total_minor: int
    currency: str
    available: bool


class Total(Struct, frozen=True, kw_only=True):
    """What the cart comes to in one currency: one order each."""

    currency: str
    total_minor: int


class Gone(Struct, frozen=True, kw_only=True):
    """An item in the cart that is no longer for sale to its owner, who may not know what it is now."""

    item_id: UUID
    quantity: int
    added_at: dt.datetime


class Cart(Struct, frozen=True, kw_only=True):
    """Nothing is ordered as long as something in it is gone."""

    lines: list[CartLine]
    totals: list[Total]
    gone: list[Gone]


class OrderLine(Struct, frozen=True, kw_only=True):
    """Price and title as they were when the order was placed."""

    line_no: int
    item_id: UUID
    title: str
    image_url: str | None
    seller_name: str
    quantity: int
    unit_price_minor: int
    line_total_minor: int


class Order(Struct, frozen=True, kw_only=True):
    id: UUID
    state: Literal["placed", "paid", "cancelled"]
    currency: str
    total_minor: int
    placed_at: dt.datetime
    paid_at: dt.datetime | None
    payment_provider: str | None
    payment_reference: str | None


class OrderDetail(Order, frozen=True, kw_only=True):
    lines: list[OrderLine]


class OrderPage(Struct, frozen=True, kw_only=True):
    """A page of orders, newest first; no next_cursor at the end."""

    items: list[Order]
    next_cursor: str | None


class Amount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    quantity: Quantity = 1


class Checkout(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``currency`` is needed when the cart holds more than one."""

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | None = None
