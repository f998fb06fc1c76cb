"""One log line is an event name and its facts; who and which request stand on every line."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

import msgspec
import structlog

_FACTS: Final[ContextVar[dict[str, Any]]] = ContextVar("facts")


def configure(*, style: str, level: str) -> None:
    """Set up once per process, at its entry."""
    shared: list[structlog.types.Processor] = [
        _add_facts,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    # Never the local variables: a bearer token is one of them, and to format them all takes seconds.
    bare = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    renderer: list[structlog.types.Processor] = (
        [structlog.processors.ExceptionRenderer(bare), structlog.processors.JSONRenderer(_json)]
        if style == "json"
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    _bound.cache_clear()


def get() -> structlog.typing.FilteringBoundLogger:
    return _bound() if structlog.is_configured() else structlog.get_logger()


def begin(**facts: Any) -> None:
    """From here on the lines of this task say this, and nothing of what was bound before."""
    _FACTS.set(facts)


@contextmanager
def bound(**facts: Any) -> Iterator[None]:
    """Every line of the block says so too."""
    token = _FACTS.set({**_FACTS.get({}), **facts})
    try:
        yield
    finally:
        _FACTS.reset(token)


# Made once: structlog would put one together for every line, and every request writes one.
@cache
def _bound() -> structlog.typing.FilteringBoundLogger:
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger().bind()
    return logger


def _add_facts(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**_FACTS.get({}), **event}


def _json(event: Any, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()
