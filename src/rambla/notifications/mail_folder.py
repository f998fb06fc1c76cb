"""E-mail for development: a folder of messages that any mail program opens."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage
from pathlib import Path

from rambla.notifications.channels import Handover


class MailFolder:
    """One file a message, named by its Message-ID: a message that comes twice is there once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: EmailMessage) -> Handover:
        file = await asyncio.to_thread(self._write, message)
        return Handover("sent", f"Written to {file.name}.")

    def _write(self, message: EmailMessage) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        file = self._folder / f"{name}.eml"
        unfinished = file.with_suffix(".part")
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(file)  # whoever watches the folder never sees half a message
        return file
