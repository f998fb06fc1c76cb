"""Use-cases of notifications that need more than one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from rambla.kit import log
from rambla.kit.db import SERVICE, Database
from rambla.kit.queries import Queries
from rambla.notifications import types
from rambla.notifications.channels import Absent, Channel, Handover
from rambla.notifications.types import Delivery

sql = Queries("rambla.notifications")


class Undelivered(Exception):  # noqa: N818 - a state of the world, told in the other side's words
    """The attempt came to nothing that is known; the job is to be tried again."""


async def deliver(
    db: Database,
    channels: Mapping[types.Channel, Channel],
    *,
    user_id: UUID,
    notification_id: UUID,
    final: bool = False,
) -> None:
    """Hand one queued notification to its channel. Safe to run twice and to die anywhere in it.

    1. Open an attempt; preference, quiet hours and cap are asked again. Nothing to do: done.
    2. Hand over, with no transaction open: the other side may take half a minute.
    3. Write down what became of it. Dying before this leaves the attempt open; the next one calls it unknown
       and hands over once more, under the same id.

    ``final`` says that no other attempt follows: then what is not sent has failed.
    """
    async with db.transaction(SERVICE) as tx:
        delivery = await tx.first(
            Delivery, sql.delivery_begin, user_id=user_id, notification_id=notification_id
        )
    if delivery is None:
        return
    handover = await channels.get(delivery.channel, Absent()).deliver(delivery)
    await _finish(db, delivery, handover, final=final)
    if handover.result in ("retry", "unknown"):
        raise Undelivered(handover.detail)


async def _finish(db: Database, delivery: Delivery, handover: Handover, *, final: bool) -> None:
    async with db.transaction(SERVICE) as tx:
        await tx.run(
            sql.delivery_finish,
            user_id=delivery.user_id,
            notification_id=delivery.notification_id,
            attempt=delivery.attempt,
            outcome=handover.result,
            detail=handover.detail,
            final=final,
        )
    log.get().info(
        "notification.delivery",
        notification_id=str(delivery.notification_id),
        channel=delivery.channel,
        attempt=delivery.attempt,
        outcome=handover.result,
    )
