"""A notification as a message: what stands in it, and what nobody can smuggle into it."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from people import ALICE
from rambla.notifications.channels import Handover
from rambla.notifications.email import Email, compose
from rambla.notifications.mail_folder import MailFolder
from rambla.notifications.types import Delivery

SENDER = "Rambla <hello@shop.example>"
BASE = "https://shop.example"
DELIVERY = Delivery(
    user_id=ALICE.id,
    notification_id=UUID("0199aaaa-0000-7000-8000-0000000000ff"),
    attempt=1,
    channel="email",
    type="item_sold",
    critical=False,
    title="Bob bought your vase",
    body="It is yours to pack.",
    url="/orders/7",
    created_at=dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC),
    name="Alice",
    address="alice@example.org",
)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def composed(delivery: Delivery = DELIVERY) -> EmailMessage:
    return compose(delivery, delivery.address or "", sender=SENDER, base_url=BASE)


def test_a_message_says_from_whom_to_whom_what_and_where() -> None:
    message = composed()

    assert message["From"] == SENDER
    assert message["To"] == "Alice <alice@example.org>"
    assert message["Subject"] == "Bob bought your vase"
    assert message["Date"] == "Tue, 10 Mar 2026 12:00:00 +0000"
    assert "It is yours to pack." in message.get_content()
    assert "https://shop.example/orders/7" in message.get_content()


def test_the_same_notification_is_the_same_message_at_every_attempt() -> None:
    second = msgspec.structs.replace(DELIVERY, attempt=2)

    assert composed(second).as_bytes() == composed().as_bytes()
    assert composed()["Message-ID"] == "<0199aaaa-0000-7000-8000-0000000000ff@shop.example>"


def test_who_may_switch_it_off_is_told_where_and_who_may_not_is_not() -> None:
    receipt = msgspec.structs.replace(DELIVERY, critical=True)

    assert composed()["List-Unsubscribe"] == "<https://shop.example/notifications/settings>"
    assert "/notifications/settings" in composed().get_content()
    assert composed(receipt)["List-Unsubscribe"] is None
    assert "/notifications/settings" not in composed(receipt).get_content()


@pytest.mark.parametrize("field", ["title", "name"])
def test_a_line_break_starts_no_header_of_the_senders_own(field: str) -> None:
    evil = msgspec.structs.replace(DELIVERY, **{field: "Hi\r\nBcc: everybody@example.org"})
    message = composed(evil)

    assert message["Bcc"] is None
    assert b"\nBcc:" not in message.as_bytes()


@pytest.mark.parametrize(
    "address", [None, "", "no-at-sign", "a@", "two@example.org, more@example.org", "a\r\nb@c"]
)
async def test_an_address_that_is_none_is_rejected_for_good(tmp_path: Path, address: str | None) -> None:
    channel = Email(MailFolder(tmp_path), sender=SENDER, base_url=BASE)
    handover = await channel.deliver(msgspec.structs.replace(DELIVERY, address=address))

    assert handover.result == "rejected"
    assert files(tmp_path) == []


async def test_without_a_server_mail_is_a_file_that_mail_programs_open(tmp_path: Path) -> None:
    channel = Email(MailFolder(tmp_path / "mail"), sender=SENDER, base_url=BASE)
    handover = await channel.deliver(DELIVERY)
    await channel.deliver(DELIVERY)
    (file,) = files(tmp_path / "mail")

    assert handover == Handover("sent", f"Written to {file.name}.")
    assert file.name == "0199aaaa-0000-7000-8000-0000000000ff.eml"
    assert file.read_bytes() == composed().as_bytes()
