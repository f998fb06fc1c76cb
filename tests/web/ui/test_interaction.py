"""Keys, swipes, live parts, load more, theme and chart: what the modules add to pages that work without them."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from web.ui.site import ENVIRONMENT, Answer, Site, Viewer, page_of, until

FOCUSED = "document.activeElement.id"
FEED = """
{% from "ui/components/feed.html" import feed, feed_item %}
{% from "ui/components/pagination.html" import load_more %}
{% call feed() %}
{% for n in [1, 2, 3] %}
{% call feed_item("item-" ~ (first + n), first + n) %}<h2 id="item-{{ first + n }}-title">Item {{ first + n }}</h2>
<button data-key="l" id="like-{{ first + n }}">Like</button>{% endcall %}
{% endfor %}
{% endcall %}
{{ load_more(more, "#feed", near=near) }}
"""
NOTE = """
{% from "ui/components/notification.html" import inbox, notification_item %}
{% call inbox() %}
{% call notification_item("note", "Bob bought your vase", "/orders/1", "now", True) %}
<form action="/archive" method="post" hx-post="/archive" hx-target="#note" hx-swap="delete">
<button data-swipe="left">Archive</button></form>
{% endcall %}
{% endcall %}
"""
LIVE = """
{% from "ui/components/live.html" import live, live_switch %}
{{ live_switch() }}
{% call live("part", "/part", seconds=1) %}<p>{{ text }}</p>{% endcall %}
"""


def feed_page(*, first: int = 0, more: str | None = None, near: bool = False) -> str:
    main = ENVIRONMENT.from_string(FEED).render(first=first, more=more, near=near)
    return page_of(main, viewer=Viewer())


async def focused(page: Page) -> str:
    found: str = await page.evaluate(FOCUSED)
    return found


# Keys


@pytest.fixture
async def feed(page: Page, site: Site) -> Page:
    site.serve("/page", feed_page(more="/more"))
    await page.goto(site.url("/page"))
    return page


async def test_page_down_and_page_up_go_from_article_to_article(feed: Page) -> None:
    await feed.focus("#item-1")
    visited = []
    for key in ("PageDown", "PageDown", "PageUp"):
        await feed.keyboard.press(key)
        visited.append(await focused(feed))

    assert visited == ["item-2", "item-3", "item-2"]


async def test_after_the_last_article_comes_the_link_to_more(feed: Page) -> None:
    await feed.focus("#item-3")
    await feed.keyboard.press("PageDown")

    assert await feed.evaluate("document.activeElement.textContent") == "Load more"


async def test_control_end_and_control_home_leave_the_feed(feed: Page) -> None:
    await feed.focus("#like-2")
    await feed.keyboard.press("Control+End")
    after = await feed.evaluate("document.activeElement.textContent")
    await feed.focus("#like-2")
    await feed.keyboard.press("Control+Home")

    assert after == "Load more"
    assert await feed.evaluate(
        "!document.activeElement.closest('[role=feed]') && document.activeElement !== document.body"
    )


async def test_j_and_k_walk_over_rows_and_a_key_of_the_row_acts_there(feed: Page) -> None:
    await feed.evaluate("document.addEventListener('click', event => { window.pressed = event.target.id; })")
    await feed.keyboard.press("j")
    await feed.keyboard.press("j")
    await feed.keyboard.press("k")
    await feed.keyboard.press("j")
    await feed.keyboard.press("l")

    assert await focused(feed) == "item-2"
    assert await feed.evaluate("pressed") == "like-2"


@pytest.mark.parametrize(
    ("keys", "path"), [("ge", "/earnings"), ("gn", "/notifications"), ("ga", "/admin"), ("gh", "/")]
)
async def test_two_keys_go_to_a_page(feed: Page, site: Site, keys: str, path: str) -> None:
    site.serve(path, page_of("<p>There</p>", viewer=Viewer()))
    for key in keys:
        await feed.keyboard.press(key)

    await expect(feed.get_by_text("There")).to_be_visible()
    assert feed.url == site.url(path)


async def test_slash_goes_to_the_search_and_typing_is_only_typing(page: Page, site: Site) -> None:
    search = '{% from "ui/components/field.html" import search %}{{ search("/page") }}'
    site.serve("/page", page_of(ENVIRONMENT.from_string(search).render(), viewer=Viewer()))
    await page.goto(site.url("/page"))
    await page.keyboard.press("/")
    await page.keyboard.type("ge?j")

    await expect(page.locator("input[type=search]")).to_have_value("ge?j")
    assert page.url == site.url("/page")


async def test_the_list_of_shortcuts_is_what_the_page_answers_to(feed: Page) -> None:
    await feed.keyboard.press("?")

    listed = feed.locator("#shortcut-list")
    await expect(listed).to_be_visible()
    for name in ("Home", "Earnings", "Notifications", "Admin", "Next and previous article", "This list"):
        await expect(listed).to_contain_text(name)
    await feed.keyboard.press("Escape")
    await expect(listed).to_be_hidden()


async def test_shortcuts_can_be_switched_off_for_good(feed: Page) -> None:
    await feed.click(".menu-button")
    await feed.uncheck("#shortcuts-switch")
    await feed.reload()
    await feed.keyboard.press("j")
    await feed.keyboard.press("?")

    assert await focused(feed) == ""
    await expect(feed.locator("#shortcuts")).to_be_hidden()


# Load more


async def test_more_is_a_link_without_javascript(browser: Browser, site: Site) -> None:
    site.serve("/page", feed_page(more="/more"))
    site.serve("/more", feed_page(first=3))
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(site.url("/page"))
    await page.get_by_role("link", name="Load more").click()

    await expect(page.locator("#item-4")).to_be_visible()
    await context.close()


async def test_more_is_put_at_the_end_until_there_is_no_more(feed: Page, site: Site) -> None:
    site.serve("/more", feed_page(first=3))
    await feed.get_by_role("link", name="Load more").click()

    await expect(feed.locator("[role=feed] > article")).to_have_count(6)
    await expect(feed.locator("#more a")).to_have_count(0)
    await expect(feed.locator("[role=feed]")).to_have_attribute("aria-busy", "false")


async def test_a_feed_goes_on_by_itself_before_its_end_is_seen(page: Page, site: Site) -> None:
    site.serve("/page", feed_page(more="/second", near=True))
    site.serve("/second", feed_page(first=3, more="/third", near=True))
    site.serve("/third", feed_page(first=6))
    await page.goto(site.url("/page"))

    await expect(page.locator("[role=feed] > article")).to_have_count(9)


# Live parts


@pytest.fixture
async def live(page: Page, site: Site) -> Page:
    texts = iter(range(1, 1000))

    def part() -> Answer:
        return Answer(ENVIRONMENT.from_string(LIVE).render(text=f"answer {next(texts)}"))

    site.serve("/page", page_of(ENVIRONMENT.from_string(LIVE).render(text="first"), viewer=Viewer()))
    site.routes["GET /part"] = part
    await page.goto(site.url("/page"))
    return page


async def test_a_live_part_refreshes_itself(live: Page) -> None:
    await expect(live.locator("#part")).to_have_text("answer 1")
    await expect(live.locator("#part")).to_have_text("answer 2")


async def test_r_pauses_and_resumes_at_once(live: Page) -> None:
    await live.keyboard.press("r")
    switch = live.locator("[data-live-switch]")
    await expect(switch).to_have_text("Paused")
    await expect(switch).to_have_attribute("aria-pressed", "false")
    before = await live.locator("#part").text_content()
    await live.wait_for_timeout(2200)

    assert await live.locator("#part").text_content() == before

    await live.keyboard.press("r")
    await expect(switch).to_have_text("Live")
    await expect(live.locator("#part")).not_to_have_text(str(before))


async def test_nobody_looking_means_nothing_asked(live: Page, site: Site) -> None:
    await live.evaluate("document.hasFocus = () => false; dispatchEvent(new Event('blur'))")
    await expect(live.locator("[data-live-switch]")).to_have_text("Paused while away")
    asked = site.seen.count("GET /part")
    await live.wait_for_timeout(2200)

    assert site.seen.count("GET /part") == asked

    await live.evaluate("document.hasFocus = () => true; dispatchEvent(new Event('focus'))")
    await expect(live.locator("[data-live-switch]")).to_have_text("Live")


# Swipes


async def swipe(page: Page, by: int) -> None:
    """A finger on the title, moved sideways in steps."""
    steps = """by => {
      const target = document.querySelector('.note-title a');
      const box = target.getBoundingClientRect();
      const send = (type, dx) => target.dispatchEvent(new PointerEvent(type, {
        bubbles: true, isPrimary: true, pointerType: 'touch', pointerId: 7,
        clientX: box.x + 20 + dx, clientY: box.y + 5,
      }));
      send('pointerdown', 0);
      for (const part of [0.1, 0.5, 1]) send('pointermove', by * part);
      send('pointerup', by);
    }"""
    await page.evaluate(steps, by)


@pytest.fixture
async def note(page: Page, site: Site) -> Page:
    site.serve("/page", page_of(ENVIRONMENT.from_string(NOTE).render(), viewer=Viewer()))
    site.serve("/archive", "", method="POST")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(site.url("/page"))
    return page


async def test_a_swipe_does_what_its_button_does(note: Page, site: Site) -> None:
    await swipe(note, -250)

    await expect(note.locator("#note")).to_have_count(0)
    assert [line for line in site.seen if line.startswith("POST")] == ["POST /archive"]


@pytest.mark.parametrize("by", [-60, 250])
async def test_a_short_swipe_or_one_without_a_button_does_nothing(note: Page, site: Site, by: int) -> None:
    await swipe(note, by)
    await note.wait_for_timeout(300)

    await expect(note.locator("#note")).to_be_visible()
    assert await note.evaluate("document.querySelector('.note-inner').style.translate") == ""
    assert [line for line in site.seen if line.startswith("POST")] == []


async def test_the_button_is_there_for_whoever_cannot_swipe(note: Page) -> None:
    await note.get_by_role("button", name="Archive").click()

    await expect(note.locator("#note")).to_have_count(0)


# Theme and chart


async def test_the_theme_stays_and_is_there_before_the_first_paint(page: Page, site: Site) -> None:
    site.serve("/page", page_of("", viewer=Viewer()))
    await page.goto(site.url("/page"))
    await page.click(".menu-button")
    await page.get_by_label("Dark").check()

    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"

    # The head is read before any style sheet has come: the attribute stands all the same.
    await page.add_init_script(
        "new MutationObserver((_, seer) => { if (document.querySelector('link[rel=stylesheet]')) {"
        " window.early = document.documentElement.dataset.theme; seer.disconnect(); } })"
        ".observe(document, { childList: true, subtree: true });"
    )
    await page.reload()
    assert await page.evaluate("early") == "dark"

    await page.click(".menu-button")
    await page.get_by_label("System").check()
    await page.reload()
    assert await page.evaluate("document.documentElement.dataset.theme ?? 'none'") == "none"


async def test_all_tabs_follow_the_theme(page: Page, site: Site) -> None:
    site.serve("/page", page_of("", viewer=Viewer()))
    other = await page.context.new_page()
    for tab in (page, other):
        await tab.goto(site.url("/page"))
    await page.click(".menu-button")
    await page.get_by_label("Dark").check()

    await until(other, "document.documentElement.dataset.theme === 'dark'")


async def test_the_chart_is_drawn_from_its_table_and_again_in_the_other_theme(page: Page, site: Site) -> None:
    await page.goto(site.url("/patterns"))
    await expect(page.locator(".chart .u-legend")).to_contain_text("Captured")
    stroke = "document.querySelector('.chart-plot').chart.series[1].stroke()"
    light = await page.evaluate(stroke)
    captured = await page.evaluate("document.querySelector('.chart-plot').chart.data[1]")

    assert captured == [120, 180, 90, 240, 210, 260, 320]

    await page.click(".menu-button")
    await page.get_by_label("Dark").check()
    await until(page, f"{stroke} !== '{light}'")
    await expect(page.locator(".uplot")).to_have_count(1)
