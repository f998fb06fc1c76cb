"""MovieLens 100k as the recbole wheel carries it: people, films, and what people thought of films, and when."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

_FOLDER: Final = "recbole/dataset_example/ml-100k/ml-100k"
_ARTICLES: Final = (
    r"(?P<rest>.+), (?P<article>The|A|An|La|Le|Les|L'|Il|El|Los|Las|Der|Die|Das|De|Det|Un|Une|Una)"
)


class Viewer(Struct, frozen=True, kw_only=True):
    id: int
    age: int
    gender: Literal["F", "M"]
    occupation: str
    zip_code: str


class Film(Struct, frozen=True, kw_only=True):
    id: int
    title: str
    year: int | None
    """Unknown for two of them."""
    genres: list[str]


class Rating(Struct, frozen=True, kw_only=True):
    viewer: int
    film: int
    stars: int
    at: dt.datetime


class Ratings(Struct, frozen=True, kw_only=True):
    viewers: list[Viewer]
    films: list[Film]
    ratings: list[Rating]
    """In the order in which they were given."""

    def of_first(self, viewers: int) -> Ratings:
        """Only these people, and only the films that they have seen."""
        ratings = [rating for rating in self.ratings if rating.viewer <= viewers]
        seen = {rating.film for rating in ratings}
        return Ratings(
            viewers=self.viewers[:viewers],
            films=[film for film in self.films if film.id in seen],
            ratings=ratings,
        )


def read(wheel: Path) -> Ratings:
    with zipfile.ZipFile(wheel) as archive:
        return Ratings(
            viewers=[_viewer(*row) for row in _rows(archive, "user")],
            films=[_film(*row) for row in _rows(archive, "item")],
            ratings=sorted(
                (_rating(*row) for row in _rows(archive, "inter")), key=lambda r: (r.at, r.viewer, r.film)
            ),
        )


def _rows(archive: zipfile.ZipFile, kind: str) -> Iterator[list[str]]:
    lines = archive.read(f"{_FOLDER}.{kind}").decode().splitlines()
    return (line.split("\t") for line in lines[1:])


def _viewer(number: str, age: str, gender: str, occupation: str, zip_code: str) -> Viewer:
    return msgspec.convert(
        {"id": number, "age": age, "gender": gender, "occupation": occupation, "zip_code": zip_code},
        Viewer,
        strict=False,
    )


def _film(number: str, title: str, year: str, genres: str) -> Film:
    return Film(
        id=int(number),
        title=readable(title),
        year=int(year) if re.fullmatch(r"\d{4}", year) else None,
        genres=[genre.lower() for genre in genres.split(" ")],
    )


def _rating(viewer: str, film: str, stars: str, seconds: str) -> Rating:
    return Rating(
        viewer=int(viewer),
        film=int(film),
        stars=int(float(stars)),
        at=dt.datetime.fromtimestamp(float(seconds), dt.UTC),
    )


def readable(title: str) -> str:
    """``Birdcage, The`` as people say it; a foreign name in brackets likewise."""
    name, bracket, other = title.partition(" (")
    if bracket and other.endswith(")"):
        return f"{readable(name)} ({readable(other[:-1])})"
    found = re.fullmatch(_ARTICLES, title)
    if found is None:
        return title
    return f"{found['article']}{'' if found['article'].endswith(chr(39)) else ' '}{found['rest']}"
