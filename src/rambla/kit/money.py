"""Money as a whole number of minor units in a currency; never a float."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Final

from babel.core import Locale, get_global
from babel.numbers import NumberPattern, get_currency_symbol
from msgspec import Struct

# ISO 4217 where it is not 2. Not CLDR's digits, which say how people print a currency: 12.99 Serbian dinar are
# 1299 minor units to ISO and to a payment provider, and CLDR would print those as 1299 dinar.
_NO_DIGITS: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DIGITS: Final = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DIGITS: Final = "CLF UYW"
_EXPONENTS: Final = {
    currency: exponent
    for exponent, currencies in ((0, _NO_DIGITS), (3, _THREE_DIGITS), (4, _FOUR_DIGITS))
    for currency in currencies.split()
}


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
        exponent = exponent_of(self.currency)
        digits = str(abs(self.minor)).rjust(exponent + 1, "0")
        point = len(digits) - exponent
        amount = f"{'-' if self.minor < 0 else ''}{digits[:point]}.{digits[point:]}"
        pattern = _pattern(locale, self.currency)
        text: str = pattern.apply(Decimal(amount), locale, currency=self.currency, currency_digits=False)
        return text

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be put together")
        return other.minor


def exponent_of(currency: str) -> int:
    """How many digits of the minor amount stand behind the point."""
    return _EXPONENTS.get(currency, 2)


def is_currency(code: str) -> bool:
    """Whether ISO 4217 knows the code."""
    return code in get_global("all_currencies")


@cache
def _pattern(locale: str, currency: str) -> NumberPattern:
    pattern: NumberPattern = copy.copy(Locale.parse(locale).currency_formats["standard"])
    pattern.frac_prec = (exponent_of(currency),) * 2
    if get_currency_symbol(currency, locale)[-1].isalpha():
        # CHF 5.00 and not CHF5.00: CLDR has a pattern for it that babel does not read.
        above, below = (re.sub("¤$", "¤\N{NO-BREAK SPACE}", prefix) for prefix in pattern.prefix)
        pattern.prefix = (above, below)
    return pattern
