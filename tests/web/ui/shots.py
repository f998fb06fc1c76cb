"""Pictures of the pattern page, to be looked at: ``PYTHONPATH=tests python -m web.ui.shots FOLDER``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, async_playwright

from rambla.errors import Problem
from web.conftest import CHROMIUM, QUIET
from web.ui.site import Site, Viewer, render

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
SIZES = ((390, 844), (1280, 900))
PARTS = ("fields", "ways", "marks", "loading", "toast-samples", "timeline", "by-day", "jobs", "feed", "inbox")
BELOW_THE_BAR = "id => scrollTo(0, document.getElementById(id).getBoundingClientRect().top + scrollY - 80)"


async def shoot(folder: Path) -> None:
    site = Site()
    site.serve("/patterns", render("ui/patterns.html", viewer=Viewer()))
    site.serve("/error", render("ui/error.html", problem=Problem("rate_limited"), request_id="01jq7f3c"))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for width, height in SIZES:
            for theme in THEMES:
                await _shoot_theme(browser, site, theme, folder / f"{width}-{theme}", (width, height))
        await browser.close()
    site.close()


async def _shoot_theme(browser: Browser, site: Site, theme: Theme, stem: Path, size: tuple[int, int]) -> None:
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=theme, reduced_motion="reduce"
    )
    page = await context.new_page()
    await page.goto(site.url("/patterns"))
    await page.wait_for_selector(".uplot")
    await page.screenshot(path=f"{stem}-top.png")
    await page.click(".menu-button")
    await page.screenshot(path=f"{stem}-menu.png")
    await page.keyboard.press("Escape")
    await page.click("[popovertarget=ask]")
    await page.screenshot(path=f"{stem}-confirm.png")
    await page.keyboard.press("Escape")
    for part in PARTS:
        await page.locator(f"#{part}").scroll_into_view_if_needed()
        await page.evaluate(BELOW_THE_BAR, part)
        await page.screenshot(path=f"{stem}-{part}.png")
    await page.goto(site.url("/error"))
    await page.screenshot(path=f"{stem}-error.png")
    await context.close()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(shoot(target))
