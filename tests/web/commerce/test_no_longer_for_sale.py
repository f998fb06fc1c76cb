"""What Bob means to buy and may no longer see: the page says so, and he takes it out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from api.commerce.test_commerce import however_it_went, sell, take_away
from buying import fill_cart, sell as sell_in_sql
from conftest import TestDatabase
from people import ALICE, BOB, CHARLIE
from running import Api, Server

AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
}
WIDER = "document.documentElement.scrollWidth > innerWidth"
WORDS = "An item that is no longer for sale"


@however_it_went
async def test_by_forms_alone(api: Api, how: str) -> None:
    bob = api.browser(BOB)
    item, other = await sell(api), await sell(api, CHARLIE, title="Print")
    for one in (item, other):
        await bob.post("/cart/items", data={"item_id": one})
    await take_away(api, how, item)

    cart = (await bob.get("/cart")).text
    fields = dict(re.findall(r'name="(key|currency)" value="([^"]+)"', cart))
    refused = await bob.post("/orders", data=fields)
    said = (await bob.get(refused.headers["location"])).text
    taken_out = await bob.post(f"/cart/items/{item}/removal")
    after = (await bob.get(taken_out.headers["location"])).text
    placed = await bob.post("/orders", data=fields)
    order = (await bob.get(placed.headers["location"])).text

    assert cart.count(WORDS) == 1
    assert f'action="/cart/items/{item}/removal"' in cart
    assert "nothing was ordered" in said
    assert "Bowl" not in cart + said + after + order
    assert WORDS not in after
    assert "Print" in order


async def test_a_cart_of_nothing_else_is_not_called_empty(api: Api) -> None:
    bob = api.browser(BOB)
    item = await sell(api)
    await bob.post("/cart/items", data={"item_id": item})
    await take_away(api, "Alice withdraws it", item)

    cart = (await bob.get("/cart")).text

    assert WORDS in cart
    assert "Your cart is empty" not in cart
    assert "Check out<" not in cart


async def test_a_number_changed_on_an_old_page_leads_to_what_is_so_now(api: Api) -> None:
    bob = api.browser(BOB)
    item = await sell(api)
    await bob.post("/cart/items", data={"item_id": item})
    await take_away(api, "Alice blocks Bob", item)

    answer = await bob.post(f"/cart/items/{item}/quantity", data={"quantity": "2"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/cart")
    assert WORDS in (await bob.get("/cart")).text


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
async def bobs(request: pytest.FixtureRequest, browser: Browser, server: Server) -> AsyncIterator[Page]:
    context = await browser.new_context(
        java_script_enabled=request.param, viewport={"width": 320, "height": 800}
    )
    cookie = server.cookie(BOB)
    await context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": cookie["url"]}])
    yield await context.new_page()
    await context.close()


@pytest.fixture
def _two_of_alice_who_blocks_bob_and_one_of_charlie(database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        items = [sell_in_sql(owner, ALICE, title) for title in ("Mug", "Bowl")]
        fill_cart(owner, BOB, *items, sell_in_sql(owner, CHARLIE, "Print"))
        owner.execute("insert into public.blocks (user_id, blocked_id) values (%s, %s)", (ALICE.id, BOB.id))


@pytest.mark.usefixtures("_two_of_alice_who_blocks_bob_and_one_of_charlie")
async def test_in_a_browser_bob_takes_them_out_and_orders_the_rest(bobs: Page, server: Server) -> None:
    await bobs.goto(f"{server.url}/cart")
    await bobs.get_by_role("button", name="Check out").click()
    await expect(bobs.locator("#cart").get_by_role("alert")).to_contain_text("nothing was ordered")

    for left in (1, 0):
        await bobs.get_by_role("button", name="Remove item 1 that is no longer for sale").click()
        await expect(bobs.get_by_text(WORDS)).to_have_count(left)
    await bobs.get_by_role("button", name="Check out").click()

    await bobs.get_by_role("button", name="Pay now (test payment)").click()
    await expect(bobs.get_by_role("heading", name="Receipt")).to_be_visible()
    await expect(bobs.locator(".line-title")).to_have_text(["Print"])


@pytest.mark.usefixtures("_two_of_alice_who_blocks_bob_and_one_of_charlie")
@pytest.mark.parametrize("width", [320, 1280])
async def test_everybody_can_use_the_page(page: Page, server: Server, width: int) -> None:
    cookie = server.cookie(BOB)
    await page.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": cookie["url"]}])
    await page.set_viewport_size({"width": width, "height": 800})
    await page.goto(f"{server.url}/cart")

    found = await Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    assert not await page.evaluate(WIDER)
