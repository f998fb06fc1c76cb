"""Templates to responses: a whole page, or one block of it as the fragment that htmx asked for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from jinja2_fragments import render_block
from litestar import Request, Response
from litestar.enums import MediaType
from markupsafe import Markup, escape

from rambla.errors import Problem
from rambla.kit.money import Money

AnyRequest = Request[Any, Any, Any]

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
)


class Pages:
    """The templates of every slice; a name the view does not have is an error, not an empty string."""

    def __init__(self, packages: Sequence[str], *, asset: Callable[[str], str]) -> None:
        self._environment = Environment(
            loader=ChoiceLoader([PackageLoader(package) for package in packages if _has_pages(package)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(asset=asset)
        self._environment.filters.update(
            money=_money, moment=_moment, ago=_ago, day=_day, iso=_iso, labelled=_labelled
        )

    def render(
        self,
        request: AnyRequest,
        template: str,
        *,
        viewer: Any,
        block: str | None = None,
        status: int = 200,
        **view: Any,
    ) -> Response[bytes]:
        """``block`` names the part to send when htmx asked; a plain request always gets the page."""
        context = {"viewer": viewer, "path": request.scope["path"], **view}
        partial = block is not None and is_fragment(request)
        if partial:
            html = render_block(self._environment, template, str(block), context)
        else:
            html = self._environment.get_template(template).render(context)
        return Response(
            html.encode(),
            status_code=status,
            media_type=MediaType.HTML,
            # One address gives two bodies, so a cache must not mix them up.
            headers={"Vary": "HX-Request, Cookie", "Cache-Control": "private, no-cache"},
        )

    def error(self, request: AnyRequest, problem: Problem, *, request_id: str) -> Response[bytes]:
        """A page that says what happened and what to do; it asks nothing of the database."""
        return self.render(
            request,
            "ui/error.html",
            viewer=None,
            status=problem.status,
            problem=problem,
            request_id=request_id,
        )


def is_fragment(request: AnyRequest) -> bool:
    headers = request.headers
    return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"


def _has_pages(package: str) -> bool:
    return resources.files(package).joinpath("templates").is_dir()


def _money(minor: int, currency: str, locale: str = "en") -> str:
    return Money(minor, currency).format(locale)


def _moment(at: dt.datetime, timezone: str = "UTC", style: str = "medium", locale: str = "en") -> str:
    return format_datetime(at, style, tzinfo=ZoneInfo(timezone), locale=locale)


def _day(at: dt.datetime, timezone: str = "UTC", locale: str = "en") -> str:
    return format_date(at.astimezone(ZoneInfo(timezone)).date(), "medium", locale=locale)


def _ago(at: dt.datetime, locale: str = "en") -> str:
    return format_timedelta(at - dt.datetime.now(dt.UTC), add_direction=True, locale=locale)


def _iso(at: dt.datetime) -> str:
    return at.isoformat()


def _labelled(rows: Markup, columns: Sequence[str | Mapping[str, Any]]) -> Markup:
    """Each cell with the name of its column, and with its role: what is laid out as blocks has none by itself."""
    labels = [column if isinstance(column, str) else str(column["label"]) for column in columns]
    left = iter(labels)

    def mark(found: re.Match[str]) -> str:
        nonlocal left
        if found[1] == "tr":
            left = iter(labels)
            return '<tr role="row"'
        return f'<{found[1]} role="{"cell" if found[1] == "td" else "rowheader"}" data-label="{escape(next(left, ""))}"'

    return Markup(re.sub(r"<(tr|td|th)\b", mark, rows))  # noqa: S704 - our own markup, with what came from people escaped
