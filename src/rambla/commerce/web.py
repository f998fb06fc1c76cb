"""Commerce for people: the cart, checkout, orders and their receipts. Every form works without JavaScript."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect
from msgspec import Meta, Struct

from rambla.auth import destinations, viewer as viewers
from rambla.auth.guards import signed_in
from rambla.commerce import actions
from rambla.commerce.types import Quantity
from rambla.errors import Problem
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages

AnyRequest = Request[Any, Any, Any]
T = TypeVar("T")


class Addition(Struct, frozen=True):
    item_id: UUID
    quantity: Quantity = 1
    next: str = "/cart"


class Change(Struct, frozen=True):
    quantity: Quantity


class Wish(Struct, frozen=True):
    """The key was made with the page, so that a double click is one order."""

    key: Annotated[str, Meta(min_length=1, max_length=200)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]


@get("/cart", guards=[signed_in], include_in_schema=False)
async def show_cart(
    request: AnyRequest, caller: Caller, db: Database, pages: Pages, problem: str | None = None
) -> Response[bytes]:
    """What one means to buy."""
    async with db.transaction(caller, read_only=True) as tx:
        cart = await actions.read_cart(tx)
        viewer = await viewers.load(tx)
    return pages.render(
        request, "commerce/cart.html", viewer=viewer, block="cart", cart=cart, key=secrets.token_urlsafe(16),
        sold_out=problem == "sold_out",
    )  # fmt: skip


@post("/cart/items", guards=[signed_in], include_in_schema=False)
async def add(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Put an item into the cart and go back to where one was."""
    addition = await _form(request, Addition)
    async with db.transaction(caller) as tx:
        await actions.put(tx, addition.item_id, quantity=addition.quantity)
    return Redirect(destinations.local(addition.next), status_code=303)


@post("/cart/items/{item_id:uuid}/quantity", guards=[signed_in], include_in_schema=False)
async def change(item_id: UUID, request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Buy more or fewer of an item."""
    quantity = (await _form(request, Change)).quantity
    try:
        async with db.transaction(caller) as tx:
            await actions.put(tx, item_id, quantity=quantity)
    except Problem as problem:
        if problem.code != "not_found":
            raise  # what went since the page was made, the cart shows as gone
    return Redirect("/cart", status_code=303)


@post("/cart/items/{item_id:uuid}/removal", guards=[signed_in], include_in_schema=False)
async def remove(item_id: UUID, caller: Caller, db: Database) -> Redirect:
    """Take an item out."""
    async with db.transaction(caller) as tx:
        await actions.remove(tx, item_id)
    return Redirect("/cart", status_code=303)


@post("/orders", guards=[signed_in], include_in_schema=False)
async def check_out(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Make an order of what the cart holds in one currency."""
    wish = await _form(request, Wish)
    try:
        async with db.transaction(caller) as tx:
            order = await actions.place(tx, key=wish.key, currency=wish.currency)
    except Problem as problem:
        if problem.code not in ("sold_out", "cart_empty"):
            raise
        return Redirect(
            f"/cart?problem={problem.code}", status_code=303
        )  # the cart says which and what to do
    return Redirect(f"/orders/{order.id}", status_code=303)


@get("/orders", guards=[signed_in], include_in_schema=False)
async def list_orders(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    pages: Pages,
    cursor: Annotated[str | None, QueryParameter(max_length=120)] = None,
) -> Response[bytes]:
    """What one has ordered, newest first."""
    async with db.transaction(caller, read_only=True) as tx:
        page = await actions.read_orders(tx, cursor=cursor, limit=20)
        viewer = await viewers.load(tx)
    return pages.render(request, "commerce/orders.html", viewer=viewer, page=page, first=cursor is None)


@get("/orders/{order_id:uuid}", guards=[signed_in], include_in_schema=False)
async def show_order(
    request: AnyRequest,
    order_id: UUID,
    caller: Caller,
    db: Database,
    pages: Pages,
    problem: str | None = None,
) -> Response[bytes]:
    """One order: to be paid, or its receipt."""
    async with db.transaction(caller, read_only=True) as tx:
        order = await actions.read_order(tx, order_id)
        viewer = await viewers.load(tx)
    return pages.render(
        request, "commerce/order.html", viewer=viewer, order=order, sold_out=problem == "sold_out"
    )


@post("/orders/{order_id:uuid}/payment", guards=[signed_in], include_in_schema=False)
async def pay(order_id: UUID, caller: Caller, db: Database) -> Redirect:
    """The test payment."""
    try:
        async with db.transaction(caller) as tx:
            await actions.pay(tx, order_id)
    except Problem as problem:
        if problem.code != "sold_out":
            raise
        return Redirect(f"/orders/{order_id}?problem=sold_out", status_code=303)
    return Redirect(f"/orders/{order_id}", status_code=303)


async def _form(request: AnyRequest, of: type[T]) -> T:
    """A form's fields as a value; what does not fit is the sender's mistake."""
    try:
        return msgspec.convert(dict(await request.form()), of, strict=False)
    except msgspec.ValidationError as error:
        raise Problem("invalid_input", details=str(error)) from None


HANDLERS = [show_cart, add, change, remove, check_out, list_orders, show_order, pay]
