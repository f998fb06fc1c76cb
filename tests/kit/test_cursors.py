"""A cursor is good for the list that made it and for no other."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, strategies as st
from msgspec import Struct

from rambla.errors import Problem
from rambla.kit import cursors


class After(Struct, frozen=True, array_like=True, tag="orders"):
    at: dt.datetime
    id: int


class Before(Struct, frozen=True, array_like=True, tag="jobs"):
    id: int


@given(st.integers(-(2**63), 2**63 - 1))
def test_what_was_encoded_is_decoded(number: int) -> None:
    assert cursors.decode(cursors.encode(Before(number)), Before) == Before(number)


def test_no_cursor_is_the_first_page() -> None:
    assert cursors.decode(None, Before) is None


def test_the_cursor_of_another_list_is_refused() -> None:
    foreign = cursors.encode(After(dt.datetime.now(dt.UTC), 1))

    with pytest.raises(Problem, match="not made by this list"):
        cursors.decode(foreign, Before)


@given(st.text(max_size=60))
def test_junk_is_refused_and_never_a_crash(junk: str) -> None:
    with pytest.raises(Problem) as caught:
        cursors.decode(junk, Before)

    assert caught.value.code == "invalid_cursor"
