"""WCAG 2.2 AA of every component: axe, contrast at both ends of the gradient, 320 px, motion, the policy."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from rambla.errors import Problem
from rambla.ui.static import STATIC_DIRS
from web.ui.site import Site, Viewer, page_of, render, until

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
TOKENS = (STATIC_DIRS["css"] / "tokens.css").read_text()
NIGHT = "linear-gradient(180deg, hsl(220 40% 12%), hsl(220 30% 3%))"
BEYOND = """[...document.querySelectorAll('main *')]
  .filter(e => e.checkVisibility() && !e.closest('.table-scroll, .tabs, .visually-hidden, pre'))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.outerHTML.slice(0, 120))"""
SMALL = """[...document.querySelectorAll('button, .button, .tab, .pill[href], .nav-link, .input')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 36)
  .map(e => e.outerHTML.slice(0, 120))"""
SAME_AS_BODY = """night => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.background = night;
  const body = getComputedStyle(document.body);
  return [
    body.backgroundImage === getComputedStyle(probe).backgroundImage,
    body.backgroundAttachment,
    getComputedStyle(document.body, '::before').position,
  ];
}"""
COMPUTED = """colors => colors.map(color => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = color;
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
})"""
SHIFTS = """
  window.moved = 0;
  const add = list => list.getEntries().forEach(entry => { if (!entry.hadRecentInput) window.moved += entry.value; });
  new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
"""
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTHS = (320, 1280)
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture(
    params=[(theme, width) for theme in THEMES for width in WIDTHS],
    ids=lambda param: f"{param[0]}-{param[1]}",
)
async def shown(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page in each theme, on the narrowest phone and on a desk."""
    theme, width = request.param
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    yield await context.new_page()
    await context.close()


async def violations(page: Page) -> list[str]:
    results = await Axe().run(page, options=AXE_OPTIONS)
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in results.response["violations"]
        for node in found["nodes"]
    ]


async def weak_contrasts(page: Page) -> list[str]:
    """Of all texts, lines and pictures; dark or light is what the page shows at the moment."""
    dark = await page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--canvas').includes('12%')"
    )
    gradient = re.search(
        rf"--{'night' if dark else 'day'}: linear-gradient\(180deg, (hsl\(.*?\)), (hsl\(.*?\))\);", TOKENS
    )
    assert gradient
    ends = await page.evaluate(COMPUTED, list(gradient.groups()))
    measured = await page.evaluate(CONTRAST, ends)
    assert measured["texts"] >= 5
    weak: list[str] = measured["weak"]
    return weak


async def test_the_patterns_pass_axe_and_contrast(shown: Page, site: Site) -> None:
    await shown.goto(site.url("/patterns"))
    await shown.wait_for_selector(".uplot")

    assert await violations(shown) == []
    assert await weak_contrasts(shown) == []


async def test_an_open_menu_and_an_open_dialog_pass(shown: Page, site: Site) -> None:
    await shown.goto(site.url("/patterns"))
    await shown.click(".menu-button")

    assert await violations(shown) == []
    assert await weak_contrasts(shown) == []

    await shown.keyboard.press("Escape")
    await shown.click("[popovertarget=ask]")

    assert await violations(shown) == []
    assert await shown.evaluate("document.activeElement.textContent") == "Cancel"


async def test_the_error_page_and_an_anonymous_page_pass(shown: Page, site: Site) -> None:
    site.serve("/error", render("ui/error.html", problem=Problem("unavailable"), request_id="r-1"))
    site.serve("/anonymous", page_of("<p>Hello</p>"))
    for path in ("/error", "/anonymous"):
        await shown.goto(site.url(path))

        assert await violations(shown) == []
        assert await weak_contrasts(shown) == []


async def test_hidden_words_in_a_far_column_do_not_widen_the_page(shown: Page, site: Site) -> None:
    far = f'<td>{"wide" * 100}</td><td><span class="visually-hidden">Receipt</span></td>'
    site.serve(
        "/wide", page_of(f'<div class="table-scroll"><table class="table"><tr>{far}</tr></table></div>')
    )
    await shown.goto(site.url("/wide"))

    assert await shown.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_nothing_scrolls_sideways_but_what_says_so(shown: Page, site: Site) -> None:
    await shown.goto(site.url("/patterns"))
    await shown.wait_for_selector(".uplot")

    assert await shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    beyond = await shown.evaluate(BEYOND)
    assert beyond == []


