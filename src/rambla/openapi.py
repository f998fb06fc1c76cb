"""``/openapi.json``: every address for programs, with the contract functions spelled out one by one."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from litestar import Litestar, Request, Response, Router, get
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler

from rambla import __version__, rpc
from rambla.auth.guards import admin, signed_in
from rambla.errors import ERRORS, Kind
from rambla.kit.calls import Function, Functions

Schema = dict[str, Any]

_PROGRAMS: Final = ("/v1", "/rpc", "/livez", "/readyz", "/metrics")
_RPC: Final = "/rpc/{function}"
_PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "RFC 9457. The code is the one to act on; the page that type leads to explains it.",
    "required": ["type", "title", "status", "code", "kind", "message", "details", "hint", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(ERRORS)},
        "kind": {"type": "string", "enum": sorted(Kind)},
        "message": {"type": "string"},
        "details": {},
        "hint": {"type": ["string", "null"]},
        "request_id": {"type": "string"},
    },
}
_SCHEMES: Final[Schema] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of POST /v1/sessions."},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "rambla_session",
        "description": "The browser's session; over https its name begins with __Host-.",
    },
}
_ANSWERS: Final[Schema] = {
    "default": {
        "description": "A problem.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
_SIGNED_IN: Final[list[Schema]] = [{"bearer": []}, {"cookie": []}]
# What json_to_record accepts for the types that arguments have.
_TYPES: Final[dict[str, Schema]] = {
    "bigint": {"type": "integer", "format": "int64"},
    "boolean": {"type": "boolean"},
    "double precision": {"type": "number", "format": "double"},
    "integer": {"type": "integer", "format": "int32"},
    "jsonb": {},
    "text": {"type": "string"},
    "timestamp with time zone": {"type": "string", "format": "date-time"},
    "uuid": {"type": "string", "format": "uuid"},
}


class _Nowhere(Router):
    """Litestar insists on addresses of its own for the schema; ours is the only one."""

    def register(self, value: ControllerRouterHandler) -> list[Any]:  # noqa: ARG002 - the signature is Router's
        return []


CONFIG: Final = OpenAPIConfig(
    title="Rambla",
    version=__version__,
    description="A ranked feed, notifications, earnings and jobs in one PostgreSQL.",
    use_handler_docstrings=True,
    openapi_router=_Nowhere("/", route_handlers=[]),
)


@get("/openapi.json", include_in_schema=False)
async def document(request: Request[Any, Any, Any], functions: Functions) -> Response[bytes]:
    """This page's machine-readable twin."""
    return Response(
        msgspec.json.encode(await describe(request.app, functions)), media_type="application/json"
    )


async def describe(app: Litestar, functions: Functions) -> Schema:
    """The document, made anew: it is asked for rarely and costs milliseconds."""
    schema: Schema = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))
    schema["components"]["schemas"]["Problem"] = _PROBLEM
    schema["components"]["securitySchemes"] = _SCHEMES
    paths = {path: item for path, item in schema["paths"].items() if path.startswith(_PROGRAMS)}
    template = paths.pop(_RPC)["post"]
    for function in await functions.known(rpc.CONTRACT):
        paths[f"/rpc/{function.name}"] = {"post": _operation(template, function)}
    guarded = _guarded(app)
    for path, item in paths.items():
        for method, operation in item.items():
            operation["responses"] = {**_successes(operation["responses"]), **_ANSWERS}
            operation["security"] = _SIGNED_IN if (path, method) in guarded else [*_SIGNED_IN, {}]
    return _pruned({**schema, "paths": paths})


def _guarded(app: Litestar) -> set[tuple[str, str]]:
    """Where a visitor is turned away before the handler."""
    return {
        (route.path_format, method.lower())
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        if {signed_in, admin} & set(handler.resolve_guards())
    }


def _successes(responses: Schema) -> Schema:
    return {status: answer for status, answer in responses.items() if status < "400"}


def _operation(template: Schema, function: Function) -> Schema:
    properties = {a.name: _type(a.type) for a in function.arguments if a.name != "p_at"}
    body = {
        "type": "object",
        "properties": properties,
        "required": [a.name for a in function.arguments if a.required],
        "additionalProperties": False,
    }
    return {
        **{key: value for key, value in template.items() if key != "parameters"},
        "operationId": function.name,
        "summary": function.name,
        "description": function.purpose,
        "tags": ["rpc"],
        "requestBody": {
            "required": bool(body["required"]),
            "content": {"application/json": {"schema": body}},
        },
        "responses": {
            "200": {"description": f"As JSON: {function.returns}", "content": {"application/json": {}}}
        },
    }


def _type(name: str) -> Schema:
    if name.endswith("[]"):
        return {"type": ["array", "null"], "items": _type(name[:-2])}
    schema = _TYPES.get(name, {"type": "string"})
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema


def _pruned(schema: Schema) -> Schema:
    """Without the types of pages, which only they mention."""
    components = schema["components"]["schemas"]
    used: set[str] = set()
    waiting = [schema["paths"]]
    while waiting:
        text = msgspec.json.encode(waiting.pop()).decode()
        found = {name for name in components if f'"#/components/schemas/{name}"' in text} - used
        used |= found
        waiting += [components[name] for name in found]
    kept = {name: components[name] for name in sorted(used)}
    return {**schema, "components": {**schema["components"], "schemas": kept}}
