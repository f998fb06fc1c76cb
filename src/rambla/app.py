"""The composition root of the web: settings in, ASGI application out."""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sentry_sdk
from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.static_files import create_static_files_router

from rambla import __version__, openapi, routes
from rambla.auth.actions import Entrance
from rambla.auth.addresses import Addresses
from rambla.auth.cookies import SessionCookie
from rambla.auth.limiter import RateLimitMiddleware
from rambla.auth.middleware import AuthMiddleware, caller_of
from rambla.auth.origins import Origins
from rambla.auth.passwords import Passwords
from rambla.auth.rates import Brake, Rates
from rambla.auth.sessions import Sessions
from rambla.errors import Problem
from rambla.feed import serving as feed
from rambla.feed.serving import FeedPages
from rambla.health import Readiness
from rambla.kit import log, problems, sse
from rambla.kit.answers import Answer, Shortcut
from rambla.kit.cache import Cache
from rambla.kit.calls import Functions
from rambla.kit.changes import Changes
from rambla.kit.db import Caller, Database
from rambla.kit.pages import Pages
from rambla.kit.pubsub import Hub
from rambla.kit.replica import Replica
from rambla.kit.requests import TALLY, RequestMiddleware
from rambla.kit.store import RedisStore
from rambla.notifications.bells import Bells
from rambla.settings import Settings, load
from rambla.ui.static import STATIC_DIRS, asset_url

PACKAGES = (
    "rambla",
    "rambla.ui",
    "rambla.auth",
    "rambla.feed",
    "rambla.content",
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
    changes = Changes()
    database = Database.at(
        settings.database_url,
        size=settings.database_pool_size,
        prepare=not settings.database_direct_url,
        touched=changes.hear,
    )
    # A page is all work and no waiting, so more of them at once only take the processor's caches from one another; and
    # whoever waits for a lock in a transaction holds up no page.
    reads = Database.at(
        settings.database_url,
        size=settings.database_page_connections,
        prepare=not settings.database_direct_url,
    )
    for module in filter(None, map(str.strip, settings.extensions.split(","))):
        importlib.import_module(module)  # what it says with @FEED.source and @FEED.scorer counts from now on
    hub = Hub(settings.database_direct_url or settings.database_url, channels=CHANNELS, touched=changes)
    shutdown = sse.Shutdown()
    rates = Rates(redis_url=settings.redis_url, enabled=settings.rate_limits, reads=settings.reads_per_minute)
    pages = Pages(PACKAGES, asset=asset_url)
    bells = Bells(database, hub, shutdown)
    readiness = Readiness(database)
    functions = Functions(database)
    passwords = Passwords()
    entrance = Entrance(database, passwords, rates)
    sessions = Sessions(database, changes)
    store = (
        RedisStore(settings.redis_url, Answer, name="page", database_url=settings.database_url)
        if settings.redis_url
        else None
    )
    cache = Cache(changes, most_bytes=settings.page_cache_mb * 2**20, store=store)
    replica = Replica(settings.database_replica_url, size=settings.database_page_connections)
    feed_pages = FeedPages(database, reads, replica, cache, changes)
    cookie = SessionCookie(secure=settings.base_url.startswith("https://"))

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await database.open()
        await reads.open()
        await replica.open()
        hub.start()
        counting = asyncio.create_task(TALLY.keep_flushing())
        try:
            with shutdown.heeding_signals():
                yield
        finally:
            counting.cancel()
            await sse.drain(shutdown)
            await hub.stop()
            await reads.close()
            await database.close()
            await replica.close()
            await rates.close()
            if store:
                await store.close()
            passwords.close()

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
        dependencies={
            "db": Provide(lambda: database, sync_to_thread=False),
            "hub": Provide(lambda: hub, sync_to_thread=False),
            "pages": Provide(lambda: pages, sync_to_thread=False),
            "shutdown": Provide(lambda: shutdown, sync_to_thread=False),
            "settings": Provide(lambda: settings, sync_to_thread=False),
            "feed_pages": Provide(lambda: feed_pages, sync_to_thread=False),
            "bells": Provide(lambda: bells, sync_to_thread=False),
            "readiness": Provide(lambda: readiness, sync_to_thread=False),
            "functions": Provide(lambda: functions, sync_to_thread=False),
            "entrance": Provide(lambda: entrance, sync_to_thread=False),
            "sessions": Provide(lambda: sessions, sync_to_thread=False),
            "cookie": Provide(lambda: cookie, sync_to_thread=False),
            "caller": Provide(caller_of, sync_to_thread=False),
        },
        exception_handlers={
            Problem: problems.handle_problem,
            HTTPException: problems.handle_http,
            RecursionError: problems.handle_depth,
            Exception: problems.handle_unknown,
        },
        openapi_config=openapi.CONFIG,
        # A compressed stream would keep its events until a block is full: streams end in /stream. Pages of the feed
        # are compressed once and not for every reader.
        compression_config=CompressionConfig(
            backend="gzip",
            gzip_compress_level=4,
            minimum_size=1024,
            exclude=[r"/stream$", rf"^{feed.PATH}$"],
        ),
        request_max_body_size=MAX_BODY,
        signature_types=[
            Bells,
            Caller,
            Database,
            Entrance,
            FeedPages,
            Functions,
            Hub,
            Pages,
            Readiness,
            SessionCookie,
            Sessions,
            Settings,
        ],
    )
    app.state.update(
        {
            "database": database,
            "reads": reads,
            "hub": hub,
            "pages": pages,
            "rates": rates,
            "changes": changes,
            "cache": cache,
        }
    )
    # Around the router and not inside it: what matches no route is logged, limited and given an id as well.
    # A page of the feed needs no router, and is found behind whoever may refuse it.
    limited = RateLimitMiddleware(Shortcut(app.asgi_handler, feed.PATH, feed_pages.answer), rates)
    identified = AuthMiddleware(
        limited,
        sessions,
        cookie=cookie,
        origins=Origins(settings.base_url),
        addresses=Addresses(settings.trusted_proxies),
        brake=Brake(enabled=settings.rate_limits),
    )
    app.asgi_handler = RequestMiddleware(identified)
    return app


def create() -> Litestar:
    """What a server process calls: settings come from its environment, as ``settings.environment`` wrote them."""
    settings, _ = load(environ=os.environ)
    log.configure(style=settings.log_format, level=settings.log_level)
    if settings.sentry_dsn:
        sentry_sdk.init(settings.sentry_dsn, release=__version__, send_default_pii=False)
    app = create_app(settings)
    # What is here now stays: the collector need not look at it again, nor so often that requests wait for it.
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    return app
