"""A real SMTP server that keeps what it is given, and may be told to behave badly."""

from __future__ import annotations

import asyncio
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from running import free_port

# lost: the message is taken and the line breaks before the answer. silent: it is taken and no answer comes.
Mood = Literal["good", "lost", "silent"]


class Postbox:
    """The hooks that aiosmtpd calls; an address decides what becomes of its message."""

    def __init__(self, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self.messages: list[EmailMessage] = []
        self.mood: Mood = "good"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("gone@"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("full@"):
            return "452 4.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        message: Any = message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
        self.messages.append(message)
        if self.mood == "lost":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.mood == "silent":
            await asyncio.sleep(30)
        return "250 Taken"


@contextmanager
def postbox() -> Iterator[Postbox]:
    port = free_port()
    box = Postbox(port)
    controller = Controller(box, hostname="127.0.0.1", port=port, enable_SMTPUTF8=False)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
