"""Handing a message to a real SMTP server, well and badly behaved."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from postbox import Mood, Postbox
from rambla.notifications.smtp import Smtp
from running import free_port


def message(to: str = "alice@example.org", sender: str = "hello@shop.example") -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = "Grüße"
    message.set_content("Schöne Grüße\n")
    return message


async def test_a_message_that_was_taken_is_sent(box: Postbox) -> None:
    handover = await Smtp(box.url).send(message())
    (received,) = box.messages

    assert (handover.result, handover.detail) == ("sent", "Taken")
    assert received["Subject"] == "Grüße"
    assert received.get_content() == "Schöne Grüße\r\n"


async def test_a_mailbox_that_is_gone_is_for_good(box: Postbox) -> None:
    handover = await Smtp(box.url).send(message(to="gone@example.org"))

    assert handover.result == "rejected"
    assert "No such mailbox" in handover.detail


async def test_a_mailbox_that_is_full_is_for_now(box: Postbox) -> None:
    assert (await Smtp(box.url).send(message(to="full@example.org"))).result == "retry"


@pytest.mark.parametrize("mood", ["lost", "silent"])
async def test_an_answer_that_did_not_come_may_be_either(box: Postbox, mood: Mood) -> None:
    """The server has the message; to call that a failure or a success would both be guesses."""
    box.mood = mood
    handover = await Smtp(box.url, patience=0.5).send(message())

    assert handover.result == "unknown"
    assert len(box.messages) == 1


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    assert (await Smtp(f"smtp://127.0.0.1:{free_port()}").send(message())).result == "retry"


async def test_a_password_is_not_sent_over_an_open_line(box: Postbox) -> None:
    handover = await Smtp(box.url.replace("//", "//user:secret@")).send(message())

    assert handover.result == "retry"
    assert box.messages == []


async def test_an_address_beyond_ascii_that_the_server_cannot_take_is_rejected(box: Postbox) -> None:
    assert (await Smtp(box.url).send(message(to="ünicode@example.org"))).result == "rejected"
