"""The product as its users meet it: in this process over ASGI, or as a server of its own."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest
from httpx2 import ASGITransport, AsyncClient
from litestar import Litestar

from people import Person
from rambla import settings as config
from rambla.app import create_app
from rambla.kit import pubsub
from rambla.settings import Settings

PATIENCE = 30.0
_SERVE = "import os; from rambla import serve, settings; serve.serve(settings.load(environ=os.environ)[0])"


class Api:
    """An application in this process and clients of it, one for each person."""

    def __init__(self, app: Litestar, owner_url: str) -> None:
        self.app = app
        self.owner_url = owner_url
        self._clients: dict[UUID | None, AsyncClient] = {}
        self.anonymous = self.client()

    def as_(self, person: Person) -> AsyncClient:
        """A program of this person's: it sends their bearer token."""
        return self._client_of(person.id, "bearer")

    @property
    def service(self) -> AsyncClient:
        """A trusted program."""
        return self._client_of(None, "service")

    def client(self, *, address: str = "127.0.0.1", **headers: str) -> AsyncClient:
        """A client with no token; ``_`` in a header's name stands for ``-``."""
        return AsyncClient(
            transport=ASGITransport(app=self.app, client=(address, 50_000)),  # type: ignore[arg-type]  # the two spell the ASGI types differently
            base_url="http://test",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    def forget(self) -> None:
        """Nothing of what the process remembers holds after its database was put back."""
        self.app.state.cache.clear()

    async def close(self) -> None:
        for client in (self.anonymous, *self._clients.values()):
            await client.aclose()

    def browser(self, person: Person) -> AsyncClient:
        """A browser in which this person is signed in: it sends the cookie and says where requests come from."""
        token = issue(self.owner_url, person.id, "cookie")
        return self.client(cookie=f"rambla_session={token}", sec_fetch_site="same-origin", accept="text/html")

    def _client_of(self, user_id: UUID | None, kind: str) -> AsyncClient:
        if user_id not in self._clients:
            token = issue(self.owner_url, user_id, kind)
            self._clients[user_id] = self.client(authorization=f"Bearer {token}")
        return self._clients[user_id]


@asynccontextmanager
async def running(settings: Settings, owner_url: str) -> AsyncIterator[Api]:
    """The application with its lifespan."""
    app = create_app(settings)
    up, down = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # In a task of its own: pytest sets a fixture up and tears it down in different ones.
        async with app.lifespan():
            up.set()
            await down.wait()

    life = asyncio.create_task(live())
    await asyncio.wait([life, asyncio.create_task(up.wait())], return_when=asyncio.FIRST_COMPLETED)
    api = Api(app, owner_url)
    try:
        if up.is_set():
            yield api
    finally:
        down.set()
        await api.close()
        await life


@asynccontextmanager
async def remembering(*apis: Api) -> AsyncIterator[None]:
    """Once they listen. A machine so busy that they hear nothing for a second must not make a test's answer another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pubsub, "_TRUST", 60.0)
        for api in apis:
            async with asyncio.timeout(PATIENCE):
                api.app.state.changes.trust(0.0)
                while not api.app.state.changes.known:  # noqa: ASYNC110 - of the hub's own pulse
                    await asyncio.sleep(0.01)
        yield


class Server:
    """``rambla serve`` on a free port."""

    def __init__(self, settings: Settings, owner_url: str, log: Path) -> None:
        self.owner_url = owner_url
        self.log = log
        self.settings = msgspec.structs.replace(settings, port=free_port())
        self.url = f"http://127.0.0.1:{self.settings.port}"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _SERVE],
                env=environment(config.environment(self.settings)),
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def token(self, person: Person) -> str:
        return issue(self.owner_url, person.id, "bearer")

    def cookie(self, person: Person) -> dict[str, Any]:
        """What Playwright's ``context.add_cookies`` takes to be signed in."""
        return {
            "name": "rambla_session",
            "value": issue(self.owner_url, person.id, "cookie"),
            "url": self.url,
        }

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/livez", timeout=2):
                return
            time.sleep(0.05)
        raise AssertionError(f"the server did not come up:\n{self.log.read_text()}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and wait for it; one that does not within its grace is killed."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise


@contextmanager
def serving(settings: Settings, owner_url: str, log: Path) -> Iterator[Server]:
    server = Server(settings, owner_url, log)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


def issue(owner_url: str, user_id: UUID | None, kind: str) -> str:
    """A token as sign-in would give it."""
    token = f"rmb_{secrets.token_urlsafe(32)}"
    with psycopg.connect(owner_url) as connection:
        connection.execute("set local role service_role")
        connection.execute("select set_config('request.jwt.claims', '{\"role\":\"service_role\"}', true)")
        connection.execute(
            "select public.session_start(%s, %s, %s)",
            (user_id, hashlib.sha256(token.encode()).digest(), kind),
        )
    return token


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Nothing of the developer's own settings reaches a test."""
    ours = ("RAMBLA_", "DATABASE_URL", "REDIS_URL", "SENTRY_DSN", "SMTP_URL")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | dict(settings)
