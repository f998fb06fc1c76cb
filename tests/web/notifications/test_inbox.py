"""The inbox in a real browser, against a server of its own; senders are other processes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from uuid import UUID

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, Route, expect

from conftest import TestDatabase
from people import ALICE
from running import Server
from sending import send


def fill(
    database: TestDatabase, titles: Iterable[str], *, type_: str = "test", data: str | None = None
) -> list[UUID]:
    with database.connect("owner") as owner:
        owner.execute("update internal.settings set value = '1000' where key = 'notif_daily_cap'")
    with database.connect() as connection:
        return [
            id_
            for title in titles
            if (id_ := send(connection, ALICE, title=title, type=type_, data=data)) is not None
        ]


def unread(database: TestDatabase) -> list[str]:
    with database.connect("owner") as owner:
        rows = owner.execute("select title from public.notifications where unread order by seq").fetchall()
    return [row["title"] for row in rows]


async def titles(page: Page) -> list[str]:
    return [
        text.removeprefix("Unread:").strip() for text in await page.locator(".note-title a").all_inner_texts()
    ]


async def test_a_visitor_is_asked_to_sign_in(page: Page, server: Server) -> None:
    response = await page.goto(f"{server.url}/notifications")

    assert response is not None
    assert response.status == 401
    await expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


async def test_the_bell_rings_while_another_process_sends(
    alice: Page, server: Server, database: TestDatabase
) -> None:
    await alice.goto(f"{server.url}/notifications/settings")
    bell = alice.locator("#bell")
    await expect(alice.locator("#bell-count")).to_be_hidden()

    fill(database, ["One", "Two"])
    await expect(alice.locator("#bell-count")).to_have_text("2")
    await expect(bell).to_have_attribute("aria-label", "Notifications, 2 unread")
    await expect(alice).to_have_title(re.compile(r"^\(2\)"))
    await expect(alice.locator("#announcer")).to_have_text(re.compile("new notification"))

    with database.connect(ALICE) as elsewhere:
        elsewhere.execute("select public.notif_mark_all_read()")
    await expect(alice.locator("#bell-count")).to_be_hidden()
    await expect(bell).to_have_attribute("aria-label", "Notifications")


async def test_an_open_inbox_grows_on_top_and_shows_nothing_twice(
    alice: Page, server: Server, database: TestDatabase
) -> None:
    await alice.goto(f"{server.url}/notifications")
    await expect(alice.get_by_text("Nothing here yet")).to_be_visible()

    fill(database, ["One"])
    await expect(alice.locator(".note")).to_have_count(1)
    await expect(alice.get_by_text("Nothing here yet")).to_be_hidden()
    fill(database, ["Two"])
    await expect(alice.locator(".note")).to_have_count(2)
    fill(database, ["Three", "Four"])
    await expect(alice.locator(".note")).to_have_count(4)

    assert await titles(alice) == ["Four", "Three", "Two", "One"]
    await expect(alice.locator("#inbox-head .tab").first).to_have_text(re.compile("All *4"))


async def test_a_bell_that_rings_while_the_list_is_asked_for_is_not_lost(
    alice: Page, server: Server, database: TestDatabase
) -> None:
    answered = asyncio.Event()

    async def slowly(route: Route) -> None:
        """The first answer was made before the second notification, and comes after its bell."""
        answer = await route.fetch()
        if not answered.is_set():
            fill(database, ["Two"])
            await expect(alice.locator("#bell-count")).to_have_text("2")
            answered.set()
        await route.fulfill(response=answer)

    await alice.goto(f"{server.url}/notifications")
    await alice.route("**/notifications?after=*", slowly)

    fill(database, ["One"])
    await expect(alice.locator(".note")).to_have_count(2)

    assert await titles(alice) == ["Two", "One"]


async def test_one_is_marked_as_read_in_its_place(
    alice: Page, server: Server, database: TestDatabase
) -> None:
    fill(database, ["One", "Two"])
    await alice.goto(f"{server.url}/notifications")
    note = alice.locator(".note").first
    await note.get_by_role("button", name="Mark as read").click()

    await expect(alice.locator(".note--unread")).to_have_count(1)
    await expect(note.get_by_role("button", name="Mark as read")).to_have_count(0)
    await expect(note).to_be_focused()
    await expect(alice.locator("#bell-count")).to_have_text("1")
    assert unread(database) == ["One"]


async def test_following_a_link_marks_as_read(alice: Page, server: Server, database: TestDatabase) -> None:
    fill(database, ["One"], data='{"url": "/notifications/settings"}')
    await alice.goto(f"{server.url}/notifications")
    await alice.get_by_role("link", name="One").click()
    await alice.wait_for_url("**/notifications/settings")
    await expect(alice.locator("#bell-count")).to_be_hidden()

    assert unread(database) == []


async def test_what_is_archived_goes_and_comes_back(
    alice: Page, server: Server, database: TestDatabase
) -> None:
    fill(database, ["One", "Two"])
    await alice.goto(f"{server.url}/notifications")
    await alice.locator(".note").first.get_by_role("button", name="Archive").click()
    await expect(alice.locator(".note")).to_have_count(1)
    await alice.get_by_role("button", name="Undo").click()
    await expect(alice.locator(".note")).to_have_count(2)

    assert await titles(alice) == ["Two", "One"]


async def test_a_lane_shows_and_reads_its_own(alice: Page, server: Server, database: TestDatabase) -> None:
    fill(database, ["Follower"], type_="new_follower")
    fill(database, ["Other"])
    await alice.goto(f"{server.url}/notifications")
    await alice.get_by_role("navigation", name="Lanes").get_by_role("link", name="Social").click()
    await expect(alice.locator(".note")).to_have_count(1)
    await alice.get_by_role("button", name="Mark all in Social as read").click()
    await expect(alice.locator(".note--unread")).to_have_count(0)

    assert unread(database) == ["Other"]
    assert await alice.get_by_role("link", name="Social").get_attribute("aria-current") == "page"


async def test_older_ones_come_when_asked_for(alice: Page, server: Server, database: TestDatabase) -> None:
    fill(database, [str(n) for n in range(45)])
    await alice.goto(f"{server.url}/notifications")
    for count in (40, 45):
        await alice.get_by_role("link", name="Load more").click()
        await expect(alice.locator(".note")).to_have_count(count)

    assert await titles(alice) == [str(n) for n in reversed(range(45))]
    await expect(alice.get_by_role("link", name="Load more")).to_have_count(0)


async def test_without_javascript_everything_works_by_links_and_forms(
    plain: Page, server: Server, database: TestDatabase
) -> None:
    fill(database, [str(n) for n in range(23)])
    await plain.goto(f"{server.url}/notifications")
    await plain.get_by_role("link", name="Load more").click()
    assert await titles(plain) == ["2", "1", "0"]

    await plain.locator(".note").first.get_by_role("button", name="Mark as read").click()
    await expect(plain.locator("#bell-count")).to_have_text("22")
    await plain.locator(".note").first.get_by_role("button", name="Archive").click()
    await expect(plain.locator("#bell-count")).to_have_text("21")
    await plain.get_by_role("button", name="Mark all as read").click()
    await expect(plain.locator("#bell-count")).to_be_hidden()
    assert unread(database) == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["/notifications", "/notifications?lane=orders", "/notifications/settings"])
async def test_axe_finds_nothing_to_say(
    alice: Page, server: Server, database: TestDatabase, path: str, width: int
) -> None:
    fill(database, ["One", "Two"])
    with database.connect(ALICE) as connection:
        connection.execute(
            "select public.notif_mark_read(array[(select id from public.notifications limit 1)])"
        )
    await alice.set_viewport_size({"width": width, "height": 800})
    await alice.goto(f"{server.url}{path}")
    found = await Axe().run(alice)

    assert found.violations_count == 0, found.generate_report()
    assert await alice.evaluate("document.documentElement.scrollWidth <= innerWidth")
