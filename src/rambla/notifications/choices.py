"""What a person has chosen to be told, and when not."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from rambla.kit.db import Transaction
from rambla.kit.queries import Queries
from rambla.notifications import weekdays
from rambla.notifications.types import Preference, QuietHours

sql = Queries("rambla.notifications")


class _Window(msgspec.Struct, frozen=True):
    """Quiet hours as the table has them."""

    start: str
    end: str
    days: int
    timezone: str | None


async def read_preferences(tx: Transaction) -> list[Preference]:
    return await tx.all(Preference, sql.preferences)


async def write_preferences(tx: Transaction, preferences: Sequence[Preference]) -> None:
    """All of them anew; what is not named follows the rule for every type, and that is yes by default."""
    await tx.run(sql.set_preferences, preferences=msgspec.json.encode(preferences).decode())


async def read_quiet_hours(tx: Transaction) -> QuietHours | None:
    found = await tx.first(_Window, sql.quiet_hours)
    if found is None:
        return None
    return QuietHours(
        start=found.start, end=found.end, days=weekdays.from_mask(found.days), timezone=found.timezone
    )


async def write_quiet_hours(tx: Transaction, hours: QuietHours | None) -> None:
    """None turns them off."""
    await tx.run(
        sql.set_quiet_hours,
        start=hours and hours.start,
        end=hours and hours.end,
        days=weekdays.to_mask(hours.days) if hours else weekdays.EVERY_DAY,
        timezone=hours and hours.timezone,
    )
