"""Notifications for people: the inbox, and what they choose to be told."""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import QueryParameter
from litestar.response import Redirect

from rambla.auth import viewer as viewers
from rambla.auth.guards import signed_in
from rambla.errors import Problem
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages, is_fragment
from rambla.kit.queries import Queries
from rambla.notifications import choices, inbox, matrix
from rambla.notifications.types import (
    LANES,
    Lane,
    Notification,
    NotificationType,
    QuietHours,
    Readings,
    Standing,
    Suppression,
)

sql = Queries("rambla.notifications")
AnyRequest = Request[Any, Any, Any]
T = TypeVar("T")

INBOX: Final = "/notifications"
SETTINGS: Final = "/notifications/settings"
_MOST_NEW: Final = 100  # what came while a page was open is put on top of it in one go


@get(INBOX, guards=[signed_in], include_in_schema=False)
async def show(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    pages: Pages,
    lane: Lane | None = None,
    cursor: Annotated[str | None, QueryParameter(max_length=100)] = None,
    after: Annotated[int | None, QueryParameter(ge=0)] = None,
) -> Response[bytes]:
    """The inbox, or one lane of it; `after` asks for what is newer than a number."""
    async with db.transaction(caller, read_only=True) as tx:
        page = await inbox.read_page(
            tx,
            lane=lane,
            cursor=cursor,
            after=after or 0,
            limit=20 if after is None else _MOST_NEW,
        )
        lanes = await inbox.count_lanes(tx)
        viewer = await viewers.load(tx)
    return pages.render(
        request,
        "notifications/inbox.html",
        viewer=viewer,
        block="inbox",
        page=page,
        lane=lane,
        lanes=lanes,
        newer=after is not None,
    )


@post("/notifications/{notification_id:uuid}/reading", guards=[signed_in], include_in_schema=False)
async def read(
    notification_id: UUID, request: AnyRequest, caller: Caller, db: Database, pages: Pages
) -> Response[Any]:
    """Mark one as read."""
    form = await request.form()
    async with db.transaction(caller) as tx:
        await tx.run(sql.mark_read, ids=[notification_id])
        note = await tx.one(Notification, sql.one, id=notification_id)
    if not is_fragment(request):
        return _back(form)
    return pages.render(request, "notifications/note.html", viewer=None, note=note, lane=form.get("lane"))


@post("/notifications/readings", guards=[signed_in], include_in_schema=False)
async def read_all(request: AnyRequest, caller: Caller, db: Database) -> Response[Any]:
    """Mark all that the page showed as read."""
    form = await request.form()
    readings = _parsed(Readings, {k: form[k] for k in ("up_to_seq", "lane") if form.get(k)})
    async with db.transaction(caller) as tx:
        await tx.run(sql.mark_all_read, up_to_seq=readings.up_to_seq, lane=readings.lane)
    return _back(form)


@post("/notifications/{notification_id:uuid}/archive", guards=[signed_in], include_in_schema=False)
async def archive(
    notification_id: UUID, request: AnyRequest, caller: Caller, db: Database, pages: Pages
) -> Response[Any]:
    """Take one out of the inbox, or put it back with `undo`."""
    form = await request.form()
    undo = "undo" in form
    async with db.transaction(caller) as tx:
        note = await tx.one(Notification, sql.one, id=notification_id)
        await tx.run(sql.archive, ids=[notification_id], archived=not undo)
    if undo or not is_fragment(request):
        return _back(form)
    return pages.render(
        request,
        "notifications/archived.html",
        viewer=None,
        note=note,
        lane=form.get("lane"),
    )


@get(SETTINGS, guards=[signed_in], include_in_schema=False)
async def settings(
    request: AnyRequest, caller: Caller, db: Database, pages: Pages, saved: bool = False
) -> Response[bytes]:
    """What a person chooses to be told, when not, and how much a day holds."""
    async with db.transaction(caller, read_only=True) as tx:
        types = await tx.all(NotificationType, sql.types)
        view: dict[str, Any] = {
            "rows": matrix.rows(types),
            "ticked": matrix.ticked(types, await choices.read_preferences(tx)),
            "hours": await choices.read_quiet_hours(tx),
            "zones": await tx.value(list[str], sql.timezones),
            "standings": {
                channel: await tx.one(Standing, sql.explain, channel=channel) for channel in matrix.OFFERED
            },
            "suppressions": await tx.all(Suppression, sql.suppressions),
        }
        viewer = await viewers.load(tx)
    return pages.render(
        request, "notifications/settings.html", viewer=viewer, saved=saved, channels=matrix.OFFERED, **view
    )


@post("/notifications/preferences", guards=[signed_in], include_in_schema=False)
async def set_preferences(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Every box of the matrix that is ticked is on, every other one off."""
    form = await request.form()
    async with db.transaction(caller) as tx:
        types = await tx.all(NotificationType, sql.types)
        known = await choices.read_preferences(tx)
        ticked = {str(value) for value in form.getall("on", [])}
        await choices.write_preferences(tx, matrix.preferences(ticked, types, known))
    return Redirect(f"{SETTINGS}?saved=true", status_code=303)


@post("/notifications/quiet-hours", guards=[signed_in], include_in_schema=False)
async def set_quiet_hours(request: AnyRequest, caller: Caller, db: Database) -> Redirect:
    """Set quiet hours, or turn them off when the switch is off."""
    form = await request.form()
    hours = None
    if "enabled" in form:
        given = {
            "start": form.get("start"),
            "end": form.get("end"),
            "days": form.getall("days", []),
            "timezone": form.get("timezone") or None,
        }
        hours = _parsed(QuietHours, given)
    async with db.transaction(caller) as tx:
        await choices.write_quiet_hours(tx, hours)
    return Redirect(f"{SETTINGS}?saved=true", status_code=303)


def _parsed(of: type[T], given: dict[str, Any]) -> T:
    """A form's fields as a value; what does not fit is the sender's mistake."""
    try:
        return msgspec.convert(given, of, strict=False)
    except msgspec.ValidationError as error:
        raise Problem("invalid_input", details=str(error)) from None


def _back(form: FormMultiDict) -> Redirect:
    """To the lane that the form stood in."""
    lane = form.get("lane")
    return Redirect(f"{INBOX}?lane={lane}" if lane in LANES else INBOX, status_code=303)


HANDLERS = [show, read, read_all, archive, settings, set_preferences, set_quiet_hours]
