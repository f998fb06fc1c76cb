"""The same in a real browser."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from conftest import TestDatabase
from people import ALICE
from running import Server
from signing_in import PASSWORD, digest, give_password, new_token

AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
}
WIDER = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(autouse=True)
def _alice_has_a_password(database: TestDatabase) -> None:
    with database.connect() as connection:
        give_password(connection, ALICE)


@pytest.fixture(params=[320, 1280])
async def complaints(request: pytest.FixtureRequest, page: Page) -> list[str]:
    """What the browser's console said, at a phone's width and at a desk's."""
    found: list[str] = []
    page.on(
        "console",
        lambda message: found.append(message.text) if message.type in ("error", "warning") else None,
    )
    await page.set_viewport_size({"width": request.param, "height": 800})
    return found


async def fill(page: Page, password: str = PASSWORD) -> None:
    await page.get_by_label("Handle or e-mail").fill("alice")
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()


async def test_a_visitor_signs_in_and_lands_where_they_wanted_to(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/account")
    await page.get_by_role("main").get_by_role("link", name="Sign in").click()
    await fill(page)

    await page.wait_for_url(f"{server.url}/account")
    cookie = next(c for c in await page.context.cookies() if c.get("name") == "rambla_session")
    assert (cookie.get("httpOnly"), cookie.get("sameSite"), cookie.get("path")) == (True, "Lax", "/")
    assert await page.evaluate("document.cookie") == ""


async def test_a_wrong_password_is_told_next_to_its_field(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/sign-in")
    await fill(page, "a bicycle for five")

    field = page.get_by_label("Password", exact=True)
    assert await field.get_attribute("aria-invalid") == "true"
    assert await page.get_by_label("Handle or e-mail").input_value() == "alice"


async def test_without_javascript_it_is_the_same(browser: Browser, server: Server) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{server.url}/sign-in?next=/account")
    await fill(page)
    await page.get_by_label("Display name").fill("Alice Almeida")
    await page.get_by_role("button", name="Save").click()
    saved = await page.get_by_text("Your profile is saved.").is_visible()
    await page.get_by_role("button", name="Sign out here").click()

    assert saved
    assert page.url == f"{server.url}/sign-in"
    assert [c for c in await context.cookies() if c.get("name") == "rambla_session"] == []
    await context.close()


@pytest.mark.parametrize("goal", ["//127.0.0.2/x", "/\\127.0.0.2/x", "/\t/127.0.0.2/x", "http://127.0.0.2/x"])
async def test_a_browser_is_never_sent_elsewhere(page: Page, server: Server, goal: str) -> None:
    await page.goto(f"{server.url}/sign-in?next={quote(goal)}")
    await fill(page)
    await page.wait_for_url(lambda url: "/sign-in" not in url)

    assert page.url == f"{server.url}/"


async def test_a_form_on_another_site_cannot_use_alices_cookie(page: Page, server: Server) -> None:
    await page.goto(f"{server.url}/sign-in?next=/account")
    await fill(page)
    # The same machine under another name is another site to the browser.
    elsewhere = server.url.replace("127.0.0.1", "localhost")
    await page.route(
        f"{elsewhere}/evil",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{server.url}/sign-out"><button>Prize</button></form>',
        ),
    )
    await page.goto(f"{elsewhere}/evil")
    await page.get_by_role("button", name="Prize").click()
    await page.get_by_role("heading", name="The request came from another site.").wait_for()
    await page.goto(f"{server.url}/account")

    assert await page.get_by_role("heading", name="Account").is_visible()


async def test_the_link_of_a_message_takes_a_button(
    page: Page, server: Server, database: TestDatabase
) -> None:
    token = new_token()
    with database.connect() as connection:
        connection.execute("select public.auth_link_make(%s, %s)", (ALICE.id, digest(token)))

    await page.goto(f"{server.url}/welcome/{token}")
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"{server.url}/")
    await page.goto(f"{server.url}/welcome/{token}")
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()

    assert await page.get_by_text("This link was used already or has expired.").first.is_visible()


async def test_no_page_breaks_its_policy_or_the_rules_of_access(
    page: Page, server: Server, complaints: list[str]
) -> None:
    found: dict[str, list[str]] = {}
    for path in ("/sign-in", "/welcome/x", "/docs/errors", "/docs", "/account"):
        if path == "/account":
            cookie = server.cookie(ALICE)
            await page.context.add_cookies(
                [{"name": cookie["name"], "value": cookie["value"], "url": cookie["url"]}]
            )
        await page.goto(f"{server.url}{path}")
        report = await Axe().run(page, options=AXE)
        found[path] = [violation["id"] for violation in report.response["violations"]]
        found[path] += ["wider than the screen"] if await page.evaluate(WIDER) else []

    assert found == {path: [] for path in found}
    assert complaints == []
