"""Ada's pages of experiments on a phone and on a desk, by day and by night."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from playwright.async_api import Browser, Page, expect

from people import ADA, ALICE, BOB, CHARLIE
from running import Server
from web.ui.test_accessibility import BEYOND, SMALL, violations, weak_contrasts

LIST, FORM = "/admin/feed/experiments", "/admin/feed/new-experiment"
FILLED: dict[str, Any] = {
    "name": "more-of-whom-one-follows", "arms": "2", "arm-0": "control", "share-0": "50",
    "arm-1": "bold", "share-1": "50", "follow_boost-1": "3", "new_author_days-1": "30",
}  # fmt: skip
SIDEWAYS = """[...document.querySelectorAll('.table-scroll:has(.table--cards)')]
  .filter(e => e.scrollWidth > e.clientWidth).map(e => e.querySelector('table').id)"""


def ada(server: Server) -> httpx2.Client:
    cookie = server.cookie(ADA)
    return httpx2.Client(
        base_url=server.url, cookies={cookie["name"]: cookie["value"]}, headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=True,
    )  # fmt: skip


@pytest.fixture
def ended_and_running(server: Server) -> None:
    """One that is over, and one that three people have been given a feed of."""
    for name in ("first", FILLED["name"]):
        with ada(server) as browser:
            browser.post(LIST, data={**FILLED, "name": name}).raise_for_status()
            if name == "first":
                browser.post(f"{LIST}/{name}/ending").raise_for_status()
    for person in (ALICE, BOB, CHARLIE):
        headers = {"Authorization": f"Bearer {server.token(person)}"}
        with httpx2.Client(base_url=server.url, headers=headers) as client:
            client.get("/v1/feed").raise_for_status()


@pytest.fixture(params=[(theme, width) for theme in ("light", "dark") for width in (320, 1280)], ids=str)
async def shown(browser: Browser, server: Server, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    theme, width = request.param
    context = await browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        reduced_motion="reduce",
        base_url=server.url,
    )
    cookie = server.cookie(ADA)
    await context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": cookie["url"]}])
    yield await context.new_page()
    await context.close()


@pytest.mark.usefixtures("ended_and_running")
async def test_each_page_passes_axe_and_contrast_and_fits(shown: Page) -> None:
    for path in (LIST, f"{LIST}/{FILLED['name']}", f"{LIST}/first", FORM):
        await shown.goto(path)

        assert await violations(shown) == [], path
        assert await weak_contrasts(shown) == [], path
        assert [await shown.evaluate(check) for check in (BEYOND, SMALL, SIDEWAYS)] == [[], [], []], path


async def test_the_form_passes_too_empty_and_with_what_is_not_right(shown: Page) -> None:
    for path in (LIST, f"{FORM}?arms=3", FORM):
        await shown.goto(path)

        assert await violations(shown) == [], path
        assert await weak_contrasts(shown) == [], path
    await shown.get_by_role("textbox", name="Name of the experiment").fill("Not A Name")
    await shown.get_by_role("textbox", name="Name of the experiment").press("Enter")
    await expect(shown.get_by_text("One field is not right yet.")).to_be_visible()

    assert await violations(shown) == []
    assert await weak_contrasts(shown) == []
    assert await shown.evaluate("document.activeElement.name") == "name"


async def test_a_keyboard_begins_one_and_ends_it(page: Page, server: Server) -> None:
    cookie = server.cookie(ADA)
    await page.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": cookie["url"]}])
    await page.goto(f"{server.url}{FORM}")
    await page.get_by_role("textbox", name="Name of the experiment").fill("by-hand")
    await page.get_by_role("button", name="Another arm").press("Enter")
    await page.get_by_role("group", name="Arm 3").get_by_label("Name").fill("third")
    await page.get_by_role("group", name="Arm 3").get_by_label("Share").fill("5")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="by-hand", level=1)).to_be_visible()

    await page.get_by_role("button", name="End it").press("Enter")
    assert await page.evaluate("document.activeElement.textContent") == "Cancel"
    await page.get_by_role("dialog").get_by_role("button", name="End it").press("Enter")

    await expect(page.get_by_text("Ended", exact=True)).to_be_visible()
    await expect(page.get_by_role("row", name="third 5 %")).to_be_visible()
