"""E-mail by way of an SMTP server."""

from __future__ import annotations

from contextlib import suppress
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from rambla.notifications.channels import Handover

PATIENCE: Final = 30.0
_PERMANENT: Final = 500  # RFC 5321: 5yz is for good, 4yz for now


class Smtp:
    """``smtp://`` takes up TLS when the server offers it and insists on it before a password; ``smtps://``
    begins with it.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self._url = urlsplit(url)
        self._patience = patience

    async def send(self, message: EmailMessage) -> Handover:
        client = self._client()
        try:
            await client.connect()
        except (
            SMTPException,
            OSError,
        ) as error:  # nothing was said yet, or our login is wrong: not the message's fault
            return Handover("retry", _words(error))
        try:
            _, answer = await client.send_message(message)
        except SMTPException as error:
            return _refusal(error)
        except OSError as error:
            return Handover("unknown", _words(error))
        else:
            return Handover("sent", answer)
        finally:
            with suppress(SMTPException, OSError):
                await client.quit()

    def _client(self) -> SMTP:
        secure = self._url.scheme == "smtps"
        user, password = self._url.username, self._url.password
        return SMTP(
            hostname=self._url.hostname,
            port=self._url.port,
            username=unquote(user) if user else None,
            password=unquote(password) if password else None,
            use_tls=secure,
            start_tls=True if user and not secure else None,
            timeout=self._patience,
        )


def _refusal(error: SMTPException) -> Handover:
    if isinstance(error, SMTPRecipientsRefused):
        error = error.recipients[0]  # there is one
    if isinstance(error, SMTPSenderRefused):
        return Handover("retry", _words(error))  # our own address is wrong: an operator's to mend
    if isinstance(error, SMTPResponseException):
        return Handover("rejected" if error.code >= _PERMANENT else "retry", _words(error))
    if isinstance(error, SMTPNotSupported):
        return Handover("rejected", _words(error))
    # Silence or a broken line. The server may have taken the message and not been heard saying so.
    return Handover("unknown", _words(error))


def _words(error: Exception) -> str:
    return " ".join(str(part) for part in error.args) or type(error).__name__
