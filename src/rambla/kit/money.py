"""Money as a whole number of minor units in a currency; never a float."""

from __future__ import annotations

from collections.abc import Sequence

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision
from msgspec import Struct


class Money(Struct, frozen=True, order=False):
    """An amount in the currency's smallest unit: ``Money(1299, "EUR")`` is 12.99 euro."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.minor * count, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def basis_points(self, rate: int) -> Money:
        """A share of the amount in hundredths of a percent, rounded half away from zero as invoices are."""
        product = abs(self.minor) * rate
        share = (product + 5_000) // 10_000
        return Money(share if self.minor >= 0 else -share, self.currency)

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Split without losing a unit: largest remainder first, ties to the earlier weight."""
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("weights must not be negative and must not all be zero")
        sign = -1 if self.minor < 0 else 1
        shares = [divmod(abs(self.minor) * weight, whole) for weight in weights]
        left = abs(self.minor) - sum(quotient for quotient, _ in shares)
        by_remainder = sorted(range(len(weights)), key=lambda i: -shares[i][1])
        lucky = set(by_remainder[:left])
        return [Money(sign * (q + (i in lucky)), self.currency) for i, (q, _) in enumerate(shares)]

    def format(self, locale: str = "en") -> str:
        """As a person of that locale would write it; exact, because the digits come from the integer."""
        exponent = get_currency_precision(self.currency)
        digits = str(abs(self.minor)).rjust(exponent + 1, "0")
        whole, cents = (digits[:-exponent], digits[-exponent:]) if exponent else (digits, "0")
        return format_currency(
            f"{'-' if self.minor < 0 else ''}{whole}.{cents}", self.currency, locale=locale
        )

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be put together")
        return other.minor


def is_currency(code: str) -> bool:
    """Whether ISO 4217 knows the code."""
    return code in get_global("all_currencies")
