"""One run of one job: payload to handler to report."""

from __future__ import annotations

import datetime as dt
import time
import traceback
from typing import Final
from uuid import UUID

import msgspec

from rambla.errors import Problem
from rambla.jobs.context import JobContext
from rambla.jobs.outcomes import (
    Cancel,
    Cancelled,
    Completed,
    Failed,
    Report,
    Settled,
    Snooze,
    Snoozed,
)
from rambla.jobs.registry import JobType, Registry
from rambla.jobs.threads import in_thread
from rambla.jobs.types import Claimed
from rambla.kit.db import Database

_FRAMES: Final = 12  # of a traceback: enough to find the line, little enough to read


class Runs:
    """Runs what was claimed with the handlers of a registry."""

    def __init__(
        self, registry: Registry, database: Database, worker_id: UUID, *, at: dt.datetime | None = None
    ) -> None:
        """``at`` is the time of a test; the database's own holds otherwise."""
        self._types = registry.types
        self._decoders = {t.name: msgspec.json.Decoder(t.payload) for t in registry.types.values()}
        self._database = database
        self._worker_id = worker_id
        self._at = at

    def timeout(self, claimed: Claimed) -> float:
        job_type = self._types.get(claimed.job_type)
        return job_type.timeout if job_type else 0.0

    def context(self, claimed: Claimed) -> JobContext:
        return JobContext(self._database, claimed, self._worker_id, at=self._at)

    async def run(self, claimed: Claimed, context: JobContext) -> Report:
        """Never raises for what a handler does, only when this run is interrupted."""
        job_type = self._types.get(claimed.job_type)
        if job_type is None:
            return Failed(claimed, 0.0, f"This worker has no handler for the job type {claimed.job_type}.")
        try:
            payload = self._decoders[claimed.job_type].decode(claimed.payload)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a struct of the handler's may raise anything
            return Failed(claimed, 0.0, _unfit(job_type, error), final=True)  # no retry would mend it
        started = time.perf_counter()
        try:
            if job_type.is_async:
                result = await job_type.handler(context, payload)  # type: ignore[misc]  # is_async says so
            else:
                result = await in_thread(lambda: job_type.handler(context, payload))
            encoded = None if result is None else msgspec.json.encode(result).decode()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a handler raises is a report
            return _report(claimed, context, job_type, error, time.perf_counter() - started)
        seconds = time.perf_counter() - started
        return Settled(claimed, seconds) if context.settled else Completed(claimed, seconds, encoded)


def _report(
    claimed: Claimed, context: JobContext, job_type: JobType, error: BaseException, seconds: float
) -> Report:
    if context.settled:  # it has committed as completed; what came after cannot undo that
        return Settled(claimed, seconds, "failed_after_completion")
    if isinstance(error, Snooze):
        return Snoozed(claimed, seconds, error.seconds)
    if isinstance(error, Cancel):
        return Cancelled(claimed, seconds, _storable(error.reason))
    if isinstance(error, Problem) and error.code == "lease_lost":
        return Settled(claimed, seconds, "lease_lost")
    return Failed(claimed, seconds, describe(error), final=isinstance(error, job_type.no_retry))


def _unfit(job_type: JobType, error: BaseException) -> str:
    why = str(error) if isinstance(error, msgspec.MsgspecError) else _summary(error)
    return _storable(f"The payload does not fit {job_type.payload.__name__}: {why}")


def describe(error: BaseException) -> str:
    """The error first, as lists show one line of it; then the end of its traceback."""
    summary = _summary(error)
    frames = "".join(traceback.format_tb(error.__traceback__)[-_FRAMES:])
    return _storable(f"{summary}\n\n{frames}".strip())


def _summary(error: BaseException) -> str:
    return "".join(traceback.format_exception_only(error)).strip()


def _storable(text: str) -> str:
    """PostgreSQL takes neither NUL nor half of a surrogate pair, and one such report would hold up its batch."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
