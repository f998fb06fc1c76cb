"""normalizeError: the same table as errors.py, as a browser sees it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import Page

from rambla.errors import ERRORS, Kind, Problem
from rambla.kit.problems import body_of
from rambla.ui.static import STATIC_DIRS
from web.ui.site import Site, page_of, render

NORMALIZE = "async cause => (await import('/static/js/errors.js')).normalizeError(cause)"
FROM_RESPONSES = """async table => {
  const { normalizeError } = await import('/static/js/errors.js');
  return Promise.all(table.map(([status, body, headers]) => normalizeError(new Response(body, { status, headers }))));
}"""
FROM_XHR = """url => new Promise(async resolve => {
  const { normalizeError } = await import('/static/js/errors.js');
  const xhr = new XMLHttpRequest();
  xhr.onloadend = () => resolve(normalizeError(xhr));
  xhr.open('GET', url); xhr.send();
})"""


@pytest.fixture(autouse=True)
async def _on_a_page(page: Page, site: Site) -> None:
    site.serve("/page", page_of(""))
    await page.goto(site.url("/page"))


BY_STATUS = {
    400: "validation", 401: "auth", 403: "forbidden", 404: "forbidden", 405: "validation", 409: "conflict",
    410: "conflict", 413: "validation", 415: "validation", 418: "unknown", 422: "validation", 429: "rate_limit",
    500: "unknown", 502: "unavailable", 503: "unavailable", 504: "unavailable", 507: "unknown",
}  # fmt: skip
NO_PROBLEMS = ["", "<html>a proxy's page</html>", "null", "[1]", '"text"', '{"kind": "strange"}']


async def normalized(page: Page, status: int, body: str = "", **headers: str) -> dict[str, Any]:
    table = [[status, body, {name.replace("_", "-"): value for name, value in headers.items()}]]
    (error,) = await page.evaluate(FROM_RESPONSES, table)
    found: dict[str, Any] = error
    return found


async def test_every_problem_of_the_table_keeps_its_kind_code_and_words(page: Page) -> None:
    problems = [Problem(code) for code in ERRORS]

    errors = await page.evaluate(
        FROM_RESPONSES, [[problem.status, json.dumps(body_of(problem, "r-17")), {}] for problem in problems]
    )

    assert errors == [
        {"kind": it.kind, "message": it.message, "code": it.code, "requestId": "r-17", "retryAfter": None}
        for it in problems
    ]


@pytest.mark.parametrize("body", NO_PROBLEMS)
async def test_without_a_problem_the_status_decides(page: Page, body: str) -> None:
    errors = await page.evaluate(FROM_RESPONSES, [[status, body, {}] for status in BY_STATUS])

    assert {status: error["kind"] for status, error in zip(BY_STATUS, errors, strict=True)} == BY_STATUS
    assert all(error["message"] for error in errors)


@pytest.mark.parametrize(
    ("header", "seconds"), [("12", 12), ("0", 0), ("soon", None), ("Wed, 21 Oct 2015 07:28 GMT", 0)]
)
async def test_retry_after_is_read_as_seconds(page: Page, header: str, seconds: int | None) -> None:
    error = await normalized(page, 429, Retry_After=header)

    assert (error["kind"], error["retryAfter"]) == ("rate_limit", seconds)


async def test_retry_after_may_be_a_date(page: Page) -> None:
    header = await page.evaluate("new Date(Date.now() + 60_000).toUTCString()")

    error = await normalized(page, 503, Retry_After=header)

    assert 55 <= error["retryAfter"] <= 60


async def test_the_error_page_tells_as_much_as_the_problem(page: Page) -> None:
    html = render("ui/error.html", problem=Problem("not_signed_in"), request_id="r-9")

    error = await normalized(page, 401, html)

    assert (error["kind"], error["code"], error["requestId"]) == ("auth", "not_signed_in", "r-9")
    assert error["message"] == "Sign in to do this."


async def test_the_request_id_may_stand_in_the_header_alone(page: Page) -> None:
    error = await normalized(page, 502, X_Request_Id="r-3")

    assert error["requestId"] == "r-3"


async def test_what_htmx_uses_is_read_the_same(page: Page, site: Site) -> None:
    site.serve("/busy", json.dumps(body_of(Problem("rate_limited"), "r-4")), status=429, Retry_After="7")

    error = await page.evaluate(FROM_XHR, "/busy")

    assert (error["kind"], error["retryAfter"], error["requestId"]) == ("rate_limit", 7, "r-4")


async def test_no_answer_at_all_is_the_network(page: Page) -> None:
    assert (await page.evaluate(FROM_XHR, "http://127.0.0.1:9/closed"))["kind"] == "network"


async def test_no_line_at_all_is_the_network(page: Page) -> None:
    await page.evaluate("import('/static/js/errors.js')")
    await page.context.set_offline(True)

    assert (await page.evaluate(NORMALIZE, {}))["kind"] == "network"


@pytest.mark.parametrize(
    ("thrown", "kind"),
    [
        ("new TypeError('Failed to fetch')", "network"),
        ("new TypeError('NetworkError when attempting to fetch resource.')", "network"),
        ("new TypeError('Load failed')", "network"),
        ("new DOMException('', 'TimeoutError')", "network"),
        ("new TypeError('x is not a function')", "unknown"),
        ("new RangeError('deep')", "unknown"),
        ("'a string'", "unknown"),
        ("null", "unknown"),
        ("undefined", "unknown"),
    ],
)
async def test_what_is_thrown_is_the_network_or_our_fault(page: Page, thrown: str, kind: str) -> None:
    error: dict[str, Any] = await page.evaluate(f"async () => ({NORMALIZE})({thrown})")

    assert error["kind"] == kind
    assert error["message"]


def test_the_browser_knows_every_kind() -> None:
    script = (STATIC_DIRS["js"] / "errors.js").read_text()

    assert [kind for kind in Kind if f"  {kind}: " not in script] == []
