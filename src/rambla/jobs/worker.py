"""A worker process: claims, runs, reports, beats, and stops without losing or burning anything."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, NamedTuple, TypedDict, Unpack
from uuid import uuid4

import msgspec

from rambla.errors import Problem
from rambla.jobs import cron, metrics, vitals
from rambla.jobs.claims import Claims
from rambla.jobs.crew import Crew
from rambla.jobs.heart import SILENCE, Heart
from rambla.jobs.outcomes import Failed, Released, Report
from rambla.jobs.registry import Registry
from rambla.jobs.reports import TRANSIENT, Reports
from rambla.jobs.run import Runs
from rambla.jobs.types import Claimed
from rambla.jobs.upkeep import Upkeep
from rambla.kit import log, loop
from rambla.kit.db import SERVICE, Database
from rambla.kit.pubsub import Hub
from rambla.kit.queries import Queries

sql = Queries("rambla.jobs")

CHANNEL: Final = "jobs"
QUEUE_CONNECTIONS: Final = (
    3  # claim, report, upkeep: handlers that hold every other connection cannot stop them
)
STUCK: Final = 60.0  # seconds that the loop may stand still before the process is not called alive
# Seconds after which a connection that does not answer is taken for half-open. Claims, reports and chores take
# milliseconds; a beat has to come through on another connection before the lease is over.
PATIENCE: Final = 15.0
BEAT_PATIENCE: Final = 3.0
_LAST_WORDS: Final = 5.0


class Connections(NamedTuple):
    """Apart, so that handlers which hold every connection of theirs stop neither claims nor the heart."""

    queue: Database
    handlers: Database
    pulse: Database
    hub: Hub


class Worker:
    """One worker, with an id that no other process and no later start of this one has."""

    def __init__(
        self,
        connections: Connections,
        registry: Registry,
        *,
        queues: Sequence[str],
        concurrency: int,
        grace: float,
        sample: bool = False,
    ) -> None:
        queue, handlers, pulse, hub = connections
        self.id = uuid4()
        self.registered = asyncio.Event()  # set once its types and schedules stand in the database
        self._queue = queue
        self._hub = hub
        self._registry = registry
        self._queues = list(queues)
        self._grace = grace
        self._reports = Reports(queue, self.id)
        self._crew = Crew(Runs(registry, handlers, self.id), self._reports.add, size=concurrency)
        self._claims = Claims(queue, self._crew, self._reports, worker_id=self.id, queues=self._queues)
        self._upkeep = Upkeep(queue, sample=sample)
        self._turned = time.monotonic()
        self._stopping = False
        self._heart = Heart(
            pulse,
            worker_id=self.id,
            concurrency=concurrency,
            queues=self._queues,
            job_types=list(registry.types),
            held=self._held,
            lost=self._crew.lose,
        )

    async def run(self, stop: asyncio.Event, hurry: asyncio.Event | None = None) -> None:
        """Work until ``stop``; then give what runs the grace, and at ``hurry`` none of it."""
        await self._register(stop)
        self._heart.start()
        log.get().info(
            "worker.started", worker_id=str(self.id), queues=self._queues, types=len(self._registry.types)
        )
        with contextlib.ExitStack() as stack:
            mailbox = stack.enter_context(self._hub.subscribe(CHANNEL, *self._queues))
            crew = self._crew.start()
            reports = asyncio.create_task(self._reports.run(), name="reports")
            claims = asyncio.create_task(self._claims.run(mailbox), name="claims")
            upkeep = asyncio.create_task(self._upkeep.run(), name="upkeep")
            guard = asyncio.create_task(self._guard(), name="guard")
            try:
                await _first(asyncio.create_task(stop.wait()), claims, reports, upkeep, guard, *crew)
            finally:
                self._stopping = True
                self._claims.stop()
                await asyncio.wait([claims], timeout=_LAST_WORDS)
                await _cancel([claims, upkeep])
                await self._wind_down(hurry or asyncio.Event())  # guarded: it may be cut off meanwhile too
                await _cancel([guard])
                self._crew.close()
                await _cancel(crew)
                await self._say_goodbye()
                await _cancel([reports])
        log.get().info("worker.stopped", worker_id=str(self.id))

    def not_alive(self) -> str | None:
        """A new process would help, because this one does nothing but run a handler that never lets go."""
        stuck = time.monotonic() - self._turned
        return (
            f"A handler has kept the loop for {stuck:.0f} s."
            if stuck > STUCK and not self._stopping
            else None
        )

    def not_ready(self) -> str | None:
        if self._stopping:
            return "The worker is stopping."
        if self._heart.silent > SILENCE:
            return f"No heartbeat has arrived for {self._heart.silent:.0f} s: is the database there?"
        return None

    async def _register(self, stop: asyncio.Event) -> None:
        """However long the database is away: a worker that starts while it restarts would not come again by itself."""
        for schedule in self._registry.schedules.values():
            cron.check(schedule.cron, schedule.timezone)
        types, schedules = (msgspec.json.encode(rows).decode() for rows in self._registry.rows())
        while not (stop.is_set() or self.registered.is_set()):
            try:
                async with self._queue.transaction(SERVICE) as tx:
                    await tx.run(sql.register, types=types, schedules=schedules)
                self.registered.set()
            except Problem as problem:
                if problem.code not in TRANSIENT:
                    raise
                log.get().warning("worker.register_failed", code=problem.code)
                self._turned = time.monotonic()  # the loop turns, it is the database that does not
                await asyncio.sleep(0.5)

    async def _guard(self) -> None:
        """A worker that nobody hears stops its runs before others begin them again."""
        while True:
            await asyncio.sleep(1)
            self._turned = time.monotonic()
            metrics.SILENT.set(self._heart.silent)
            if self._heart.silent > SILENCE:
                self._crew.interrupt_all(_unheard)

    async def _wind_down(self, hurry: asyncio.Event) -> None:
        """What has not started goes back at once, what runs gets its time, the rest goes back too."""
        self._crew.give_back()
        await self._idle(self._grace, hurry)
        self._crew.interrupt_all(Released)
        await self._idle(_LAST_WORDS, asyncio.Event())  # a cancelled handler may have something to put away

    async def _idle(self, seconds: float, hurry: asyncio.Event) -> None:
        either = [asyncio.create_task(self._crew.idle.wait()), asyncio.create_task(hurry.wait())]
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        await _cancel(either)

    async def _say_goodbye(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS):
                await self._reports.flush()
        await self._heart.stop()  # first, or a last beat would come after the goodbye and make it look alive
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS):
                await self._leave()

    async def _leave(self) -> None:
        """Without it the others wait for the lease to end. The connection may have died while nobody looked."""
        while True:
            try:
                async with self._queue.transaction(SERVICE) as tx:
                    await tx.run(sql.leave, worker_id=self.id)
            except Problem as problem:
                if problem.code not in TRANSIENT:
                    raise
                log.get().warning("worker.leave_failed", code=problem.code)
                await asyncio.sleep(0.1)
            else:
                return

    def _held(self) -> tuple[list[int], list[int]]:
        # Called from the heart's thread: one copy first, as the worker goes on changing it.
        held = list(self._reports.held.items())
        return [id_ for id_, _ in held], [run_no for _, run_no in held]


def run(url: str, registry: Registry, **options: Unpack[Options]) -> None:
    """Work until SIGTERM or SIGINT; a second one ends the grace."""

    async def work() -> None:
        stop, hurry = _signals()
        address = options.get("host", "127.0.0.1"), options.get("port", 0)
        async with connected(url, registry, **options) as worker:
            with vitals.served(*address, alive=worker.not_alive, ready=worker.not_ready):
                await worker.run(stop, hurry)

    loop.run(work())


class Options(TypedDict, total=False):
    """How a worker works."""

    direct_url: str  # past a transaction pooler, for LISTEN; empty when there is none
    queues: Sequence[str]
    concurrency: int
    grace: float
    pool_size: int
    host: str
    port: int  # for its vitals; 0 is none


@contextlib.asynccontextmanager
async def connected(url: str, registry: Registry, **options: Unpack[Options]) -> AsyncIterator[Worker]:
    """A worker and its connections."""
    direct_url = options.get("direct_url", "")
    prepare = not direct_url
    queue = Database.at(url, size=QUEUE_CONNECTIONS, prepare=prepare, patience=PATIENCE)
    handlers = Database.at(url, size=options.get("pool_size", 10), prepare=prepare)
    pulse = Database.at(
        url, size=1, prepare=prepare, patience=BEAT_PATIENCE
    )  # opened by the heart, on the loop of its thread
    hub = Hub(direct_url or url, channels=(CHANNEL,))
    await queue.open()
    await handlers.open()
    hub.start()
    try:
        yield Worker(
            Connections(queue, handlers, pulse, hub), registry, queues=options.get("queues", ("default",)),
            concurrency=options.get("concurrency", 50), grace=options.get("grace", 20.0),
            sample=options.get("port", 0) > 0,
        )  # fmt: skip
    finally:
        await hub.stop()
        await handlers.close()
        await queue.close()


@contextlib.asynccontextmanager
async def working(url: str, registry: Registry, **options: Unpack[Options]) -> AsyncIterator[Worker]:
    """A worker that runs in this process for as long as the block lasts; options are those of ``connected``."""
    stop = asyncio.Event()
    async with connected(url, registry, **options) as worker:
        run = asyncio.create_task(worker.run(stop))
        try:
            yield worker
        finally:
            stop.set()
            await run


def _signals() -> tuple[asyncio.Event, asyncio.Event]:
    stop, hurry = asyncio.Event(), asyncio.Event()

    def handle() -> None:
        if stop.is_set():
            hurry.set()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, handle)
    return stop, hurry


async def _first(*tasks: asyncio.Task[object]) -> None:
    """Wait for any; an error in one is the worker's error, because it could not work without it."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


async def _cancel(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:  # not for ever: a handler may refuse to be cancelled
        await asyncio.wait(tasks, timeout=_LAST_WORDS)


def _unheard(claimed: Claimed, seconds: float) -> Report:
    return Failed(claimed, seconds, f"The worker could not reach the database for {SILENCE:.0f} s.", "lost")
