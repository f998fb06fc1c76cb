"""What one stream has told its client, and what it has to tell next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from rambla.errors import Kind, Problem
from rambla.kit.pubsub import Mailbox
from rambla.kit.sse import Event
from rambla.notifications.types import BellState

AT_ONCE: Final = 50
"""How many notifications one event holds."""

_PAUSE: Final = 1.0
_LONGEST_ID: Final = 18

Read = Callable[[int | None], Awaitable[BellState]]


class Bell:
    """Reads rows after the last number told, so that nothing depends on which wake-ups came through.

    The number is drawn under the recipient's state row and rows show in its order: what is not there yet has a
    greater one. The id of an event is the number up to which its client knows everything.
    """

    def __init__(self, read: Read, mailbox: Mailbox, *, last_event_id: str | None) -> None:
        self._read = read
        self._mailbox = mailbox
        self._since = _number(last_event_id)
        self._told: tuple[int, int] | None = None

    async def look(self) -> list[Event]:
        """One event if there is anything new, or if this is the first look: then it is the whole state."""
        try:
            state = await self._read(self._since)
        except Problem as problem:
            if problem.kind is not Kind.UNAVAILABLE:
                raise
            await asyncio.sleep(_PAUSE)
            self._mailbox.drop()
            return []
        full = len(state.items) == AT_ONCE
        if full:
            self._mailbox.drop()  # there is more: look again at once
        now = (state.unread, state.seq)
        if now == self._told and not state.items:
            return []
        self._told = now
        self._since = state.items[-1].seq if full else state.seq
        return [Event(name="bell", data=state, id=self._since)]


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
