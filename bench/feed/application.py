"""The product, and beside it what it is compared with: constant bodies and `select 1` on the same server."""

from __future__ import annotations

import os
from typing import Any, Final

from litestar import Litestar, Response, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import Receive, Scope, Send

from rambla import app
from rambla.kit.db import Caller, Database
from rambla.kit.queries import Query

BODY: Final = os.urandom(int(os.environ.get("BENCH_BODY", "12000")) // 2).hex().encode()
_ONE: Final = Query("select 1 where %(claims)s <> ''")
_START: Final[Any] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())],
}
_END: Final[Any] = {"type": "http.response.body", "body": BODY}


def _reads(state: State) -> Database:
    reads: Database = state.reads
    return reads


@get("/bench/constant")
async def constant() -> Response[bytes]:
    """As a handler of the framework gives it."""
    return Response(BODY, media_type="application/json")


@get("/bench/one", dependencies={"reads": Provide(_reads, sync_to_thread=False)})
async def one(caller: Caller, reads: Database) -> Response[bytes]:
    """Authenticated and limited, with one round trip to the database, as a page that is not remembered."""
    await reads.direct(int, _ONE, caller)
    return Response(BODY, media_type="application/json")


def create() -> Litestar:
    """The product's factory for granian, with three routes more."""
    product = app.create()
    product.register(one)
    inner, framework = product.asgi_handler, Litestar([constant], openapi_config=None)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/bench/bare":  # the server alone
            await send(_START)
            await send(_END)
        elif scope["path"] == "/bench/constant":  # the server and the framework, and nothing of ours
            await framework(scope, receive, send)
        else:
            await inner(scope, receive, send)

    product.asgi_handler = answer
    return product
