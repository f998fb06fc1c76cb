"""PostgreSQL's errors as rows of the table of errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg_pool import PoolTimeout, TooManyRequests

from rambla.errors import ERRORS, Problem

# The meanings follow PostgREST's table, so that a function answers alike behind either.
_BY_STATE: Final = {
    "22P02": "invalid_input",
    "23502": "invalid_input",
    "23503": "not_found",
    "23505": "conflict",
    "23514": "invalid_value",
    "23P01": "conflict",
    "25006": "unavailable",  # reads only: what is failed over from, or not yet failed over to
    "25P03": "database_timeout",  # it idled in a transaction
    "40001": "retry_transaction",
    "40P01": "retry_transaction",
    "42501": "forbidden",
    "55P03": "database_timeout",
    "57014": "database_timeout",
}
_BY_CLASS: Final = {
    "08": "unavailable",
    "22": "invalid_value",
    "53": "unavailable",
    "54": "invalid_value",  # past a limit of the server, such as JSON of too many levels
    "57": "unavailable",
}


@contextmanager
def translate() -> Iterator[None]:
    """Raise a ``Problem`` for what the database refuses."""
    try:
        yield
    except psycopg.Error as error:
        raise problem_of(error) from error
    except (PoolTimeout, TooManyRequests) as error:
        raise Problem("unavailable", headers={"Retry-After": "1"}) from error


def problem_of(error: psycopg.Error) -> Problem:
    """The table's row for one error; what it does not know is ``internal`` and keeps its text to the log."""
    state = error.sqlstate
    diagnosis = error.diag
    if state is None:  # nothing was sent
        return Problem(_unsent(error))
    if state.startswith("PT") and diagnosis.message_detail in ERRORS:
        return Problem(
            diagnosis.message_detail, diagnosis.message_primary, hint=diagnosis.message_hint, details=None
        )
    code = _BY_STATE.get(state) or _BY_CLASS.get(state[:2], "internal")
    details = {"constraint": diagnosis.constraint_name} if diagnosis.constraint_name else None
    return Problem(code, details=details)


def _unsent(error: psycopg.Error) -> str:
    if isinstance(error, psycopg.OperationalError):
        return "unavailable"
    # A text that PostgreSQL cannot hold, such as one with a NUL in it.
    return "invalid_input" if isinstance(error, psycopg.DataError) else "internal"