async def test_a_table_of_cards_does_not_scroll_on_a_phone_and_stays_a_table(shown: Page, site: Site) -> None:
    await shown.goto(site.url("/patterns"))
    table = shown.locator("#jobs")
    row = table.get_by_role("row").nth(1)

    assert await table.evaluate("e => e.parentElement.scrollWidth <= e.parentElement.clientWidth")
    assert await table.get_by_role("columnheader").count() == 6
    assert await row.get_by_role("cell").count() == 5
    assert await row.get_by_role("rowheader").count() == 1
    label = "e => getComputedStyle(e.cells[1], '::before').content + ' of ' + getComputedStyle(e).display"
    narrow = await shown.evaluate("innerWidth < 640")
    assert await row.evaluate(label) == ('"Type" / "" of block' if narrow else "none of table-row")


async def test_every_control_is_large_enough_for_a_thumb(shown: Page, site: Site) -> None:
    await shown.goto(site.url("/patterns"))

    small = await shown.evaluate(SMALL)
    assert small == []


async def test_the_page_needs_nothing_that_the_policy_forbids(page: Page, site: Site) -> None:
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))

    await page.goto(site.url("/patterns"))
    await page.wait_for_selector(".uplot")
    await page.click(".menu-button")
    await page.check("input[name=theme][value=dark]", force=True)

    assert [line for line in complaints if "404" not in line] == []  # the stream, which this site has not


async def test_nothing_moves_while_the_feed_loads(page: Page, site: Site) -> None:
    await page.add_init_script(SHIFTS)
    await page.goto(site.url("/patterns"))
    await page.locator("#inbox").scroll_into_view_if_needed()
    await until(page, "[...document.images].every(image => image.complete)")

    assert await page.evaluate("window.moved") < 0.001


async def test_what_has_arrived_stays_where_it_is_while_the_rest_of_a_page_comes(
    browser: Browser, site: Site
) -> None:
    page = await browser.new_page(viewport={"width": 1280, "height": 900})
    for kind in ("grid", "stats", "skeleton skeleton--cards"):
        site.serve("/arriving", page_of(f'<div class="{kind}"><p id="first">One</p><p>Two</p></div>'))
        await page.goto(site.url("/arriving"))
        before = await page.locator("#first").bounding_box()
        await page.locator("#first").evaluate("e => e.parentElement.append(document.createElement('p'))")

        assert await page.locator("#first").bounding_box() == before, kind
    await page.close()


async def test_the_night_is_what_the_specification_says_wherever_it_applies(
    browser: Browser, site: Site
) -> None:
    choices: tuple[tuple[Theme, str | None], ...] = (("dark", None), ("light", "dark"))
    for system, chosen in choices:
        context = await browser.new_context(color_scheme=system)
        page = await context.new_page()
        await page.add_init_script(f"localStorage.setItem('rambla.theme', '{chosen}')" if chosen else "")
        await page.goto(site.url("/patterns"))

        same = await page.evaluate(SAME_AS_BODY, NIGHT)
        assert same == [True, "fixed", "fixed"]
        await context.close()


async def test_motion_stops_for_whoever_asks(browser: Browser, site: Site) -> None:
    context = await browser.new_context(reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(site.url("/patterns"))

    moving = await page.evaluate(
        "document.getAnimations().filter(a => a.effect.getComputedTiming().activeDuration > 1).length"
    )
    assert moving == 0
    await context.close()


async def test_the_keyboard_sees_where_it_is(page: Page, site: Site) -> None:
    await page.goto(site.url("/patterns"))
    await page.keyboard.press("Tab")

    assert await page.evaluate("document.activeElement.className") == "skip"

    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    outline = await page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"
    )
    assert outline == "solid3px"
    assert await page.evaluate("document.activeElement.closest('main') !== null")


async def test_a_statement_prints_as_ink_on_paper(page: Page, site: Site) -> None:
    site.serve("/statement", page_of('<table class="table"><tr><td>1</td></tr></table>', viewer=Viewer()))
    await page.add_init_script("localStorage.setItem('rambla.theme', 'dark')")
    await page.goto(site.url("/statement"))
    await page.emulate_media(media="print")

    assert await page.evaluate("getComputedStyle(document.body).backgroundImage") == "none"
    assert await page.evaluate("getComputedStyle(document.querySelector('.bar')).display") == "none"
    luminance = await page.evaluate(
        "getComputedStyle(document.body).color.match(/\\d+/g).map(Number).reduce((a, b) => a + b)"
    )
    assert luminance < 120
