"""Filling the cart, placing and paying orders; the caller is a person."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from uuid import UUID

from msgspec import Struct

from rambla.commerce.types import Cart, CartLine, Gone, Order, OrderDetail, OrderPage, Total
from rambla.kit import cursors
from rambla.kit.db import Transaction
from rambla.kit.queries import Queries

sql = Queries("rambla.commerce")


class Item(Struct, frozen=True):
    id: UUID


class Older(Struct, frozen=True, array_like=True, tag="orders"):
    at: dt.datetime
    id: UUID


async def read_cart(tx: Transaction) -> Cart:
    lines = await tx.all(CartLine, sql.cart)
    by_currency = groupby(sorted(lines, key=lambda line: line.currency), key=lambda line: line.currency)
    totals = [
        Total(currency=c, total_minor=sum(line.line_total_minor for line in own)) for c, own in by_currency
    ]
    return Cart(lines=lines, totals=totals, gone=await tx.all(Gone, sql.gone))


async def put(tx: Transaction, item_id: UUID, *, quantity: int) -> None:
    """An item that the caller may not see is not found; one of their own is forbidden by the policy."""
    await tx.one(Item, sql.visible_item, item_id=item_id)
    await tx.run(sql.put, item_id=item_id, quantity=quantity)


async def remove(tx: Transaction, item_id: UUID) -> None:
    await tx.run(sql.remove, item_id=item_id)


async def place(tx: Transaction, *, key: str, currency: str | None) -> OrderDetail:
    """The order of what the cart holds, or the one that the key made before."""
    return await read_order(tx, await tx.value(UUID, sql.place, key=key, currency=currency))


async def pay(tx: Transaction, order_id: UUID) -> OrderDetail:
    """The spine: paid, with everything that follows, or not. A paid order answers the same again."""
    await tx.run(sql.pay, id=order_id)
    return await read_order(tx, order_id)


async def read_order(tx: Transaction, order_id: UUID) -> OrderDetail:
    return await tx.one(OrderDetail, sql.order, id=order_id)


async def read_orders(tx: Transaction, *, cursor: str | None, limit: int) -> OrderPage:
    after = cursors.decode(cursor, Older)
    orders = await tx.all(
        Order, sql.orders, at=after.at if after else None, before=after.id if after else None, limit=limit + 1
    )
    shown = orders[:limit]
    more = len(orders) > limit
    return OrderPage(
        items=shown, next_cursor=cursors.encode(Older(shown[-1].placed_at, shown[-1].id)) if more else None
    )
