"""The web server process."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
from typing import Final

from granian import Granian
from granian.constants import Interfaces

from rambla import settings as config
from rambla.seeds.sign_in import refuse_known_passwords
from rambla.settings import Settings

# How many requests a process takes up before it leaves further ones waiting in the socket's queue. An open stream
# is a request in flight, so this has to hold every bell of the process beside the work.
BACKPRESSURE: Final = 16_384

_REMEDIES: Final = {
    errno.EADDRINUSE: "stop the program that has it, or choose another with {flag}",
    errno.EACCES: "choose one above 1023 with {flag}, or put a proxy in front",
}


class PortTaken(Exception):  # noqa: N818 - a state of the world, told in one sentence
    """The port is in use."""


def serve(settings: Settings, *, application: str = "rambla.app:create") -> None:
    """Serve until told to stop; worker processes read the same settings from the environment."""
    if settings.base_url.startswith("https:"):
        refuse_known_passwords(settings.database_url)
    os.environ |= config.environment(settings)
    with tempfile.TemporaryDirectory(prefix="rambla-metrics-") as folder:
        if settings.web_processes > 1:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # where they add up what each has counted
        Granian(
            application,
            factory=True,
            interface=Interfaces.ASGI,
            address=settings.host,
            port=settings.port,
            workers=settings.web_processes,
            workers_kill_timeout=10,
            respawn_failed_workers=True,
            backpressure=BACKPRESSURE,
            websockets=False,
            log_level="warning",  # type: ignore[arg-type]  # granian takes the name of its own enumeration
        ).serve()


def check_port(host: str, port: int, *, flag: str = "--port") -> None:
    """Fail before anything is started rather than in the middle of it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            remedy = _REMEDIES.get(error.errno or 0, "choose an address of this machine with --host")
            raise PortTaken(
                f"Port {port} on {host} cannot be used ({error.strerror}): {remedy.format(flag=flag)}."
            ) from None


def base_url(settings: Settings) -> str:
    return settings.base_url or f"http://{settings.host}:{settings.port}"
