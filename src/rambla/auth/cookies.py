"""The session cookie: not readable by scripts, not sent by other sites' forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from litestar.datastructures import Cookie

_NAME: Final = "rambla_session"
_LIFETIME: Final = 30 * 24 * 3600  # as session_start has it


class SessionCookie:
    """Over https it carries the ``__Host-`` prefix, so that no sibling domain can set one for us."""

    def __init__(self, *, secure: bool) -> None:
        self.name = f"__Host-{_NAME}" if secure else _NAME
        self._secure = secure

    def set(self, token: str) -> Cookie:
        return self._cookie(token, _LIFETIME)

    def clear(self) -> Cookie:
        return self._cookie("", 0)

    def read(self, header: str) -> str | None:
        """The token in a ``Cookie`` header; None when it has none."""
        # By hand: http.cookies gives up on the whole header when another site's cookie is odd.
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == self.name:
                return value
        return None

    def is_set_by(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Whether an answer sets it already."""
        start = f"{self.name}=".encode()
        return any(name == b"set-cookie" and value.startswith(start) for name, value in headers)

    def _cookie(self, value: str, max_age: int) -> Cookie:
        return Cookie(
            self.name,
            value=value,
            max_age=max_age,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
