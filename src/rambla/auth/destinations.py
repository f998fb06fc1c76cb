"""Where a person goes after signing in: back to where they were, and never to another site."""

from __future__ import annotations

import re
from typing import Final

HOME: Final = "/"
_LONGEST: Final = 2_000
# One slash, then neither slash nor backslash: a browser reads "//" and "/\" as the start of a host. Control
# characters are out because browsers drop tabs and line ends before they read.
_LOCAL: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")


def local(address: str | None) -> str:
    """The address if it is a plain path of this site, else the home page."""
    if address and len(address) <= _LONGEST and _LOCAL.fullmatch(address):
        return address
    return HOME
