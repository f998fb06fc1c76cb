"""Notifications for programs: send, list, read, choose, and the stream behind the bell."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from rambla.auth.guards import signed_in
from rambla.errors import Problem
from rambla.kit import log, sse
from rambla.kit.db import Caller, Database
from rambla.kit.etags import conditional
from rambla.kit.queries import Queries
from rambla.notifications import choices, inbox
from rambla.notifications.bells import Bells
from rambla.notifications.types import (
    Changed,
    Channel,
    Lane,
    Message,
    Notification,
    Outcome,
    Page,
    Preference,
    QuietHours,
    Readings,
    Receipt,
    Standing,
    UnreadCount,
)

sql = Queries("rambla.notifications")
AnyRequest = Request[Any, Any, Any]

Limit = Annotated[int, QueryParameter(ge=1, le=100)]
Cursor = Annotated[str | None, QueryParameter(max_length=100)]
Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)]
Prefer = Annotated[str, HeaderParameter(name="Prefer")]
LastEventId = Annotated[str | None, HeaderParameter(name="Last-Event-ID")]


@get("/v1/notifications", guards=[signed_in])
async def list_(
    request: AnyRequest,
    caller: Caller,
    db: Database,
    lane: Lane | None = None,
    unread: bool = False,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Response[Page | None]:
    """The caller's inbox, newest first."""
    async with db.transaction(caller, read_only=True) as tx:
        page = await inbox.read_page(tx, lane=lane, unread=unread, cursor=cursor, limit=limit)
    return conditional(request, page)


@post("/v1/notifications", guards=[signed_in])
async def send(
    data: Message, caller: Caller, db: Database, key: Key = None, prefer: Prefer = "", strict: bool = False
) -> Response[Receipt]:
    """Send to oneself, or as the service to anybody.

    201 with an id; 200 with the same id and `Idempotency-Replay: true` when the key was used before; 200 with
    `suppressed` when preference, quiet hours or cap held it back. Another content under a used key is a replay,
    and 409 with `Prefer: handling=strict` or `?strict=true`.
    """
    message = _addressed(data, caller, key)
    async with db.transaction(caller) as tx:
        outcome = await tx.one(Outcome, sql.send, **_arguments(message))
    # Past the transaction, so that a strict sender's mistake is counted as well.
    if outcome.outcome == "mismatch":
        log.get().warning("notification.key_mismatch", notification_id=str(outcome.notification_id))
        if strict or "handling=strict" in prefer:
            raise Problem("idempotency_mismatch", details={"id": str(outcome.notification_id)})
    return _receipt(outcome)


@get("/v1/notifications/unread-count", guards=[signed_in])
async def unread_count(caller: Caller, db: Database) -> UnreadCount:
    """The number on the badge."""
    async with db.transaction(caller, read_only=True) as tx:
        return await inbox.read_count(tx)


@post("/v1/notifications/{notification_id:uuid}/reading", guards=[signed_in], status_code=HTTP_200_OK)
async def read(notification_id: UUID, caller: Caller, db: Database) -> Changed:
    """Mark one as read."""
    async with db.transaction(caller) as tx:
        await tx.one(Notification, sql.one, id=notification_id)
        changed = await tx.value(int, sql.mark_read, ids=[notification_id])
        return Changed(changed=changed, unread=(await inbox.read_count(tx)).unread)


@post("/v1/notifications/readings", guards=[signed_in], status_code=HTTP_200_OK)
async def read_all(data: Readings, caller: Caller, db: Database) -> Changed:
    """Mark all as read, or those up to `up_to_seq`: the newest one that the person saw."""
    async with db.transaction(caller) as tx:
        changed = await tx.value(int, sql.mark_all_read, up_to_seq=data.up_to_seq, lane=data.lane)
        return Changed(changed=changed, unread=(await inbox.read_count(tx)).unread)


@put("/v1/notifications/{notification_id:uuid}/archive", guards=[signed_in])
async def archive(notification_id: UUID, caller: Caller, db: Database) -> Changed:
    """Take one out of the inbox."""
    return await _set_archived(db, caller, notification_id, archived=True)


