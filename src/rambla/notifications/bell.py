"""What one stream has told its client, and what it has to tell next."""

from __future__ import annotations

import asyncio
from typing import Final

from rambla.errors import Kind, Problem
from rambla.kit.db import Caller, Database
from rambla.kit.pubsub import Mailbox
from rambla.kit.queries import Queries
from rambla.kit.sse import Event
from rambla.notifications.types import BellState

sql = Queries("rambla.notifications")

_AT_ONCE: Final = 50
_PAUSE: Final = 1.0
_LONGEST_ID: Final = 18


class Bell:
    """Reads rows after the last number told, so that nothing depends on which wake-ups came through.

    The number is drawn under the recipient's state row and rows show in its order: what is not there yet has a
    greater one. The id of an event is the number up to which its client knows everything.
    """

    def __init__(self, db: Database, caller: Caller, mailbox: Mailbox, *, last_event_id: str | None) -> None:
        self._db = db
        self._caller = caller
        self._mailbox = mailbox
        self._since = _number(last_event_id)
        self._told: tuple[int, int] | None = None

    async def look(self) -> list[Event]:
        """One event if there is anything new, or if this is the first look: then it is the whole state."""
        try:
            state = await self._read()
        except Problem as problem:
            if problem.kind is not Kind.UNAVAILABLE:
                raise
            await asyncio.sleep(_PAUSE)
            self._mailbox.drop()
            return []
        full = len(state.items) == _AT_ONCE
        if full:
            self._mailbox.drop()  # there is more: look again at once
        now = (state.unread, state.seq)
        if now == self._told and not state.items:
            return []
        self._told = now
        self._since = state.items[-1].seq if full else state.seq
        return [Event(name="bell", data=state, id=self._since)]

    async def _read(self) -> BellState:
        async with self._db.transaction(self._caller, read_only=True) as tx:
            return await tx.one(BellState, sql.bell, since=self._since, limit=_AT_ONCE)


def _number(last_event_id: str | None) -> int | None:
    """Browsers send back what they were given; whatever else comes counts as nothing."""
    if (
        last_event_id
        and last_event_id.isascii()
        and last_event_id.isdigit()
        and len(last_event_id) <= _LONGEST_ID
    ):
        return int(last_event_id)
    return None
