"""Bob scrolls in a browser: what is told to the server, and what comes by itself."""

from __future__ import annotations

import asyncio

import httpx2
import psycopg
import pytest
from playwright.async_api import Page, expect

from people import ALICE, BOB
from running import Server


def write(server: Server, count: int) -> None:
    headers = {"Authorization": f"Bearer {server.token(ALICE)}"}
    with httpx2.Client(base_url=server.url, headers=headers) as client:
        for n in range(count):
            client.post("/v1/posts", json={"body": f"Post number {n}."}).raise_for_status()


@pytest.fixture
async def bob(page: Page, server: Server) -> Page:
    """Alice has written 30 posts, and he has opened his feed."""
    write(server, 30)
    cookie = server.cookie(BOB)
    await page.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": cookie["url"]}])
    await page.goto(server.url)
    return page


async def test_where_he_stops_is_where_another_device_goes_on(bob: Page, server: Server) -> None:
    name = await bob.locator("article").nth(9).get_attribute("id")
    await bob.locator("article").nth(9).evaluate("article => scrollTo(0, article.offsetTop - 80)")
    async with bob.expect_request("**/feed/place"):
        await bob.evaluate("dispatchEvent(new Event('pagehide'))")

    phone = await bob.context.new_page()
    await phone.goto(server.url)
    await phone.get_by_role("link", name="Go on where you stopped").click()

    await expect(phone.locator("article").first).to_have_id(str(name))


async def test_the_feed_goes_on_by_itself_and_says_when_that_was_all(bob: Page) -> None:
    await expect(bob.locator("#feed-end")).to_have_text("")
    await bob.evaluate("scrollTo(0, document.body.scrollHeight)")

    await expect(bob.locator("article")).to_have_count(30)
    await expect(bob.locator("#feed-end")).to_contain_text("All caught up")


async def test_why_opens_in_its_place(bob: Page) -> None:
    first = bob.locator("article").first
    await first.locator("summary").click()
    await first.get_by_role("link", name="Why you see this").click()

    await expect(first).to_contain_text("Nobody has reacted to it yet")
    assert bob.url.endswith("/")


async def test_new_posts_are_told_while_he_reads(bob: Page, server: Server) -> None:
    await bob.goto(f"{server.url}/?mode=trending")
    write(server, 2)
    await bob.locator("#feed-news").dispatch_event("live")

    await bob.get_by_role("link", name="2 new posts").click()
    await expect(bob.locator("article").first).to_be_visible()
    await expect(bob.get_by_role("link", name="new post")).to_have_count(0)


async def test_what_he_looked_at_comes_last_in_the_next_feed(bob: Page, server: Server) -> None:
    await bob.clock.install()
    await bob.reload()
    await expect(bob.locator("article").first).to_be_in_viewport(ratio=0.5)
    first, last = [str(await bob.locator("article").nth(n).get_attribute("id")) for n in (0, 19)]
    async with bob.expect_response("**/v1/feed/events"):
        await bob.clock.fast_forward(11_000)
    kinds = recorded(server)

    assert {(first[5:], "impression"), (first[5:], "dwell")} <= kinds
    assert last[5:] not in {item for item, _ in kinds}, "what is below the screen is not seen"
    await bob.get_by_role("button", name="Refresh this feed").click()
    await expect(bob.locator("article").first).not_to_have_id(first)


async def test_a_link_that_is_followed_is_told_at_once(bob: Page, server: Server) -> None:
    first = str(await bob.locator("article").first.get_attribute("id"))
    async with bob.expect_request("**/v1/feed/events"):
        await bob.locator("article").first.get_by_role("link", name="Alice").click()

    # The page that asked is gone, so nobody hears the answer: what it did is looked for where it must be.
    async with asyncio.timeout(20):
        while (first[5:], "click") not in recorded(server):  # noqa: ASYNC110 - it happens in a database
            await asyncio.sleep(0.05)


def recorded(server: Server) -> set[tuple[str, str]]:
    with psycopg.connect(server.owner_url) as connection:
        found = connection.execute(
            "select item_id, kind from public.feed_events where viewer_id = %s", (BOB.id,)
        )
        return {(str(item), kind) for item, kind in found.fetchall()}
