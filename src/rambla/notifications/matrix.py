"""Preferences as a table of boxes: types down, channels across."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from rambla.notifications.types import Channel, NotificationType, Preference

OFFERED: Final[tuple[Channel, ...]] = ("inapp", "email")
"""The channels that have a transport; preferences for the others are kept and not shown."""

EVERYTHING_ELSE: Final = NotificationType(
    type="*", lane="system", critical=False, description="Everything else"
)


def rows(types: Iterable[NotificationType]) -> list[NotificationType]:
    return [*types, EVERYTHING_ELSE]


def box(type_: str, channel: Channel) -> str:
    """The name of one box in the form."""
    return f"{channel}:{type_}"


def ticked(types: Iterable[NotificationType], preferences: Iterable[Preference]) -> set[str]:
    """The boxes that are on: as the type's own preference says, else that of every type, else yes."""
    chosen = {(p.type, p.channel): p.enabled for p in preferences}
    return {
        box(row.type, channel)
        for row in rows(types)
        for channel in OFFERED
        if row.critical or chosen.get((row.type, channel), chosen.get(("*", channel), True))
    }


def preferences(
    boxes: Collection[str], types: Iterable[NotificationType], known: Iterable[Preference]
) -> list[Preference]:
    """What a submitted table means; what it does not show stays as it was known."""
    shown = {
        (row.type, channel): Preference(
            type=row.type, channel=channel, enabled=box(row.type, channel) in boxes
        )
        for row in rows(types)
        for channel in OFFERED
        if not row.critical
    }
    return [*shown.values(), *(p for p in known if (p.type, p.channel) not in shown)]
