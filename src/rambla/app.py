"""The composition root of the web: settings in, ASGI application out."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import sentry_sdk
from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import ScalarRenderPlugin
from litestar.static_files import create_static_files_router

from rambla import __version__, routes
from rambla.auth.middleware import AuthMiddleware
from rambla.auth.rates import RateLimitMiddleware, Rates
from rambla.errors import Problem
from rambla.kit import log, problems, sse
from rambla.kit.db import Database
from rambla.kit.pages import Pages
from rambla.kit.pubsub import Hub
from rambla.kit.requests import RequestMiddleware
from rambla.settings import Settings, load
from rambla.ui.static import STATIC_DIRS, asset_url

PACKAGES = (
    "rambla.ui",
    "rambla.auth",
    "rambla.feed",
    "rambla.notifications",
    "rambla.earnings",
    "rambla.commerce",
    "rambla.admin",
    "rambla.jobs",
)
CHANNELS = ("notifications",)
MAX_BODY = 1_000_000


def create_app(settings: Settings) -> Litestar:
    """``database_url`` must be set: finding or starting a PostgreSQL is the command line's part."""
    database = Database.at(
        settings.database_url, size=settings.database_pool_size, prepare=not settings.database_direct_url
    )
    hub = Hub(settings.database_direct_url or settings.database_url, channels=CHANNELS)
    shutdown = sse.Shutdown()
    rates = Rates(redis_url=settings.redis_url, enabled=settings.rate_limits)
    pages = Pages(PACKAGES, asset=asset_url)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        await database.open()
        hub.start()
        try:
            yield
        finally:
            await sse.drain(shutdown)
            await hub.stop()
            await database.close()

    app = Litestar(
        route_handlers=[
            *routes.HANDLERS,
            *(
                create_static_files_router(
                    f"/static/{name}", [folder], name=name, cache_control=routes.STATIC_CACHE
                )
                for name, folder in STATIC_DIRS.items()
            ),
        ],
        lifespan=[lifespan],
        middleware=[RequestMiddleware(), RateLimitMiddleware(), AuthMiddleware()],
        dependencies={
            "db": Provide(lambda: database, sync_to_thread=False),
            "hub": Provide(lambda: hub, sync_to_thread=False),
            "pages": Provide(lambda: pages, sync_to_thread=False),
            "shutdown": Provide(lambda: shutdown, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "caller": Provide(routes.caller_of, sync_to_thread=False),
        },
        exception_handlers={
            Problem: problems.handle_problem,
            HTTPException: problems.handle_http,
            Exception: problems.handle_unknown,
        },
        openapi_config=OpenAPIConfig(
            title="Rambla",
            version=__version__,
            path="/openapi",
            render_plugins=[ScalarRenderPlugin(js_url="/static/vendor/scalar.js")],
            use_handler_docstrings=True,
        ),
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=1024, exclude=["/v1/notifications/stream"]
        ),
        request_max_body_size=MAX_BODY,
        signature_types=[Database, Hub, Pages, Settings],
    )
    app.state.update(
        database=database, hub=hub, pages=pages, rates=rates, settings=settings, shutdown=shutdown
    )
    return app
