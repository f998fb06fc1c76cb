"""``/docs``: what programs may ask for, and what the errors mean, from the same tables that answer."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, Response, get
from msgspec import Struct

from rambla import openapi
from rambla.auth import viewer as viewers
from rambla.errors import ERRORS
from rambla.kit.calls import Functions
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages

AnyRequest = Request[Any, Any, Any]
_METHODS: Final = ("get", "post", "put", "patch", "delete")


class Field(Struct, frozen=True, kw_only=True):
    name: str
    place: str
    type: str
    required: bool
    about: str


class Operation(Struct, frozen=True, kw_only=True):
    id: str
    method: str
    path: str
    purpose: list[str]
    fields: list[Field]


@get("/docs", include_in_schema=False)
async def reference(
    request: AnyRequest, caller: Caller, db: Database, pages: Pages, functions: Functions
) -> Response[bytes]:
    """The HTTP reference, drawn from /openapi.json."""
    schema = await openapi.describe(request.app, functions)
    async with db.transaction(caller, read_only=True) as tx:
        viewer = await viewers.load(tx)
    return pages.render(request, "docs/api.html", viewer=viewer, groups=_groups(schema))


@get("/docs/errors", include_in_schema=False)
async def errors(request: AnyRequest, caller: Caller, db: Database, pages: Pages) -> Response[bytes]:
    """Every code that a problem can have."""
    async with db.transaction(caller, read_only=True) as tx:
        viewer = await viewers.load(tx)
    return pages.render(request, "docs/errors.html", viewer=viewer, errors=sorted(ERRORS.items()))


HANDLERS: Final = [reference, errors, openapi.document]


def _groups(schema: openapi.Schema) -> dict[str, list[Operation]]:
    """By the noun that the path begins with; health and functions after the nouns."""
    groups: dict[str, list[Operation]] = {}
    for path, item in sorted(
        schema["paths"].items(), key=lambda entry: (not entry[0].startswith("/v1"), entry[0])
    ):
        parts = path.strip("/").split("/")
        noun = parts[1] if parts[0] == "v1" else "functions" if parts[0] == "rpc" else "health"
        groups.setdefault(noun, []).extend(
            _operation(schema, path, method, item[method]) for method in _METHODS if method in item
        )
    return groups


def _operation(schema: openapi.Schema, path: str, method: str, operation: openapi.Schema) -> Operation:
    parameters = [
        Field(
            name=p["name"],
            place=p["in"],
            type=_type(schema, p["schema"]),
            required=p.get("required", False),
            about=p.get("description", ""),
        )
        for p in operation.get("parameters", [])
    ]
    content = operation.get("requestBody", {}).get("content", {})
    bodies = [_resolve(schema, media["schema"]) for media in content.values()]
    members = [
        Field(
            name=name,
            place="body",
            type=_type(schema, member),
            required=name in body.get("required", []),
            about=member.get("description", ""),
        )
        for body in bodies
        for name, member in body.get("properties", {}).items()
    ]
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        purpose=operation.get("description", "").split("\n\n"),
        fields=parameters + members,
    )


def _resolve(schema: openapi.Schema, part: openapi.Schema) -> openapi.Schema:
    if "$ref" not in part:
        return part
    found: openapi.Schema = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    return found


def _type(schema: openapi.Schema, part: openapi.Schema) -> str:
    """In words: ``integer 1 to 100``, ``one of sent, read``, ``list of uuid``."""
    part = _resolve(schema, part)
    if options := part.get("oneOf") or part.get("anyOf"):
        return " or ".join(dict.fromkeys(_type(schema, option) for option in options))
    if "enum" in part:
        return "one of " + ", ".join(str(value) for value in part["enum"] if value is not None)
    names = part.get("type", "anything")
    name = " or ".join(names) if isinstance(names, list) else str(names)
    if "items" in part:
        name = name.replace("array", f"list of {_type(schema, part['items'])}")
    bounds = f" {part['minimum']} to {part['maximum']}" if "minimum" in part and "maximum" in part else ""
    return (name.replace("string", part["format"]) if part.get("format") == "uuid" else name) + bounds
