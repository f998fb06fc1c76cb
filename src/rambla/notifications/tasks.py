"""Jobs of notifications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct

from rambla.jobs.context import JobContext
from rambla.jobs.registry import Backoff, Registry
from rambla.notifications import actions, types
from rambla.notifications.channels import Channel

# A mail server that is down for a day is back in time: 1, 2, 4 ... minutes, at most 4 hours apart.
_BACKOFF: Final = Backoff(base=60, cap=4 * 3600, jitter=0.2)
_MAX_ATTEMPTS: Final = 12


class Deliver(Struct, frozen=True, kw_only=True):
    """Enqueued in SQL by the transaction that queued the notification."""

    user_id: UUID
    notification_id: UUID


def tasks(channels: Mapping[types.Channel, Channel]) -> Registry:
    """What a worker runs for notifications, with the channels that this installation has."""
    registry = Registry()

    @registry.job("notification_deliver", max_attempts=_MAX_ATTEMPTS, timeout=120, backoff=_BACKOFF)
    async def deliver(job: JobContext, payload: Deliver) -> None:
        await actions.deliver(
            job.database,
            channels,
            user_id=payload.user_id,
            notification_id=payload.notification_id,
            final=job.attempt >= job.max_attempts,
        )

    return registry
