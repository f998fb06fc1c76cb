"""The channel e-mail: a notification as a message, and the two ways by which one leaves."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol

from rambla.notifications.channels import Handover
from rambla.notifications.types import Delivery


class Transport(Protocol):
    async def send(self, message: EmailMessage) -> Handover: ...


class Email:
    """``base_url`` is where the links of a message lead."""

    def __init__(self, transport: Transport, *, sender: str, base_url: str) -> None:
        self._transport = transport
        self._sender = sender
        self._base_url = base_url.rstrip("/")

    async def deliver(self, delivery: Delivery) -> Handover:
        if not delivery.address:
            return Handover("rejected", "The recipient has no e-mail address.")
        try:
            message = compose(delivery, delivery.address, sender=self._sender, base_url=self._base_url)
        except (
            ValueError,
            IndexError,
        ) as error:  # what email.headerregistry makes of an address that is none
            return Handover("rejected", f"The address cannot be written to: {error}")
        return await self._transport.send(message)


def compose(delivery: Delivery, address: str, *, sender: str, base_url: str) -> EmailMessage:
    """The same bytes for the same notification, however often it is tried.

    The Message-ID is the notification's own id, so a mailbox that gets a message twice can show it once.
    """
    settings = f"{base_url}/notifications/settings"
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(_line(delivery.name), addr_spec=address)
    message["Subject"] = _line(delivery.title)
    message["Date"] = format_datetime(delivery.created_at)
    message["Message-ID"] = f"<{delivery.notification_id}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    if not delivery.critical:
        message["List-Unsubscribe"] = f"<{settings}>"
    paragraphs = [delivery.body or delivery.title]
    if delivery.url:
        paragraphs.append(f"{base_url}{delivery.url}")
    if not delivery.critical:
        paragraphs.append(f"-- \nYou choose what we write to you about: {settings}")
    message.set_content("\n\n".join(paragraphs) + "\n")
    return message


def _line(text: str) -> str:
    """A header is one line; whoever could start a second one would write our headers."""
    return " ".join(text.split())


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
