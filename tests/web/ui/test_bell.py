"""The live bell, from the stream to the badge, the title and the voice."""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import Browser, Page, expect

from web.ui.site import Site, Stream, Viewer, page_of, until

STREAM = "GET /v1/notifications/stream"
LISTEN = """
  window.said = [];
  const region = document.getElementById('announcer');
  new MutationObserver(() => region.textContent && said.push([region.textContent, Date.now()]))
    .observe(region, { childList: true });
"""


@pytest.fixture
async def stream(page: Page, site: Site) -> Stream:
    """Alice looks at a page with three unread; the stream is open."""
    stream = Stream()
    site.routes[STREAM] = stream
    site.serve("/page", page_of("", viewer=Viewer(unread=3)))
    await page.goto(site.url("/page"))
    await until_open(stream, 1)
    return stream


async def until_open(stream: Stream, count: int) -> None:
    async with asyncio.timeout(10):
        while stream.opened < count:  # noqa: ASYNC110 - the server is a thread
            await asyncio.sleep(0.02)


def ring(stream: Stream, unread: int) -> None:
    stream.send(f"event: bell\ndata: {json.dumps({'unread': unread})}\n\n")


async def test_the_number_is_shown_said_and_put_into_the_title(page: Page, stream: Stream) -> None:
    ring(stream, 5)

    await expect(page.locator("#bell")).to_have_attribute("aria-label", "Notifications, 5 unread")
    await expect(page.locator("#bell-count")).to_have_text("5")
    assert await page.title() == "(5) Home · Rambla"


async def test_more_than_ninety_nine_is_capped_for_the_eye_alone(page: Page, stream: Stream) -> None:
    ring(stream, 240)

    await expect(page.locator("#bell-count")).to_have_text("99+")
    await expect(page.locator("#bell")).to_have_attribute("aria-label", "Notifications, 240 unread")


async def test_nothing_unread_leaves_no_badge(page: Page, stream: Stream) -> None:
    ring(stream, 0)

    await expect(page.locator("#bell-count")).to_be_hidden()
    await expect(page.locator("#bell")).to_have_attribute("aria-label", "Notifications")
    assert await page.title() == "Home · Rambla"


async def test_a_burst_is_one_sentence_and_the_next_waits(page: Page, stream: Stream) -> None:
    await page.evaluate(LISTEN)
    ring(stream, 4)
    await until(page, "said.length === 1")
    for unread in (5, 6, 7):
        ring(stream, unread)
    await until(page, "said.length === 2")

    (first, at), (second, later) = await page.evaluate("said")
    assert (first, second) == ("1 new notification", "3 new notifications")
    assert later - at >= 4900


async def test_reading_is_not_announced(page: Page, stream: Stream) -> None:
    ring(stream, 1)
    await expect(page.locator("#bell-count")).to_have_text("1")

    assert await page.locator("#announcer").text_content() == ""


async def test_lists_are_told_when_the_bell_rings(page: Page, stream: Stream) -> None:
    await page.evaluate("document.body.addEventListener('bell', event => { window.told = event.detail; })")
    ring(stream, 5)

    await until(page, "window.told")
    assert await page.evaluate("told") == {"unread": 5, "more": 2}


async def test_two_tabs_share_one_stream_and_the_second_takes_over(
    page: Page, stream: Stream, site: Site
) -> None:
    second = await page.context.new_page()
    await second.goto(site.url("/page"))
    ring(stream, 7)

    await expect(second.locator("#bell-count")).to_have_text("7")
    assert stream.opened == 1

    await page.close()
    await until_open(stream, 2)
    stream._listeners.pop(0)
    ring(stream, 8)
    await expect(second.locator("#bell-count")).to_have_text("8")


async def test_a_refused_stream_is_asked_for_again_and_not_at_once(page: Page, site: Site) -> None:
    site.serve("/page", page_of("", viewer=Viewer()))
    site.serve("/v1/notifications/stream", "{}", status=503)
    await page.goto(site.url("/page"))
    await page.wait_for_timeout(600)
    asked = len([line for line in site.seen if "stream" in line])

    assert asked == 1

    stream = Stream()
    site.routes[STREAM] = stream
    await until_open(stream, 1)
    ring(stream, 9)
    await expect(page.locator("#bell-count")).to_have_text("9")


async def test_an_anonymous_visitor_opens_no_stream(page: Page, site: Site) -> None:
    site.serve("/page", page_of(""))
    await page.goto(site.url("/page"), wait_until="networkidle")

    assert [line for line in site.seen if "stream" in line] == []


async def test_the_bell_is_a_link_without_javascript(browser: Browser, site: Site) -> None:
    context = await browser.new_context(java_script_enabled=False)
    plain = await context.new_page()
    site.serve("/page", page_of("", viewer=Viewer(unread=3)))
    site.serve("/notifications", page_of("<p>The list</p>", path="/notifications"))
    await plain.goto(site.url("/page"))
    await plain.get_by_role("link", name="Notifications, 3 unread").click()

    assert plain.url == site.url("/notifications")
    await context.close()
