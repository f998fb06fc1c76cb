"""Bob buys what Alice sells; Charlie sees nothing of it; a retry is no second order."""

from __future__ import annotations

import asyncio

import pytest

from people import ADA, ALICE, BOB, CHARLIE, Person
from running import Api

NOBODY = "0199aaaa-0000-7000-8000-000000000001"


async def sell(api: Api, seller: Person = ALICE, **item: object) -> str:
    answer = await api.as_(seller).post(
        "/v1/shop-items", json={"title": "Bowl", "price_minor": 1200, "currency": "EUR", **item}
    )
    assert answer.status_code == 201, answer.text
    id_: str = answer.json()["id"]
    return id_


async def take_away(api: Api, how: str, item: str) -> None:
    """From Bob, for whom it was in the shop until now."""
    answer = {
        "Ada removes it": lambda: api.as_(ADA).put(f"/v1/removals/{item}", json={"reason": "A fake"}),
        "Alice withdraws it": lambda: api.as_(ALICE).patch(
            f"/v1/shop-items/{item}", json={"state": "removed"}
        ),
        "it is for adults": lambda: api.as_(ALICE).patch(
            f"/v1/shop-items/{item}", json={"age_limited": True}
        ),
        "Alice blocks Bob": lambda: api.as_(ALICE).put(f"/v1/blocks/{BOB.id}"),
        "Bob blocks Alice": lambda: api.as_(BOB).put(f"/v1/blocks/{ALICE.id}"),
    }[how]()
    assert (await answer).is_success


however_it_went = pytest.mark.parametrize(
    "how",
    ["Ada removes it", "Alice withdraws it", "it is for adults", "Alice blocks Bob", "Bob blocks Alice"],
)


async def order(api: Api, *items: str, key: str = "k") -> str:
    for item in items:
        await api.as_(BOB).put(f"/v1/cart/items/{item}")
    answer = await api.as_(BOB).post("/v1/orders", headers={"Idempotency-Key": key})
    assert answer.status_code == 201, answer.text
    id_: str = answer.json()["id"]
    return id_


@pytest.mark.parametrize("path", ["/v1/cart", "/v1/orders", f"/v1/orders/{NOBODY}"])
async def test_a_visitor_is_asked_who_they_are(api: Api, path: str) -> None:
    assert (await api.anonymous.get(path)).status_code == 401


async def test_the_cart_holds_what_was_put_into_it_once(api: Api) -> None:
    item = await sell(api)
    for quantity in (1, 3):
        await api.as_(BOB).put(f"/v1/cart/items/{item}", json={"quantity": quantity})

    cart = (await api.as_(BOB).get("/v1/cart")).json()

    assert [(line["item_id"], line["quantity"]) for line in cart["lines"]] == [(item, 3)]
    assert cart["totals"] == [{"currency": "EUR", "total_minor": 3600}]
    assert (await api.as_(CHARLIE).get("/v1/cart")).json() == {"lines": [], "totals": [], "gone": []}


async def test_taking_it_out_twice_is_once(api: Api) -> None:
    item = await sell(api)
    await api.as_(BOB).put(f"/v1/cart/items/{item}")

    codes = [(await api.as_(BOB).delete(f"/v1/cart/items/{item}")).status_code for _ in range(2)]

    assert codes == [200, 200]
    assert (await api.as_(BOB).get("/v1/cart")).json()["lines"] == []


async def test_what_is_not_for_sale_is_not_found_and_ones_own_is_refused(api: Api) -> None:
    draft = await sell(api, state="draft")
    own = await sell(api)

    assert (await api.as_(BOB).put(f"/v1/cart/items/{draft}")).status_code == 404
    assert (await api.as_(BOB).put(f"/v1/cart/items/{NOBODY}")).status_code == 404
    assert (await api.as_(ALICE).put(f"/v1/cart/items/{own}")).status_code == 403


@pytest.mark.parametrize(
    "body", [{"quantity": 0}, {"quantity": 100}, {"quantity": 1, "user_id": str(CHARLIE.id)}]
)
async def test_what_does_not_fit_is_refused(api: Api, body: dict[str, object]) -> None:
    item = await sell(api)

    assert (await api.as_(BOB).put(f"/v1/cart/items/{item}", json=body)).status_code == 400


async def test_an_order_needs_a_key_and_a_cart(api: Api) -> None:
    without_key = await api.as_(BOB).post("/v1/orders")
    without_cart = await api.as_(BOB).post("/v1/orders", headers={"Idempotency-Key": "k"})

    assert (without_key.status_code, without_key.json()["code"]) == (400, "invalid_input")
    assert "Idempotency-Key" in without_key.json()["message"]
    assert (without_cart.status_code, without_cart.json()["code"]) == (409, "cart_empty")


async def test_a_retry_is_the_same_order_and_another_cart_under_its_key_is_refused(api: Api) -> None:
    item, other = await sell(api), await sell(api, title="Plate")
    first = await order(api, item)
    again = await order(api)
    await api.as_(BOB).put(f"/v1/cart/items/{other}")
    changed = await api.as_(BOB).post("/v1/orders", headers={"Idempotency-Key": "k"})

    assert first == again
    assert (changed.status_code, changed.json()["code"]) == (409, "idempotency_mismatch")


async def test_a_price_cannot_be_sent(api: Api) -> None:
    await api.as_(BOB).put(f"/v1/cart/items/{await sell(api)}")

    answer = await api.as_(BOB).post("/v1/orders", headers={"Idempotency-Key": "k"}, json={"total_minor": 1})

    assert answer.status_code == 400


