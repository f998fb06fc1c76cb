"""Bob fills the cart, checks out and pays, with plain forms and nothing else."""

from __future__ import annotations

import re

import pytest
from httpx2 import AsyncClient

from api.commerce.test_commerce import NOBODY, order, sell
from people import ALICE, BOB, CHARLIE
from running import Api


@pytest.fixture
def bob(api: Api) -> AsyncClient:
    return api.browser(BOB)


@pytest.mark.parametrize("path", ["/cart", "/orders", f"/orders/{NOBODY}"])
async def test_a_visitor_is_asked_to_sign_in(api: Api, path: str) -> None:
    assert (await api.client(accept="text/html").get(path)).status_code in (303, 401)


async def test_an_empty_cart_and_no_orders_lead_somewhere(bob: AsyncClient) -> None:
    assert "Your cart is empty" in (await bob.get("/cart")).text
    assert "No orders yet" in (await bob.get("/orders")).text


async def test_from_the_cart_to_the_receipt_by_forms_alone(api: Api, bob: AsyncClient) -> None:
    item = await sell(api)

    added = await bob.post("/cart/items", data={"item_id": item, "next": "/?mode=trending"})
    await bob.post(f"/cart/items/{item}/quantity", data={"quantity": "2"})
    cart = (await bob.get("/cart")).text
    fields = dict(re.findall(r'name="(key|currency)" value="([^"]+)"', cart))
    placed = await bob.post("/orders", data=fields)
    twice = await bob.post("/orders", data=fields)
    order_page = (await bob.get(placed.headers["location"])).text
    paid = await bob.post(placed.headers["location"] + "/payment")
    receipt = (await bob.get(paid.headers["location"])).text

    assert (added.status_code, added.headers["location"]) == (303, "/?mode=trending")
    assert "€24.00" in cart
    assert placed.headers["location"] == twice.headers["location"]
    assert "Pay now (test payment)" in order_page
    assert "Receipt" in receipt
    assert "Pay now" not in receipt
    assert "Your cart is empty" in (await bob.get("/cart")).text
    assert "Receipt" in (await bob.get("/orders")).text


async def test_adding_never_leads_to_another_site(api: Api, bob: AsyncClient) -> None:
    answer = await bob.post("/cart/items", data={"item_id": await sell(api), "next": "//evil.example"})

    assert answer.headers["location"] == "/"


async def test_two_currencies_are_two_check_outs(api: Api, bob: AsyncClient) -> None:
    for currency in ("EUR", "GBP"):
        await bob.post("/cart/items", data={"item_id": await sell(api, currency=currency)})

    cart = (await bob.get("/cart")).text

    assert cart.count("Check out") == 2
    assert "€12.00" in cart
    assert "£12.00" in cart


async def test_sold_out_is_a_sentence_with_a_way_forward(api: Api, bob: AsyncClient) -> None:
    item = await sell(api, stock=1)
    id_ = await order(api, item)
    await api.as_(ALICE).patch(f"/v1/shop-items/{item}", json={"stock": 0})

    unpaid = await bob.post(f"/orders/{id_}/payment")
    placed = await bob.post("/orders", data={"key": "new", "currency": "EUR"})

    assert "Nothing was charged" in (await bob.get(unpaid.headers["location"])).text
    assert "nothing was ordered" in (await bob.get(placed.headers["location"])).text


async def test_charlie_gets_the_page_for_what_is_not_there(api: Api) -> None:
    id_ = await order(api, await sell(api))

    assert (await api.browser(CHARLIE).get(f"/orders/{id_}")).status_code == 404
    assert (await api.browser(CHARLIE).post(f"/orders/{id_}/payment")).status_code == 404


@pytest.mark.parametrize("data", [{}, {"item_id": "x"}, {"item_id": NOBODY, "quantity": "0"}])
async def test_a_form_that_does_not_fit_is_refused(bob: AsyncClient, data: dict[str, str]) -> None:
    assert (await bob.post("/cart/items", data=data)).status_code == 400
