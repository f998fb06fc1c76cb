"""How a notification leaves the house: what every channel is, and what may become of an attempt."""

from __future__ import annotations

from typing import Literal, Protocol

from msgspec import Struct

from rambla.notifications.types import Delivery

# sent: the other side took it. rejected: it never will. retry: nothing was handed over, come again.
# unknown: the line broke after the message had been handed over; coming again may deliver it twice.
Result = Literal["sent", "rejected", "retry", "unknown"]


class Handover(Struct, frozen=True):
    """What became of one attempt, in the other side's words."""

    result: Result
    detail: str = ""


class Channel(Protocol):
    """A channel answers within its own timeouts and raises only for faults of ours.

    It may be asked to deliver the same notification twice (a worker died after the handover), so what it sends
    carries the notification's id in the form by which the other side can tell.
    """

    async def deliver(self, delivery: Delivery) -> Handover: ...


class Absent:
    """Stands in for a channel that this installation has no transport for."""

    async def deliver(self, delivery: Delivery) -> Handover:
        return Handover("rejected", f"No transport is set up for {delivery.channel}.")
