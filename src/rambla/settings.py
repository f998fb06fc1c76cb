"""What an operator may set, each once: flag, environment variable and key of ``rambla.toml`` bear one name.

``--mail-from``, ``RAMBLA_MAIL_FROM`` and ``mail_from`` are the same setting. The few names that the world has
agreed on (``DATABASE_URL``, ``REDIS_URL``, ``SENTRY_DSN``, ``SMTP_URL``) stand without the prefix.
"""

from __future__ import annotations

import difflib
import tomllib
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

WORLDWIDE: Final = {"database_url", "database_replica_url", "redis_url", "sentry_dsn", "smtp_url"}
SECRET: Final = {
    "database_url",
    "database_owner_url",
    "database_direct_url",
    "database_replica_url",
    "redis_url",
    "sentry_dsn",
    "smtp_url",
}
NOT_SETTINGS: Final = {"RAMBLA_CONFIG"}  # says where the file is, so it cannot stand in the file


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read once, at the composition root, and handed down."""

    data_dir: Annotated[
        str, Meta(description="Folder of the embedded PostgreSQL and of mail that no server takes.")
    ] = "data"
    database_url: Annotated[
        str,
        Meta(description="PostgreSQL for requests and jobs, pooler allowed; empty means the embedded one."),
    ] = ""
    database_owner_url: Annotated[
        str, Meta(description="PostgreSQL login for migrations; empty means the same as database_url.")
    ] = ""
    database_direct_url: Annotated[
        str, Meta(description="PostgreSQL past any pooler, for LISTEN; empty means the same as database_url.")
    ] = ""
    database_replica_url: Annotated[
        str,
        Meta(
            description="A hot standby that pages of the feed are read from when it is not behind; empty: none."
        ),
    ] = ""
    database_pool_size: Annotated[
        int,
        Meta(
            ge=1,
            le=500,
            description="Connections that one process keeps to PostgreSQL. Others besides: a worker up to five, "
            "a web process those for pages and one to listen.",
        ),
    ] = 10
    database_page_connections: Annotated[
        int,
        Meta(
            ge=1,
            le=500,
            description="Connections of a web process that only read pages of the feed. Few find more in the "
            "processor's caches; more are for a PostgreSQL with many cores, or one that waits for its disk.",
        ),
    ] = 4
    redis_url: Annotated[
        str, Meta(description="Redis or Valkey that processes share; empty means memory and PostgreSQL.")
    ] = ""
    page_cache_mb: Annotated[
        int, Meta(ge=0, description="Megabytes of pages of the feed that one process remembers; 0: none.")
    ] = 64
    reads_per_minute: Annotated[
        int, Meta(ge=1, description="Requests that only read which one person may make in a minute.")
    ] = 600
    host: Annotated[str, Meta(description="Address that the web server listens on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port that the web server listens on.")] = 8000
    base_url: Annotated[
        str, Meta(description="Address that people type; links and cookies follow it. Empty: host and port.")
    ] = ""
    web_processes: Annotated[int, Meta(ge=1, le=256, description="Web server processes.")] = 1
    trusted_proxies: Annotated[
        str, Meta(description="Comma-separated addresses whose X-Forwarded-For is believed.")
    ] = ""
    job_concurrency: Annotated[
        int, Meta(ge=1, le=10_000, description="Jobs that one worker process runs at once.")
    ] = 50
    job_queues: Annotated[str, Meta(description="Comma-separated queues that a worker serves.")] = (
        "critical,default,bulk"
    )
    job_grace: Annotated[
        float, Meta(ge=0, description="Seconds that a stopping worker gives its running jobs.")
    ] = 20.0
    worker_processes: Annotated[
        int, Meta(ge=1, le=256, description="Worker processes: one uses one core for Python code.")
    ] = 1
    worker_port: Annotated[
        int,
        Meta(
            ge=0,
            le=65535,
            description="Port for /livez, /readyz and /metrics of a worker, the next for its second process; 0: none.",
        ),
    ] = 0
    smtp_url: Annotated[
        str, Meta(description="smtp:// or smtps:// server; empty means mail is written to data_dir/mail.")
    ] = ""
    mail_from: Annotated[str, Meta(description="Sender of e-mail.")] = "Rambla <hello@localhost>"
    sentry_dsn: Annotated[str, Meta(description="Where errors are reported; empty means nowhere.")] = ""
    log_format: Annotated[
        Literal["console", "json"], Meta(description="console for people, json for machines.")
    ] = "console"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="The least that is logged.")
    ] = "info"
    rate_limits: Annotated[
        bool, Meta(description="Whether requests are limited. Turn off only for a load test.")
    ] = True
    extensions: Annotated[
        str, Meta(description="Comma-separated Python modules that add sources and scorers to the feed.")
    ] = ""
    demo: Annotated[bool, Meta(description="Whether an empty database gets the demo world.")] = True


class Origin(NamedTuple):
    """One setting, its value, and where that came from."""

    key: str
    value: Any
    origin: str


class SettingsError(Exception):
    """One sentence that says which setting is wrong and what to do."""


def load(
    flags: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> tuple[Settings, list[Origin]]:
    """Merge the sources; a flag beats the environment, which beats the file, which beats the default."""
    layers = [
        ("flag", {k: v for k, v in (flags or {}).items() if v is not None}),
        ("environment", _from_environment(environ or {})),
        (str(file), _from_file(file) if file else {}),
    ]
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, values in reversed(layers):
        for key, value in values.items():
            _check_known(key, origin)
            merged[key] = _parse(key, value, origin)
            origins[key] = f"environment {variable(key)}" if origin == "environment" else origin
    settings = Settings(**merged)
    return settings, [
        Origin(key, getattr(settings, key), origins.get(key, "default")) for key in Settings.__struct_fields__
    ]


def variable(key: str) -> str:
    """Name of the environment variable for a key."""
    return key.upper() if key in WORLDWIDE else f"RAMBLA_{key.upper()}"


def describe(key: str) -> str:
    """The sentence that documents a key."""
    annotation = typing.get_type_hints(Settings, include_extras=True)[key]
    return next(m.description for m in annotation.__metadata__ if isinstance(m, Meta) and m.description)


def environment(settings: Settings) -> dict[str, str]:
    """The variables from which ``load`` gives the same settings again: how a child process gets them."""
    default = Settings()
    values = {key: getattr(settings, key) for key in Settings.__struct_fields__}
    changed = {key: value for key, value in values.items() if value != getattr(default, key)}
    return {
        variable(key): str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in changed.items()
    }


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    named = {variable(key): key for key in Settings.__struct_fields__}
    found: dict[str, str] = {}
    for name, value in environ.items():
        if name in named:
            found[named[name]] = value
        elif name.startswith("RAMBLA_") and name not in NOT_SETTINGS and not name.startswith("RAMBLA_TEST_"):
            raise SettingsError(_unknown(name, list(named), "environment"))
    return found


def _from_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text())
    except FileNotFoundError:
        raise SettingsError(f"There is no settings file {file}.") from None
    except OSError as error:
        raise SettingsError(f"The settings file {file} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file} is not valid TOML: it is not UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} is not valid TOML: {error}.") from None


def _check_known(key: str, origin: str) -> None:
    if key not in Settings.__struct_fields__:
        raise SettingsError(_unknown(key, Settings.__struct_fields__, origin))


def _unknown(name: str, names: typing.Sequence[str], origin: str) -> str:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0)[0]
    return f"There is no setting {name} ({origin}); did you mean {near}?"


def _parse(key: str, value: Any, origin: str) -> Any:
    annotation = typing.get_type_hints(Settings, include_extras=True)[key]
    base = typing.get_args(annotation)[0]
    if base is bool and isinstance(value, str):
        value = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(
            value.lower(), value
        )
    try:
        return msgspec.convert(value, annotation, strict=isinstance(base, types.GenericAlias))
    except msgspec.ValidationError as error:
        raise SettingsError(f"The setting {key} ({origin}) is wrong: {error}.") from None
