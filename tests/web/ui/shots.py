"""Pictures of the pattern page, to be looked at: ``python tests/web/ui/shots.py /tmp/shots``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.async_api import Browser, async_playwright  # noqa: E402 - after the path
from web.conftest import CHROMIUM, QUIET  # noqa: E402
from web.ui.site import Site, Viewer, render  # noqa: E402

from rambla.errors import Problem  # noqa: E402

SIZES = ((390, 844), (1280, 900))


async def shoot(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    site = Site()
    site.serve("/patterns", render("ui/patterns.html", viewer=Viewer()))
    site.serve("/error", render("ui/error.html", problem=Problem("rate_limited"), request_id="01jq7f3c"))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for width, height in SIZES:
            for theme in ("light", "dark"):
                await _shoot_theme(browser, site, folder / f"{width}-{theme}", (width, height))
        await browser.close()
    site.close()


async def _shoot_theme(browser: Browser, site: Site, stem: Path, size: tuple[int, int]) -> None:
    scheme = "dark" if stem.name.endswith("dark") else "light"
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
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
    for part in ("fields", "ways", "marks", "loading", "toast-samples", "timeline", "by-day", "jobs", "feed", "inbox"):
        await page.locator(f"#{part}").scroll_into_view_if_needed()
        await page.evaluate("id => scrollTo(0, document.getElementById(id).getBoundingClientRect().top + scrollY - 80)", part)
        await page.screenshot(path=f"{stem}-{part}.png")
    await page.goto(site.url("/error"))
    await page.screenshot(path=f"{stem}-error.png")
    await context.close()


if __name__ == "__main__":
    asyncio.run(shoot(Path(sys.argv[1])))
