"""Commerce for programs: cart, orders, payment."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.params import HeaderParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK

from rambla.auth.guards import signed_in
from rambla.commerce import actions
from rambla.commerce.types import Amount, Cart, Checkout, OrderDetail, OrderPage
from rambla.errors import Problem
from rambla.kit.db import Caller, Database
from rambla.kit.etags import conditional

AnyRequest = Request[Any, Any, Any]

Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", min_length=1, max_length=200)]
Cursor = Annotated[str | None, QueryParameter(max_length=120)]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]


@get("/v1/cart", guards=[signed_in])
async def show_cart(request: AnyRequest, caller: Caller, db: Database) -> Response[Cart | None]:
    """What the caller means to buy, at today's prices, with a total for each currency."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await actions.read_cart(tx))


@put("/v1/cart/items/{item_id:uuid}", guards=[signed_in])
async def put_item(item_id: UUID, caller: Caller, db: Database, data: Amount | None = None) -> Cart:
    """Put so many of an item into the cart; the feed does not show it from the next call on."""
    async with db.transaction(caller) as tx:
        await actions.put(tx, item_id, quantity=(data or Amount()).quantity)
        return await actions.read_cart(tx)


@delete("/v1/cart/items/{item_id:uuid}", guards=[signed_in], status_code=HTTP_200_OK)
async def remove_item(item_id: UUID, caller: Caller, db: Database) -> Cart:
    """Take an item out of the cart; twice is once."""
    async with db.transaction(caller) as tx:
        await actions.remove(tx, item_id)
        return await actions.read_cart(tx)


@post("/v1/orders", guards=[signed_in])
async def place(caller: Caller, db: Database, key: Key = None, data: Checkout | None = None) -> OrderDetail:
    """Make an order of the cart. The Idempotency-Key is required: a retry with the same cart is the same order."""
    if key is None:
        raise Problem("invalid_input", "Send an Idempotency-Key, so that a retry is no second order.")
    async with db.transaction(caller) as tx:
        return await actions.place(tx, key=key, currency=data.currency if data else None)


@get("/v1/orders", guards=[signed_in])
async def list_orders(
    request: AnyRequest, caller: Caller, db: Database, cursor: Cursor = None, limit: Limit = 20
) -> Response[OrderPage | None]:
    """The caller's orders, newest first."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await actions.read_orders(tx, cursor=cursor, limit=limit))


@get("/v1/orders/{order_id:uuid}", guards=[signed_in])
async def show_order(
    request: AnyRequest, order_id: UUID, caller: Caller, db: Database
) -> Response[OrderDetail | None]:
    """One order of the caller's, with its lines."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await actions.read_order(tx, order_id))


@post("/v1/orders/{order_id:uuid}/payment", guards=[signed_in], status_code=HTTP_200_OK)
async def pay(order_id: UUID, caller: Caller, db: Database) -> OrderDetail:
    """Pay with the test payment: order, stock, cart, earnings, notifications and receipt in one transaction."""
    async with db.transaction(caller) as tx:
        return await actions.pay(tx, order_id)


HANDLERS = [show_cart, put_item, remove_item, place, list_orders, show_order, pay]
