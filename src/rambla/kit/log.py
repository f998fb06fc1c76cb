"""One log line is an event name and its facts; who and which request stand on every line."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
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
    root = logging.getLogger()
    if not any(isinstance(handler, _Librarian) for handler in root.handlers):
        root.addHandler(_Librarian(logging.WARNING))


class _Librarian(logging.Handler):
    """What libraries have to say, in lines like our own."""

    def emit(self, record: logging.LogRecord) -> None:
        get().log(
            record.levelno, "library", logger=record.name, said=record.getMessage(), exc_info=record.exc_info
        )


def get() -> structlog.typing.FilteringBoundLogger:
    return _bound() if structlog.is_configured() else structlog.get_logger()


def begin(**facts: Any) -> None:
    """From here on the lines of this task say this, and nothing of what was bound before."""
    _FACTS.set(facts)


def add(**facts: Any) -> None:
    """From here on the lines of the innermost ``bound`` say this too."""
    _FACTS.get({}).update(facts)


class bound:  # noqa: N801 - reads as what it does, like the context managers of contextlib
    """Every line of the block says so too. By hand, because every request enters one."""

    __slots__ = ("_facts", "_token")

    def __init__(self, **facts: Any) -> None:
        self._facts = facts

    def __enter__(self) -> None:
        self._token = _FACTS.set({**_FACTS.get({}), **self._facts})

    def __exit__(self, *_: object) -> None:
        _FACTS.reset(self._token)


# Made once: structlog would put one together for every line, and every request writes one.
@cache
def _bound() -> structlog.typing.FilteringBoundLogger:
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger().bind()
    return logger


def _add_facts(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**_FACTS.get({}), **event}


def _json(event: Any, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()
