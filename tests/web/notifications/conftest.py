from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from people import ALICE
from running import Server


@pytest.fixture
async def alice(page: Page, server: Server) -> Page:
    """Alice's browser, signed in."""
    await sign_in(page.context, server)
    return page


@pytest.fixture
async def plain(browser: Browser, server: Server) -> AsyncIterator[Page]:
    """Alice's browser without JavaScript."""
    context = await browser.new_context(java_script_enabled=False)
    await sign_in(context, server)
    yield await context.new_page()
    await context.close()


async def sign_in(context: BrowserContext, server: Server) -> None:
    cookie = server.cookie(ALICE)
    await context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": cookie["url"]}])