async def test_a_payment_does_all_of_it_at_once_and_only_once(api: Api) -> None:
    item = await sell(api)
    id_ = await order(api, item)

    answers = await asyncio.gather(*(api.as_(BOB).post(f"/v1/orders/{id_}/payment") for _ in range(20)))
    earnings = (await api.as_(ALICE).get("/v1/earnings")).json()
    news = (await api.as_(ALICE).get("/v1/notifications")).json()["items"]
    feed = (await api.as_(BOB).get("/v1/feed?limit=50")).json()["items"]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["state"] == "paid"
    assert [(row["pending"], row["total"]) for row in earnings] == [(1080, 1080)]
    assert len([one for one in news if one["type"] == "item_sold"]) == 1
    assert (await api.as_(BOB).get("/v1/cart")).json()["lines"] == []
    assert item not in [one["item_id"] for one in feed]


async def test_what_is_sold_out_meanwhile_is_not_paid_and_nothing_changes(api: Api) -> None:
    item = await sell(api, stock=1)
    id_ = await order(api, item)
    await api.as_(ALICE).patch(f"/v1/shop-items/{item}", json={"stock": 0})

    answer = await api.as_(BOB).post(f"/v1/orders/{id_}/payment")

    assert (answer.status_code, answer.json()["code"]) == (409, "sold_out")
    assert (await api.as_(BOB).get(f"/v1/orders/{id_}")).json()["state"] == "placed"
    assert (await api.as_(ALICE).get("/v1/earnings")).json() == []
    assert len((await api.as_(BOB).get("/v1/cart")).json()["lines"]) == 1


@however_it_went
async def test_what_is_no_longer_for_sale_is_taken_out_and_the_rest_is_bought(api: Api, how: str) -> None:
    item, other = await sell(api), await sell(api, CHARLIE, title="Print")
    for one in (item, other):
        await api.as_(BOB).put(f"/v1/cart/items/{one}", json={"quantity": 2})
    await take_away(api, how, item)

    cart = (await api.as_(BOB).get("/v1/cart")).json()
    refused = await api.as_(BOB).post("/v1/orders", headers={"Idempotency-Key": "k"})
    nothing = (await api.as_(BOB).get("/v1/orders")).json()["items"]
    left = (await api.as_(BOB).delete(f"/v1/cart/items/{item}")).json()
    placed = await api.as_(BOB).post("/v1/orders", headers={"Idempotency-Key": "k"})

    assert [line["title"] for line in cart["lines"]] == ["Print"]
    assert [(one["item_id"], one["quantity"]) for one in cart["gone"]] == [(item, 2)]
    assert "Bowl" not in str(cart) + refused.text
    assert (refused.status_code, refused.json()["code"]) == (409, "sold_out")
    assert refused.json()["hint"] == f"Take it out: {item}"
    assert nothing == []
    assert (left["lines"], left["gone"]) == (cart["lines"], [])
    assert placed.status_code == 201
    assert [line["title"] for line in placed.json()["lines"]] == ["Print"]


@however_it_went
async def test_what_went_after_it_was_ordered_is_not_charged(api: Api, how: str) -> None:
    item = await sell(api)
    id_ = await order(api, item)
    await take_away(api, how, item)

    answer = await api.as_(BOB).post(f"/v1/orders/{id_}/payment")

    assert (answer.status_code, answer.json()["code"]) == (409, "sold_out")
    assert (await api.as_(BOB).get(f"/v1/orders/{id_}")).json()["state"] == "placed"
    assert (await api.as_(ALICE).get("/v1/earnings")).json() == []


async def test_what_is_short_is_told_from_what_is_gone(api: Api) -> None:
    """A line that one may see stays a line, with its title and a number to change."""
    item = await sell(api, stock=3)
    await api.as_(BOB).put(f"/v1/cart/items/{item}", json={"quantity": 5})

    cart = (await api.as_(BOB).get("/v1/cart")).json()

    assert [(line["title"], line["available"]) for line in cart["lines"]] == [("Bowl", False)]
    assert cart["gone"] == []


async def test_charlie_finds_nothing_of_bobs_order(api: Api) -> None:
    id_ = await order(api, await sell(api))

    seen = await api.as_(CHARLIE).get(f"/v1/orders/{id_}")
    nothing = await api.as_(CHARLIE).get(f"/v1/orders/{NOBODY}")
    paid = await api.as_(CHARLIE).post(f"/v1/orders/{id_}/payment")

    assert seen.status_code == nothing.status_code == paid.status_code == 404
    assert seen.json()["message"] == nothing.json()["message"]
    assert (await api.as_(BOB).get(f"/v1/orders/{id_}")).json()["state"] == "placed"


async def test_orders_are_walked_without_a_gap(api: Api) -> None:
    made = []
    for n in range(3):
        made.append(await order(api, await sell(api, title=f"Bowl {n}"), key=f"k{n}"))
        await api.as_(BOB).post(f"/v1/orders/{made[-1]}/payment")
    first = (await api.as_(BOB).get("/v1/orders?limit=2")).json()
    second = (await api.as_(BOB).get(f"/v1/orders?limit=2&cursor={first['next_cursor']}")).json()

    assert [one["id"] for one in (*first["items"], *second["items"])] == made[::-1]
    assert second["next_cursor"] is None
