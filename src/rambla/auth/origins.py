"""Which site a form was on before it came here.

A browser adds our cookie to a form of any site that posts to us, and such a form can also sign somebody in as
somebody else. So what is not safe has to come from our own pages, or from something that is no browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from rambla.errors import Problem

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS: Final = frozenset({b"same-origin", b"none"})


class Origins:
    """``base_url`` counts as well as the Host header, which a proxy may have changed."""

    def __init__(self, base_url: str) -> None:
        self._host = urlsplit(base_url).netloc.encode()

    def check(self, method: str, headers: Mapping[bytes, bytes], *, has_cookie: bool) -> None:
        if method in _SAFE:
            return
        site = headers.get(b"sec-fetch-site")
        origin = headers.get(b"origin")
        if site is not None:
            allowed = site in _OURS
        elif origin is not None:
            host = origin.partition(b"://")[2]
            allowed = host != b"" and host in (headers.get(b"host"), self._host)
        else:
            # Every browser sends one of the two; a cookie without either is a browser that hides something.
            allowed = not has_cookie
        if not allowed:
            raise Problem("cross_site")
