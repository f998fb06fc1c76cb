"""The error boundary: words, the typed text kept, a way to go on."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import Page, expect

from rambla.errors import Problem
from rambla.kit.problems import body_of
from web.ui.site import Answer, Site, page_of, until

FORM = """
<form id="form" action="/notes" method="post" hx-post="/notes" hx-target="#answer">
  <label for="text">Note</label><input id="text" name="text"><button>Send</button>
</form>
<div id="answer">nothing yet</div>
"""


def problem(code: str, **headers: str) -> Answer:
    body = json.dumps(body_of(Problem(code), "r-17"))
    return Answer(body, Problem(code).status, "application/problem+json", tuple(headers.items()))


@pytest.fixture(autouse=True)
async def _on_a_form(page: Page, site: Site) -> None:
    site.serve("/page", page_of(FORM))
    await page.goto(site.url("/page"))
    await page.fill("#text", "written with care")


async def test_a_failed_form_keeps_its_text_and_can_be_sent_again(page: Page, site: Site) -> None:
    answers = [problem("database_timeout"), Answer("thanks")]
    site.routes["POST /notes"] = lambda: answers.pop(0)
    await page.click("#form button")

    toast = page.locator(".toast")
    await expect(toast).to_contain_text("The database took too long.")
    await expect(toast).to_contain_text("Request r-17")
    await expect(page.locator("#alarm")).to_contain_text("The database took too long.")
    await expect(page.locator("#text")).to_have_value("written with care")
    await expect(page.locator("#answer")).to_have_text("nothing yet")

    await toast.get_by_role("button", name="Retry").click()

    await expect(page.locator("#answer")).to_have_text("thanks")
    await expect(toast).to_have_count(0)
    assert [line for line in site.seen if line.startswith("POST")] == [
        "POST /notes text=written%20with%20care"
    ] * 2


async def test_a_rate_limit_counts_down_before_it_lets_one_retry(page: Page, site: Site) -> None:
    site.routes["POST /notes"] = lambda: problem("rate_limited", **{"Retry-After": "2"})
    await page.click("#form button")

    retry = page.locator(".toast button").first
    await expect(retry).to_be_disabled()
    await expect(retry).to_have_text("Retry in 2 s")
    await expect(retry).to_have_text("Retry in 1 s")
    await expect(retry).to_be_enabled()
    await expect(retry).to_have_text("Retry")


async def test_a_lost_session_leads_to_sign_in_and_back(page: Page, site: Site) -> None:
    site.routes["POST /notes"] = lambda: problem("not_signed_in")
    await page.click("#form button")

    await expect(page.locator(".toast a")).to_have_attribute("href", "/sign-in?next=%2Fpage")


@pytest.mark.parametrize("code", ["forbidden", "invalid_value"])
async def test_what_would_fail_again_offers_no_retry(page: Page, site: Site, code: str) -> None:
    site.routes["POST /notes"] = lambda: problem(code)
    await page.click("#form button")

    await expect(page.locator(".toast")).to_contain_text(Problem(code).message)
    await expect(page.locator(".toast button")).to_have_count(1)  # dismiss


async def test_no_connection_is_said_as_such(page: Page) -> None:
    await page.context.set_offline(True)
    await page.click("#form button")

    await expect(page.locator(".toast")).to_contain_text("No answer. Check the connection")


async def test_the_same_failure_twice_is_one_message(page: Page, site: Site) -> None:
    site.routes["POST /notes"] = lambda: problem("unavailable")
    await page.click("#form button")
    await expect(page.locator(".toast")).to_have_count(1)
    await page.click("#form button")

    await until(page, "performance.getEntriesByName(location.origin + '/notes').length === 2")
    await expect(page.locator(".toast")).to_have_count(1)


async def test_a_form_that_comes_back_with_its_errors_is_shown(page: Page, site: Site) -> None:
    site.serve("/notes", "<p>The note is too short.</p>", method="POST", status=400)
    await page.click("#form button")

    await expect(page.locator("#answer")).to_have_text("The note is too short.")
    await expect(page.locator(".toast")).to_have_count(0)


async def test_a_bug_of_ours_is_admitted(page: Page) -> None:
    await page.evaluate("setTimeout(() => { throw new Error('secret detail'); })")

    await expect(page.locator(".toast")).to_contain_text("Something went wrong on our side.")
    await expect(page.locator(".toast")).not_to_contain_text("secret")


async def test_a_dismissed_toast_goes(page: Page) -> None:
    await page.evaluate("Promise.reject(new Error('x')); 0")
    await page.get_by_role("button", name="Dismiss").click()

    await expect(page.locator(".toast")).to_have_count(0)


SAVED = (
    '<div hx-swap-oob="beforeend:#toasts"><div class="toast"><p class="toast-text">Saved.</p></div></div>ok'
)


async def test_a_toast_from_the_server_is_spoken(page: Page, site: Site) -> None:
    site.serve("/notes", SAVED, method="POST")
    await page.click("#form button")

    await expect(page.locator(".toast")).to_have_text("Saved.")
    await expect(page.locator("#announcer")).to_have_text("Saved.")


async def test_a_toast_leaves_by_itself_unless_one_looks_at_it(page: Page, site: Site) -> None:
    await page.clock.install()
    site.serve("/notes", SAVED, method="POST")
    await page.click("#form button")
    await page.locator(".toast").hover()
    await page.clock.run_for(20_000)
    await expect(page.locator(".toast")).to_have_count(1)

    await page.mouse.move(0, 0)
    await page.clock.run_for(20_000)
    await expect(page.locator(".toast")).to_have_count(0)
