"""What a form of boxes means."""

from __future__ import annotations

from hypothesis import given, strategies as st

from rambla.notifications import matrix, weekdays
from rambla.notifications.types import CHANNELS, WEEKDAYS, NotificationType, Preference

TYPES = [
    NotificationType(type="receipt", lane="orders", critical=True, description="A receipt"),
    NotificationType(type="follower", lane="social", critical=False, description="A follower"),
]
PREFERENCES = st.lists(
    st.builds(
        Preference,
        type=st.sampled_from(["*", "follower", "never_declared"]),
        channel=st.sampled_from(CHANNELS),
        enabled=st.booleans(),
    ),
    unique_by=lambda p: (p.type, p.channel),
)


@given(st.sets(st.sampled_from(WEEKDAYS)))
def test_days_survive_the_way_through_a_number(days: set[str]) -> None:
    ordered = tuple(day for day in WEEKDAYS if day in days)

    assert weekdays.from_mask(weekdays.to_mask(ordered)) == ordered


@given(PREFERENCES)
def test_saving_what_is_shown_changes_nothing(known: list[Preference]) -> None:
    shown = matrix.ticked(TYPES, known)
    saved = matrix.preferences(shown, TYPES, known)

    assert matrix.ticked(TYPES, saved) == shown
    assert {(p.type, p.channel): p.enabled for p in known if p.channel in ("push", "sms")}.items() <= {
        (p.type, p.channel): p.enabled for p in saved
    }.items()


def test_critical_types_are_ticked_and_never_stored() -> None:
    off = [Preference(type="*", channel="email", enabled=False)]

    assert "email:receipt" in matrix.ticked(TYPES, off)
    assert "email:follower" not in matrix.ticked(TYPES, off)
    assert all(p.type != "receipt" for p in matrix.preferences([], TYPES, off))
