"""Reference pages that cannot lie: written from the settings, the table of errors, the routes and the catalogue.

``bin/docs`` writes them; a test fails when a committed page differs from what the code says.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from litestar import Litestar
from msgspec import Struct

from rambla import settings as config
from rambla.errors import ERRORS
from rambla.kit.db import SERVICE, Database
from rambla.kit.queries import Queries
from rambla.settings import Settings

sql = Queries("rambla", "reference.sql")
_LINE: Final = 60
_NOTE: Final = "<!-- Written by bin/docs. Change the code, then run it again. -->\n"


class Function(Struct, frozen=True):
    """One function of the contract as the catalogue has it."""

    name: str
    arguments: str
    result: str
    volatility: str
    callers: list[str]
    purpose: str


class Access(Struct, frozen=True):
    """What one role may do to one table."""

    name: str
    role: str
    granted: str | None
    policies: list[str]


async def pages(app: Litestar, owner_url: str) -> dict[str, str]:
    """File name under ``docs/reference`` to content."""
    database = Database.at(owner_url, size=1)
    await database.open()
    try:
        async with database.transaction(SERVICE, read_only=True) as tx:
            functions = await tx.all(Function, sql.functions)
            access = await tx.all(Access, sql.access)
    finally:
        await database.close()
    return {
        "settings.md": settings_page(),
        "errors.md": errors_page(),
        "http.md": http_page(app),
        "sql.md": sql_page(functions),
        "access.md": access_page(access),
    }


def settings_page() -> str:
    lines = [
        "# Settings",
        "",
        "A flag beats an environment variable, which beats `rambla.toml` (or the file that `RAMBLA_CONFIG` names),",
        "which beats the default. `rambla config show --origin` tells where each value came from. An unknown key is an",
        "error that names the nearest one.",
        "",
        "| key | flag | environment | default | what it is |",
        "|---|---|---|---|---|",
    ]
    default = Settings()
    for key in Settings.__struct_fields__:
        flag = "--" + key.replace("_", "-")
        value = getattr(default, key)
        shown = f"`{value}`" if value != "" else "empty"
        lines.append(f"| `{key}` | `{flag}` | `{config.variable(key)}` | {shown} | {config.describe(key)} |")
    return _page(lines)


def errors_page() -> str:
    lines = [
        "# Errors",
        "",
        "Every error is a problem of RFC 9457 with `code`, `kind`, `message`, `details`, `hint` and `request_id`.",
        "SQL raises the same code in `detail` with the status in the SQLSTATE: `PT404` is 404.",
        "",
        "| code | status | kind | meaning |",
        "|---|---|---|---|",
    ]
    lines += [
        f'| <a id="{code}"></a>`{code}` | {entry.status} | `{entry.kind}` | {entry.title} |'
        for code, entry in sorted(ERRORS.items())
    ]
    return _page(lines)


def http_page(app: Litestar) -> str:
    lines = [
        "# HTTP",
        "",
        "Programs send `Authorization: Bearer ...`; people have a session cookie. `/openapi.json` has every field.",
        "",
        "| method | path | what it does |",
        "|---|---|---|",
    ]
    lines += [f"| {method} | `{path}` | {purpose} |" for path, method, purpose in sorted(_routes(app))]
    return _page(lines)


def sql_page(functions: Iterable[Function]) -> str:
    lines = [
        "# SQL",
        "",
        "The functions of schema `public`: the contract. It only grows; a changed meaning is a new name.",
        "Who may call says what is granted; the functions then check whose data it is.",
    ]
    for function in functions:
        lines += [
            "",
            f"## {function.name}",
            "",
            "```sql",
            f"{function.name}({_wrap(function.arguments)}) returns {function.result}",
            "```",
            "",
            function.purpose,
            "",
            f"{function.volatility.capitalize()}. May call: {', '.join(function.callers) or 'definer functions only'}.",
        ]
    return _page(lines)


def access_page(rows: Iterable[Access]) -> str:
    lines = [
        "# Access",
        "",
        "Who may do what to which table, as grants and row policies say it. `service_role` is not under row",
        "security but needs the grant. A table of schema `internal` or `auth` is reached by definer functions only.",
        "",
        "| table | role | granted | rows |",
        "|---|---|---|---|",
    ]
    for row in rows:
        rules = "<br>".join(f"`{' '.join(rule.split())}`" for rule in row.policies) or "none"
        seen = "all" if row.role == "service_role" else rules
        lines.append(
            f"| `{row.name}` | {row.role} | {row.granted or 'nothing'} | {seen if row.granted else ''} |"
        )
    return _page(lines)


def schema(owner_url: str, bin_dir: Path) -> str:
    """The whole database on one page, as pg_dump says it, less what differs from run to run."""
    dump = subprocess.run(
        [bin_dir / "pg_dump", "--schema-only", "--no-comments", "--schema=public", "--schema=internal",
         "--schema=auth", owner_url],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    kept = [
        line
        for line in dump.splitlines()
        if not re.match(r"^(--|set |select pg_catalog|\\(un)?restrict)", line, re.IGNORECASE)
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip() + "\n"


def release(owner_url: str, bin_dir: Path) -> str:
    """A database as this release makes it, for psql: what later releases are upgraded from in their tests."""
    dump = subprocess.run(
        [bin_dir / "pg_dump", "--no-comments", owner_url], capture_output=True, text=True, check=True
    ).stdout
    # Words of the newest pg_dump that the oldest supported server does not know.
    return re.sub(r"^(SET transaction_timeout|\\(un)?restrict).*\n", "", dump, flags=re.MULTILINE)


def _routes(app: Litestar) -> Iterable[tuple[str, str, str]]:
    for route in app.routes:
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items():
            if method not in ("OPTIONS", "HEAD") and not route.path.startswith(("/static", "/openapi")):
                yield route.path, method, _purpose(handler)


def _purpose(handler: Any) -> str:
    text = (handler.fn.__doc__ or "").strip()
    return " ".join(text.split("\n\n")[0].split())


def _wrap(arguments: str) -> str:
    if len(arguments) <= _LINE:
        return arguments
    return "\n    " + arguments.replace(", p_", ",\n    p_") + "\n"


def _page(lines: list[str]) -> str:
    return _NOTE + "\n".join(lines) + "\n"