@delete("/v1/notifications/{notification_id:uuid}/archive", guards=[signed_in], status_code=HTTP_200_OK)
async def restore(notification_id: UUID, caller: Caller, db: Database) -> Changed:
    """Put one back into the inbox."""
    return await _set_archived(db, caller, notification_id, archived=False)


@get("/v1/notifications/preferences", guards=[signed_in])
async def preferences(request: AnyRequest, caller: Caller, db: Database) -> Response[list[Preference] | None]:
    """What the caller has chosen; a type and channel that are not listed are on."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await choices.read_preferences(tx))


@put("/v1/notifications/preferences", guards=[signed_in])
async def set_preferences(data: list[Preference], caller: Caller, db: Database) -> list[Preference]:
    """Replace all of the caller's choices."""
    async with db.transaction(caller) as tx:
        await choices.write_preferences(tx, data)
        return await choices.read_preferences(tx)


@get("/v1/notifications/quiet-hours", guards=[signed_in])
async def quiet_hours(request: AnyRequest, caller: Caller, db: Database) -> Response[QuietHours | None]:
    """When the caller wants no notifications; null means never."""
    async with db.transaction(caller, read_only=True) as tx:
        return conditional(request, await choices.read_quiet_hours(tx))


@put("/v1/notifications/quiet-hours", guards=[signed_in])
async def set_quiet_hours(data: QuietHours, caller: Caller, db: Database) -> QuietHours:
    """Set quiet hours."""
    async with db.transaction(caller) as tx:
        await choices.write_quiet_hours(tx, data)
    return data


@delete("/v1/notifications/quiet-hours", guards=[signed_in])
async def end_quiet_hours(caller: Caller, db: Database) -> None:
    """Turn quiet hours off."""
    async with db.transaction(caller) as tx:
        await choices.write_quiet_hours(tx, None)


@get("/v1/notifications/standing", guards=[signed_in])
async def standing(caller: Caller, db: Database, channel: Channel = "inapp") -> Standing:
    """What a notification to the caller would meet now, and why."""
    async with db.transaction(caller, read_only=True) as tx:
        return await tx.one(Standing, sql.explain, channel=channel)


@get("/v1/notifications/stream", guards=[signed_in])
async def stream(caller: Caller, bells: Bells, last_event_id: LastEventId = None) -> Stream:
    """Server-sent events named `bell`: the whole state first, then each change.

    `id` is the number up to which the client knows everything; sent back as Last-Event-ID it is told the rest.
    """
    if caller.user_id is None:
        raise Problem("forbidden", "A bell belongs to a person.")
    return sse.response(bells.stream(caller.user_id, last_event_id=last_event_id))


async def _set_archived(db: Database, caller: Caller, notification_id: UUID, *, archived: bool) -> Changed:
    async with db.transaction(caller) as tx:
        await tx.one(Notification, sql.one, id=notification_id)
        changed = await tx.value(int, sql.archive, ids=[notification_id], archived=archived)
        return Changed(changed=changed, unread=(await inbox.read_count(tx)).unread)


def _addressed(message: Message, caller: Caller, key: str | None) -> Message:
    user_id = message.user_id or caller.user_id
    if user_id is None:
        raise Problem("invalid_input", "Say whom it is for: user_id.")
    return msgspec.structs.replace(message, user_id=user_id, idempotency_key=key or message.idempotency_key)


def _arguments(message: Message) -> dict[str, Any]:
    return {**msgspec.structs.asdict(message), "data": msgspec.json.encode(message.data).decode()}


def _receipt(outcome: Outcome) -> Response[Receipt]:
    match outcome.outcome:
        case "sent" | "queued":
            return Response(Receipt(id=outcome.notification_id), status_code=HTTP_201_CREATED)
        case "replay" | "mismatch":
            headers = {"Idempotency-Replay": "true"}
            return Response(Receipt(id=outcome.notification_id), status_code=HTTP_200_OK, headers=headers)
        case reason:
            return Response(Receipt(id=None, suppressed=reason), status_code=HTTP_200_OK)


HANDLERS = [
    list_,
    send,
    unread_count,
    read,
    read_all,
    archive,
    restore,
    preferences,
    set_preferences,
    quiet_hours,
    set_quiet_hours,
    end_quiet_hours,
    standing,
    stream,
]
