"""What of a page stands on the screen: what was seen before comes only when it is asked for."""

from __future__ import annotations

from msgspec import Struct

from rambla.feed import cursor as cursors
from rambla.feed.cursor import Cursor
from rambla.feed.types import Row


class Screen(Struct, frozen=True, kw_only=True):
    """``next`` leads on; ``caught_up`` says that only what was seen before would follow."""

    rows: list[Row]
    next: str | None
    caught_up: bool


def cut(rows: list[Row], *, after: Cursor, full: int, again: bool) -> Screen:
    """Up to the first post that was seen before, unless it is to be shown again."""
    seen = [n for n, row in enumerate(rows) if row.item_type == "post" and row.reason == "seen"]
    caught_up = bool(seen) and not again
    shown = rows[: seen[0]] if caught_up else rows
    place = Cursor(shown[-1].score, shown[-1].item_id) if shown else after
    goes_on = caught_up or len(rows) == full
    return Screen(rows=shown, next=_encode(place) if goes_on else None, caught_up=caught_up)


def _encode(place: Cursor) -> str:
    """Empty before the first page."""
    return "" if place.score is None or place.item_id is None else cursors.encode(place.score, place.item_id)
