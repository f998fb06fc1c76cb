"""Money loses no unit, whatever is done to it, and is written with the digits that it has."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from conftest import Session
from rambla.kit.money import Money, exponent_of, is_currency

BIGINT = st.integers(-(2**63), 2**63 - 1)
WEIGHTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=20).filter(any)
EURO = "EUR"


def test_it_is_added_and_compared_within_a_currency() -> None:
    assert Money(150, EURO) + Money(50, EURO) - Money(25, EURO) == Money(175, EURO)
    assert -Money(5, EURO) * 3 == Money(-15, EURO)
    assert Money(1, EURO) < Money(2, EURO)
    assert not Money(0, EURO)
    assert Money(100, EURO) != Money(100, "USD")


def test_currencies_are_never_put_together() -> None:
    with pytest.raises(ValueError, match="EUR and USD"):
        Money(1, EURO) + Money(1, "USD")
    with pytest.raises(ValueError, match="EUR and USD"):
        assert Money(1, EURO) < Money(1, "USD")


@pytest.mark.parametrize(
    ("minor", "rate", "share"),
    [
        (1, 5_000, 1),
        (1, 4_999, 0),
        (-1, 5_000, -1),
        (3, 5_000, 2),
        (10_000, 10_000, 10_000),
        (999, 0, 0),
        (333, 9_000, 300),
    ],
)
def test_a_share_is_rounded_half_away_from_zero(minor: int, rate: int, share: int) -> None:
    assert Money(minor, EURO).basis_points(rate) == Money(share, EURO)


@given(minor=BIGINT, rate=st.integers(0, 10_000))
def test_a_share_and_the_rest_are_the_whole(minor: int, rate: int) -> None:
    whole = Money(minor, EURO)
    share = whole.basis_points(rate)

    assert abs(share.minor * 10_000 - minor * rate) <= 5_000
    assert (-whole).basis_points(rate) == -share


@given(minor=BIGINT, weights=WEIGHTS)
def test_parts_sum_to_the_whole(minor: int, weights: list[int]) -> None:
    parts = Money(minor, EURO).allocate(weights)

    assert sum((part.minor for part in parts), 0) == minor
    assert len(parts) == len(weights)


@given(minor=BIGINT, weights=WEIGHTS)
def test_no_part_is_a_whole_unit_from_what_is_fair(minor: int, weights: list[int]) -> None:
    for part, weight in zip(Money(minor, EURO).allocate(weights), weights, strict=True):
        assert abs(part.minor * sum(weights) - minor * weight) < sum(weights)


@given(minor=st.integers(0, 2**63 - 1), weights=WEIGHTS)
def test_who_has_no_weight_gets_nothing_and_nobody_owes(minor: int, weights: list[int]) -> None:
    for part, weight in zip(Money(minor, EURO).allocate(weights), weights, strict=True):
        assert part.minor >= 0
        assert weight or not part


def test_the_earlier_of_two_equals_gets_the_odd_unit() -> None:
    assert [part.minor for part in Money(100, EURO).allocate([1, 1, 1])] == [34, 33, 33]
    assert [part.minor for part in Money(-100, EURO).allocate([1, 1, 1])] == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [2, -1]])
def test_what_cannot_be_split_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100, EURO).allocate(weights)


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (1_299, "EUR", "en", "€12.99"),
        (-1_299, "EUR", "en", "-€12.99"),
        (5, "EUR", "en", "€0.05"),
        (0, "EUR", "en", "€0.00"),
        (1_234_567, "JPY", "en", "¥1,234,567"),
        (1_234, "KWD", "en", "KWD\xa01.234"),
        (123_456_789, "EUR", "de", "1.234.567,89\xa0€"),
        (1_299, "RSD", "en", "RSD\xa012.99"),
        (1_234, "IQD", "en", "IQD\xa01.234"),
        (2**63 - 1, "EUR", "en", "€92,233,720,368,547,758.07"),
    ],
)
def test_it_is_written_as_people_of_the_place_do(minor: int, currency: str, locale: str, text: str) -> None:
    assert Money(minor, currency).format(locale) == text


@given(minor=BIGINT, currency=st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_every_digit_is_written_and_none_is_made_up(minor: int, currency: str) -> None:
    written = Money(minor, currency).format("en")
    whole, _, behind = re.sub(r"[^0-9.]", "", written).partition(".")

    assert len(behind) == exponent_of(currency)
    assert int(whole + behind) == abs(minor)
    assert written.startswith("-") == (minor < 0)


def test_the_world_knows_the_euro_and_not_the_abc() -> None:
    assert is_currency("EUR")
    assert not is_currency("ABC")


def test_the_database_counts_digits_as_python_does(session: Session) -> None:
    rows = session.all("select code, exponent from currencies")

    assert len(rows) > 150
    assert {row["code"]: row["exponent"] for row in rows} == {
        row["code"]: exponent_of(row["code"]) for row in rows
    }
    assert [row["code"] for row in rows if not is_currency(row["code"])] == []


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (1_299, "EUR", "12.99 EUR"),
        (-5, "EUR", "-0.05 EUR"),
        (0, "EUR", "0.00 EUR"),
        (7, "JPY", "7 JPY"),
        (-1_234, "KWD", "-1.234 KWD"),
        (5, "KWD", "0.005 KWD"),
        (-(2**63), "EUR", "-92233720368547758.08 EUR"),
    ],
)
def test_the_database_writes_every_digit_too(session: Session, minor: int, currency: str, words: str) -> None:
    assert session.value("select internal.money(%s, %s)", minor, currency) == words
