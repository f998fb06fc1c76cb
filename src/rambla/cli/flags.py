"""Every setting as a flag of every command."""

from __future__ import annotations

import os
import signal
import sys
import typing
from dataclasses import field, make_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from rambla import settings as config
from rambla.kit import log
from rambla.processes import die_with_parent
from rambla.settings import Settings

if TYPE_CHECKING:

    class Values:
        """Every setting as an optional flag."""

else:

    def _flag(key: str) -> tuple[str, Any, Any]:
        base = typing.get_args(typing.get_type_hints(Settings, include_extras=True)[key])[0]
        return (
            key,
            Annotated[base | None, Parameter(help=config.describe(key), show_default=False)],
            field(default=None),
        )

    Values = make_dataclass("Values", [_flag(key) for key in Settings.__struct_fields__], kw_only=True)
    Values.__module__ = __name__  # dataclasses says "types", whose classes cyclopts takes for scalars

Flags = Annotated[Values | None, Parameter(name="*", group="Settings")]
Lifeline = Annotated[int | None, Parameter(show=False)]


def settings_from(flags: Flags, **more: Any) -> Settings:
    """``more`` are flags that one command has besides; they count when they are given."""
    settings, _ = load(flags, **more)
    log.configure(style=settings.log_format, level=settings.log_level)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that "with" blocks clean up
    return settings


def load(flags: Flags, **more: Any) -> tuple[Settings, list[config.Origin]]:
    named = os.environ.get("RAMBLA_CONFIG")
    file = Path(named or "rambla.toml")
    return config.load(
        (vars(flags) if flags else {}) | {key: value for key, value in more.items() if value is not None},
        os.environ,
        file if named or file.exists() else None,
    )


def live_with(lifeline: int | None) -> None:
    if lifeline is not None:
        die_with_parent(lifeline)
