"""Every template renders with what its table says it takes, and with nothing less (StrictUndefined)."""

from __future__ import annotations

import re

import pytest

from rambla.errors import ERRORS, Problem
from rambla.ui.static import STATIC_DIRS
from web.ui.site import ENVIRONMENT, Viewer, page_of, render

UI = STATIC_DIRS["css"].parent
COMPONENTS = sorted((UI / "templates/ui/components").glob("*.html"))
MACRO = re.compile(r"\{% macro ([a-z]\w*)\(([^%]*)\) -?%\}")


def test_the_patterns_show_every_component() -> None:
    shown = "".join(path.read_text() for path in (UI / "templates/ui/patterns").glob("*.html"))
    shown += (UI / "templates/ui/patterns.html").read_text() + (UI / "templates/ui/layout.html").read_text()
    macros = {name for path in COMPONENTS for name, _ in MACRO.findall(path.read_text())}

    assert macros
    assert {name for name in macros if not re.search(rf"\b{name}\(", shown)} == set()


def test_the_readme_has_the_signature_of_every_component() -> None:
    readme = (UI / "README.md").read_text()
    signatures = {f"{name}({args})" for path in COMPONENTS for name, args in MACRO.findall(path.read_text())}

    assert {signature for signature in signatures if f"`{signature}`" not in readme} == set()


@pytest.mark.parametrize("viewer", [None, Viewer(), Viewer(is_admin=False, unread=0)])
def test_the_layout_renders_for_everybody(viewer: Viewer | None) -> None:
    assert page_of("", viewer=viewer).startswith("<!doctype html>")


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_has_a_page_that_says_what_and_what_next(code: str) -> None:
    problem = Problem(code, headers={"Retry-After": "12"} if code == "rate_limited" else None)

    html = render("ui/error.html", problem=problem, request_id="r-17", path="/earnings")

    assert f"Error {problem.status}" in html
    assert problem.message in html
    assert "Request r-17" in html
    assert 'href="/sign-in?next=/earnings"' in html if problem.kind == "auth" else 'href="/earnings"' in html


def test_an_error_page_names_the_seconds_to_wait() -> None:
    problem = Problem("rate_limited", headers={"Retry-After": "12"})

    assert "in 12 seconds" in render("ui/error.html", problem=problem, request_id="")


def test_an_anonymous_visitor_is_offered_to_sign_in_and_sees_no_bell() -> None:
    html = page_of("", viewer=None)

    assert 'href="/sign-in"' in html
    assert 'id="bell"' not in html


def test_only_an_admin_sees_the_way_to_the_operator_pages() -> None:
    assert 'href="/admin"' in page_of("", viewer=Viewer(is_admin=True))
    assert 'href="/admin"' not in page_of("", viewer=Viewer(is_admin=False))


@pytest.mark.parametrize(
    ("path", "href"),
    [
        ("/", "/"),
        ("/earnings", "/earnings"),
        ("/earnings/statements", "/earnings"),
        ("/admin/jobs", "/admin"),
    ],
)
def test_the_navigation_says_where_one_is(path: str, href: str) -> None:
    html = page_of("", viewer=Viewer(), path=path)

    assert re.findall(r'href="([^"]+)" aria-current="page"', html) == [href]


@pytest.mark.parametrize(
    ("unread", "name", "badge"),
    [
        (0, "Notifications", None),
        (3, "Notifications, 3 unread", "3"),
        (120, "Notifications, 120 unread", "99+"),
    ],
)
def test_the_bell_says_its_number_in_words_and_caps_the_badge(
    unread: int, name: str, badge: str | None
) -> None:
    html = page_of("", viewer=Viewer(unread=unread))
    bell = html[html.index('id="bell"') : html.index("</a>", html.index('id="bell"'))]

    assert f'aria-label="{name}"' in bell
    assert (' hidden=""' in bell) is (badge is None)
    if badge:
        assert f">{badge}</span>" in bell


def test_what_a_person_wrote_is_never_markup() -> None:
    evil = '"><img src=x>'
    template = ENVIRONMENT.from_string(
        '{% from "ui/components/field.html" import field %}{% from "ui/components/button.html" import button %}'
        '{% from "ui/components/avatar.html" import avatar %}'
        "{{ field(evil, evil, value=evil, error=evil, hint=evil) }}"
        "{{ button(evil, attrs={'data-x': evil}) }}{{ avatar(evil) }}"
    )

    assert "<img" not in template.render(evil=evil)


def test_an_error_and_a_hint_are_tied_to_their_field() -> None:
    template = ENVIRONMENT.from_string(
        '{% from "ui/components/field.html" import field %}{{ field("email", "E-mail", error="No.", hint="Yes.") }}'
    )
    html = template.render()

    assert 'aria-describedby="field-email-error field-email-hint" aria-invalid="true"' in html
    assert 'id="field-email-error"' in html
    assert 'id="field-email-hint"' in html
    assert '<label class="field-label" for="field-email">' in html
