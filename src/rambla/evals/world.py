"""What an evaluation plays: items that appear, acts of viewers in the order of time, and questions between them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

SEEN: Final = 0
LIKED: Final = 1
SAVED: Final = 3
"""What an act is worth when it is the answer to a question: a save three times a like."""

Part = Literal["tuning", "report"]


class Item(Struct, frozen=True, kw_only=True):
    id: UUID
    author: UUID
    sold: bool
    tags: tuple[str, ...]
    at: dt.datetime


class Act(Struct, frozen=True, kw_only=True):
    viewer: UUID
    item: UUID
    gain: int
    at: dt.datetime


class Follow(Struct, frozen=True, kw_only=True):
    """``after`` acts of the world have happened."""

    follower: UUID
    followee: UUID
    after: int
    at: dt.datetime


class Question(Struct, frozen=True, kw_only=True):
    """What is the viewer to read now? ``after`` acts of the world have happened; ``gains`` is what they like next."""

    viewer: UUID
    after: int
    at: dt.datetime
    part: Part
    gains: Mapping[UUID, float]


class World(Struct, frozen=True, kw_only=True):
    """Items and follows in the order in which they come, acts in the order of time."""

    name: str
    people: Sequence[UUID]
    items: Sequence[Item]
    follows: Sequence[Follow]
    acts: Sequence[Act]
    questions: Sequence[Question]

    def of_part(self, part: Part) -> list[Question]:
        return [question for question in self.questions if question.part == part]

    def thinned(self, every: int) -> World:
        """Only one viewer in so many is asked, all of their questions."""
        asked = sorted({question.viewer for question in self.questions})[::every]
        chosen = frozenset(asked)
        return msgspec.structs.replace(self, questions=[q for q in self.questions if q.viewer in chosen])


class Protocol(Struct, frozen=True, kw_only=True):
    """When a viewer is asked, and what then counts as an answer."""

    histories: tuple[int, ...] = (20, 40, 80, 160)
    """After so many acts of their own."""
    ahead: dt.timedelta = dt.timedelta(days=30)
    warm_up: float = 0.2
    """Before this share of all acts nobody is asked."""
    tuned_until: float = 0.5
    """Questions before this share of all acts choose the weights; those after it are reported."""


def questions(acts: Sequence[Act], items: Sequence[Item], protocol: Protocol) -> Iterator[Question]:
    """In the order of time. An answer is liked in the time ahead, was not seen before, and is there when asked."""
    appeared = {item.id: item.at for item in items}
    numbers: defaultdict[UUID, list[int]] = defaultdict(list)
    for number, act in enumerate(acts):
        numbers[act.viewer].append(number)
    asked: list[Question] = []
    for viewer, own in numbers.items():
        for history in protocol.histories:
            if len(own) <= history or own[history - 1] < protocol.warm_up * len(acts):
                continue
            at = acts[own[history - 1]].at
            ahead = (acts[n] for n in own[history:] if acts[n].at < at + protocol.ahead)
            gains = {act.item: float(act.gain) for act in ahead if act.gain and appeared[act.item] <= at}
            if gains:
                part: Part = "tuning" if own[history - 1] < protocol.tuned_until * len(acts) else "report"
                asked.append(
                    Question(viewer=viewer, after=own[history - 1] + 1, at=at, part=part, gains=gains)
                )
    yield from sorted(asked, key=lambda question: question.after)


def taken_to(acts: Sequence[Act], authors: Mapping[UUID, UUID], likes: int) -> Iterator[Follow]:
    """A viewer follows an author at the third, say, of their items that they like; nothing of later is known."""
    liked: defaultdict[tuple[UUID, UUID], int] = defaultdict(int)
    for number, act in enumerate(acts, 1):
        if act.gain:
            pair = (act.viewer, authors[act.item])
            liked[pair] += 1
            if liked[pair] == likes and pair[0] != pair[1]:
                yield Follow(follower=pair[0], followee=pair[1], after=number, at=act.at)
