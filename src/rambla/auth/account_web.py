"""Pages of auth: one's own account."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect
from msgspec import Meta, Struct

from rambla.auth import viewer as viewers
from rambla.auth.actions import Entrance
from rambla.auth.cookies import SessionCookie
from rambla.auth.guards import signed_in
from rambla.auth.limiter import within
from rambla.auth.middleware import digest_of, visitor_of
from rambla.auth.passwords import LONGEST, SHORTEST
from rambla.auth.types import Profile, SessionRow
from rambla.errors import Problem
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages
from rambla.kit.queries import Queries

sql = Queries("rambla.auth")
AnyRequest = Request[Any, Any, Any]
Saved = Literal["profile", "password", "sessions"]


class ProfileForm(Struct, frozen=True, kw_only=True):
    display_name: Annotated[str, Meta(min_length=1, max_length=80)]
    timezone: str
    bio: Annotated[str, Meta(max_length=500)] = ""


class PasswordForm(Struct, frozen=True, kw_only=True):
    new: Annotated[str, Meta(min_length=SHORTEST, max_length=LONGEST)]
    old: str = ""


@get("/account", guards=[signed_in])
async def show(
    request: AnyRequest, caller: Caller, db: Database, pages: Pages, saved: Saved | None = None
) -> Response[bytes]:
    """Profile, password, and where one is signed in."""
    return await _page(request, caller, db, pages, saved=saved)


@post("/account", guards=[signed_in])
async def save_profile(
    data: Annotated[ProfileForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
    caller: Caller,
    db: Database,
) -> Redirect:
    """Change what others see, and the time zone that one's days follow."""
    async with db.transaction(caller) as tx:
        await tx.one(
            Profile, sql.change_profile,
            display_name=data.display_name, bio=data.bio, timezone=data.timezone, locale=None,
        )  # fmt: skip
    return _back("profile")


@post("/account/password", guards=[signed_in, within("sign_in")])
async def save_password(
    request: AnyRequest,
    data: Annotated[PasswordForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
    caller: Caller,
    db: Database,
    pages: Pages,
    entrance: Entrance,
    cookie: SessionCookie,
) -> Response[bytes] | Redirect:
    """Set a new password. Every session ends, and this browser gets a new one."""
    try:
        token = await entrance.change_password(
            _person(caller), data.old, data.new, visitor=visitor_of(request)
        )
    except Problem as problem:
        if problem.code != "wrong_credentials":
            raise
        return await _page(request, caller, db, pages, problem=problem)
    return _back("password", cookie.set(token))


@post("/account/sessions/{id:uuid}/revocation", guards=[signed_in])
async def revoke(id: UUID, caller: Caller, db: Database) -> Redirect:  # noqa: A002 - the path's word
    """Sign out somewhere else."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.revoke, id=id)
    return _back("sessions")


@post("/account/sessions/revocation", guards=[signed_in])
async def revoke_others(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Sign out everywhere else."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.revoke_others, digest=digest_of(request))
    return _back("sessions")


HANDLERS: Final = [show, save_profile, save_password, revoke, revoke_others]


async def _page(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    pages: Pages,
    *,
    saved: Saved | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    async with db.transaction(caller, read_only=True) as tx:
        profile = await tx.one(Profile, sql.profile)
        rows = await tx.all(SessionRow, sql.sessions, digest=digest_of(request))
        has_password = await tx.value(bool, sql.has_password)
        viewer = await viewers.load(tx)
    return pages.render(
        request,
        "auth/account.html",
        viewer=viewer,
        status=problem.status if problem else 200,
        profile=profile,
        sessions=rows,
        has_password=has_password,
        zones=[(zone, zone.replace("_", " ")) for zone in _zones(profile.timezone)],
        saved=saved,
        problem=problem,
    )


def _back(saved: Saved, *cookies: Any) -> Redirect:
    return Redirect(f"/account?saved={saved}", status_code=303, cookies=list(cookies))


def _person(caller: Caller) -> UUID:
    if caller.user_id is None:
        raise Problem("not_found", "A program has no account.")
    return caller.user_id


def _zones(present: str) -> list[str]:
    return _known_zones() if present in _known_zones() else [present, *_known_zones()]


@cache
def _known_zones() -> list[str]:
    """Cities, as people look for them; the rest of the list is old names and fixed offsets."""
    regions = (
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return ["UTC", *sorted(z for z in zoneinfo.available_timezones() if z.partition("/")[0] in regions)]
