"""Doors of auth for programs."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, delete, get, patch, post

from rambla.auth import viewer as viewers
from rambla.auth.actions import Entrance
from rambla.auth.guards import signed_in
from rambla.auth.limiter import within
from rambla.auth.middleware import digest_of, visitor_of
from rambla.auth.sessions import Sessions
from rambla.auth.types import NewSession, Profile, ProfileChange, SessionRow, SignIn
from rambla.auth.viewer import Viewer
from rambla.errors import Problem
from rambla.kit.db import Caller, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.auth")
AnyRequest = Request[Any, Any, Any]


@post("/v1/sessions", guards=[within("sign_in")])
async def create(request: AnyRequest, data: SignIn, entrance: Entrance) -> NewSession:
    """Sign in with a handle or an e-mail address and a password; the answer holds a bearer token for 90 days."""
    visitor = visitor_of(request)
    if data.label:
        visitor = msgspec.structs.replace(visitor, device=data.label)
    token = await entrance.by_password(data.name, data.password, kind="bearer", visitor=visitor)
    return NewSession(token=token)


@get("/v1/sessions", guards=[signed_in])
async def list_(request: AnyRequest, caller: Caller, db: Database) -> list[SessionRow]:
    """Where the caller is signed in, the present session first."""
    async with db.transaction(caller, read_only=True) as tx:
        return await tx.all(SessionRow, sql.sessions, digest=digest_of(request))


@delete("/v1/sessions/current", guards=[signed_in])
async def end(request: AnyRequest, caller: Caller, sessions: Sessions) -> None:
    """Sign out: the token that this request carries ends."""
    await sessions.end(caller, digest_of(request))


@delete("/v1/sessions/{id:uuid}", guards=[signed_in])
async def revoke(id: UUID, caller: Caller, db: Database) -> None:  # noqa: A002 - the path's word
    """End one of the caller's sessions; other processes notice within a second."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.revoke, id=id)


@get("/v1/me", guards=[signed_in])
async def me(caller: Caller, db: Database) -> Viewer:
    """Who the caller is, with the bell's and the cart's numbers."""
    async with db.transaction(caller, read_only=True) as tx:
        viewer = await viewers.load(tx)
    if viewer is None:
        raise Problem("not_found", "A program has no profile.")
    return viewer


@patch("/v1/me", guards=[signed_in])
async def change(data: ProfileChange, caller: Caller, db: Database) -> Profile:
    """Change one's own profile."""
    async with db.transaction(caller) as tx:
        return await tx.one(Profile, sql.change_profile, **_given(data))


HANDLERS: Final = [create, list_, end, revoke, me, change]


def _given(change: ProfileChange) -> dict[str, str | None]:
    sent = msgspec.structs.asdict(change)
    return {name: None if value is msgspec.UNSET else value for name, value in sent.items()}
