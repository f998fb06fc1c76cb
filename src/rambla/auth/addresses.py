"""From which address a request comes, whatever its headers claim."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from litestar.types import Scope

_UNKNOWN: Final = "unknown"
_ONE_SUBSCRIBER: Final = 64  # bits of IPv6 that a provider hands to one household


class Addresses:
    """``X-Forwarded-For`` is believed only as far as the chain of trusted proxies reaches, from the right.

    What stands left of the first untrusted address was written by a stranger.
    """

    def __init__(self, trusted: str) -> None:
        self._trusted = [
            ip_network(part.strip(), strict=False) for part in trusted.split(",") if part.strip()
        ]

    def of(self, scope: Scope) -> str:
        client = scope["client"]
        nearest = client[0] if client else _UNKNOWN
        if not self._trusted or not self._trusts(nearest):
            return nearest
        hops = [
            hop.strip()
            for name, value in scope["headers"]
            if name == b"x-forwarded-for"
            for hop in value.decode("latin-1").split(",")
        ]
        for hop in reversed(hops):
            if _parse(hop) is None:
                break
            nearest = hop
            if not self._trusts(hop):
                break
        return nearest

    def _trusts(self, text: str) -> bool:
        address = _parse(text)
        return address is not None and any(address in network for network in self._trusted)


@lru_cache(maxsize=4096)
def subscriber(address: str) -> str:
    """Who pays for the line: the address itself, or its /64 where one household owns 2**64 of them."""
    parsed = _parse(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, _ONE_SUBSCRIBER), strict=False))
    return str(parsed or _UNKNOWN)


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
