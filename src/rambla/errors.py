"""Every error Rambla can answer with, in one table.

SQL raises ``sqlstate 'PTnnn'`` with the code in ``detail``; Python raises ``Problem(code)``; the page's
JavaScript reads ``kind``. All three mean the row of this table.
"""

from __future__ import annotations

import enum
from typing import Any, Final, NamedTuple


class Kind(enum.StrEnum):
    """What a person or a program should do about an error."""

    RATE_LIMIT = "rate_limit"  # wait, then try again
    NETWORK = "network"  # only browsers see this one: nothing answered
    AUTH = "auth"  # sign in
    FORBIDDEN = "forbidden"  # trying again does not help
    VALIDATION = "validation"  # change the input
    CONFLICT = "conflict"  # look at the present state first
    UNAVAILABLE = "unavailable"  # our fault and passing; try again
    UNKNOWN = "unknown"  # our fault


class Entry(NamedTuple):
    status: int
    kind: Kind
    title: str


ERRORS: Final[dict[str, Entry]] = {
    # what was sent
    "invalid_input": Entry(
        400, Kind.VALIDATION, "The request does not have the form that this address expects."
    ),
    "invalid_value": Entry(400, Kind.VALIDATION, "A value is out of its range."),
    "unknown_mode": Entry(400, Kind.VALIDATION, "The feed has no such mode."),
    "invalid_cursor": Entry(
        400, Kind.VALIDATION, "The cursor was not made by this feed. Start from the first page."
    ),
    "unknown_channel": Entry(400, Kind.VALIDATION, "There is no such channel."),
    "unknown_timezone": Entry(400, Kind.VALIDATION, "The time zone is not in the IANA list."),
    "unknown_currency": Entry(400, Kind.VALIDATION, "The currency is not in the table of currencies."),
    "unknown_job_type": Entry(400, Kind.VALIDATION, "No worker knows this job type."),
    "body_too_large": Entry(413, Kind.VALIDATION, "The request body is larger than this address accepts."),
    "unsupported_media_type": Entry(
        415, Kind.VALIDATION, "The request body is of a type that is not accepted here."
    ),
    "cross_site": Entry(403, Kind.FORBIDDEN, "The request came from another site."),
    # who asked
    "not_signed_in": Entry(401, Kind.AUTH, "Sign in to do this."),
    "wrong_credentials": Entry(401, Kind.AUTH, "The name or the password is wrong."),
    "link_used": Entry(410, Kind.AUTH, "This link was used already or has expired. Make a new one."),
    "forbidden": Entry(403, Kind.FORBIDDEN, "You may not do this."),
    "not_found": Entry(404, Kind.FORBIDDEN, "There is nothing here that you may see."),
    "method_not_allowed": Entry(405, Kind.VALIDATION, "This address does not take that method."),
    # what stands in the way
    "cursor_expired": Entry(
        410, Kind.CONFLICT, "The page you came from is no longer kept. Start from the top."
    ),
    "conflict": Entry(409, Kind.CONFLICT, "This clashes with what is there already."),
    "idempotency_mismatch": Entry(409, Kind.CONFLICT, "The key was used before with another content."),
    "cart_empty": Entry(409, Kind.CONFLICT, "The cart is empty."),
    "sold_out": Entry(409, Kind.CONFLICT, "Something is not to be had any more, or not so many."),
    "order_not_payable": Entry(409, Kind.CONFLICT, "The order cannot be paid in its present state."),
    "invalid_transition": Entry(409, Kind.CONFLICT, "The event is not in a state that allows this."),
    "append_only": Entry(409, Kind.CONFLICT, "Events are never changed. Write a transition instead."),
    "invalid_job_state": Entry(409, Kind.CONFLICT, "The job is not in a state that allows this."),
    "lease_lost": Entry(409, Kind.CONFLICT, "The job belongs to another worker by now."),
    "retry_transaction": Entry(409, Kind.CONFLICT, "Two writers met. Try the same request again."),
    "rate_limited": Entry(429, Kind.RATE_LIMIT, "Too many requests. Wait a little and try again."),
    # ours
    "unavailable": Entry(503, Kind.UNAVAILABLE, "The service is not ready. Try again in a moment."),
    "database_timeout": Entry(503, Kind.UNAVAILABLE, "The database took too long. Try again in a moment."),
    "internal": Entry(500, Kind.UNKNOWN, "Something went wrong on our side."),
}


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An answer other than success: a code of the table, with what is particular to this case."""

    def __init__(
        self,
        code: str,
        message: str | None = None,
        *,
        details: Any = None,
        hint: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        entry = ERRORS[code]
        super().__init__(message or entry.title)
        self.code = code
        self.status = entry.status
        self.kind = entry.kind
        self.title = entry.title
        self.message = message or entry.title
        self.details = details
        self.hint = hint
        self.headers = headers or {}
