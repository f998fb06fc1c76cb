"""An experiment as an operator fills it in: text until it is right, with a word at each field that is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from msgspec import Struct

MOST: Final = 10
_WHOLE: Final = 100
_COUNT: Final = re.compile("[0-9]{1,3}")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_NAME_RULE: Final = "Only small letters, digits, - and _, at most fifty, the first a letter or digit."


class Weight(NamedTuple):
    """A weight that an arm may have its own of, what it does, and between which numbers it makes sense."""

    label: str
    least: float
    most: float
    whole: bool = False


WEIGHTS: Final = {
    "follow_boost": Weight("Whom the viewer follows", -10, 10),
    "affinity_boost": Weight("Authors they react to", -10, 10),
    "tag_boost": Weight("Tags they react to", -10, 10),
    "similar_boost": Weight("What people like who like the same", -10, 10),
    "new_author_boost": Weight("Best post of a new author", -10, 10),
    "new_author_days": Weight("Days that an author is new", 0, 3650, whole=True),
    "repost_factor": Weight("A repost, as part of a post", 0.01, 10),
    "diversity_decay": Weight("Each further post of an author", 0.01, 1),
    "diversity_floor": Weight("Further posts at the least", 0.01, 1),
    "fatigue_fade_days": Weight("Days in which “fewer” fades", 1, 3650, whole=True),
    "fatigue_floor": Weight("“Fewer” at the least", 0.01, 1),
}


class DraftArm(Struct, frozen=True, kw_only=True):
    arm: str
    share: str
    weights: dict[str, str]

    @property
    def changes(self) -> dict[str, float]:
        """What differs from everybody's weights; only of a draft without errors."""
        return {
            name: int(float(text)) if WEIGHTS[name].whole else float(text)
            for name, text in self.weights.items()
            if text
        }


class Draft(Struct, frozen=True, kw_only=True):
    """``errors`` is by name of the field; the empty name is of the whole."""

    name: str
    arms: list[DraftArm]
    errors: dict[str, str] = {}


START: Final = Draft(
    name="",
    arms=[
        DraftArm(arm="control", share="10", weights=dict.fromkeys(WEIGHTS, "")),
        DraftArm(arm="trial", share="10", weights=dict.fromkeys(WEIGHTS, "")),
    ],
)


def read(fields: Mapping[str, str]) -> Draft:
    """What was filled in, unchecked: the field ``arms`` says how many arms there are to be."""
    count = fields.get("arms", "")
    arms = [
        DraftArm(
            arm=fields.get(f"arm-{n}", "").strip(),
            share=fields.get(f"share-{n}", "").strip(),
            weights={weight: fields.get(f"{weight}-{n}", "").strip() for weight in WEIGHTS},
        )
        for n in range(min(max(int(count), 1), MOST) if _COUNT.fullmatch(count) else len(START.arms))
    ]
    return Draft(name=fields.get("name", "").strip(), arms=arms)


def check(draft: Draft) -> dict[str, str]:
    """What is wrong, in words, by field."""
    found = {} if _NAME.fullmatch(draft.name) else {"name": _NAME_RULE}
    names: set[str] = set()
    for n, arm in enumerate(draft.arms):
        if not _NAME.fullmatch(arm.arm):
            found[f"arm-{n}"] = _NAME_RULE
        elif arm.arm in names:
            found[f"arm-{n}"] = "Another arm has this name."
        names.add(arm.arm)
        if _number(arm.share, 0.01, _WHOLE) is None:
            found[f"share-{n}"] = "A number of percent from 0.01 to 100."
        found |= {f"{name}-{n}": words for name, words in _weights(arm)}
    if not found and sum(float(arm.share) for arm in draft.arms) > _WHOLE:
        found[f"share-{len(draft.arms) - 1}"] = "All shares together are more than 100 percent."
    return found


def _weights(arm: DraftArm) -> list[tuple[str, str]]:
    wrong = []
    for name, text in arm.weights.items():
        weight = WEIGHTS[name]
        value = _number(text, weight.least, weight.most)
        if text and (value is None or (weight.whole and not text.isdecimal())):
            kind = "A whole number" if weight.whole else "A number"
            wrong.append((name, f"{kind} from {weight.least:g} to {weight.most:g}."))
    return wrong


def _number(text: str, least: float, most: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if least <= value <= most else None
