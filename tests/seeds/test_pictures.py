"""The demo world's pictures are committed, and the code that drew them still draws the same."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import rambla.ui
from rambla.seeds.person import people
from rambla.seeds.pictures.album import album

FOLDER = Path(rambla.ui.__path__[0]) / "img" / "demo"
DRAWN = album()


def test_drawing_again_gives_the_committed_bytes() -> None:
    committed = {file.name: file.read_bytes() for file in FOLDER.iterdir()}

    assert {name: drawing.encode() for name, drawing in DRAWN.items()} == committed


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_small_and_runs_nothing(name: str) -> None:
    elements = list(ET.fromstring(DRAWN[name]).iter())

    assert len(DRAWN[name]) < 3_000
    assert {"script", "style", "foreignObject", "image", "a"}.isdisjoint(
        e.tag.split("}")[1] for e in elements
    )
    assert all(value.startswith("#") for e in elements for key, value in e.items() if key.endswith("href"))


def test_pictures_are_four_by_three_and_faces_are_square() -> None:
    shapes = {name: ET.fromstring(drawing).get("viewBox") for name, drawing in DRAWN.items()}

    assert {box for name, box in shapes.items() if not name.startswith("avatar-")} == {"0 0 400 300"}
    assert {box for name, box in shapes.items() if name.startswith("avatar-")} == {"0 0 120 120"}


def test_no_two_pictures_are_the_same() -> None:
    assert len(set(DRAWN.values())) == len(DRAWN)


def test_everything_that_shows_a_picture_finds_it() -> None:
    shown = [
        *(person.avatar_url for person in people() if person.avatar_url),
        *(entry.image_url for person in people() for entry in person.posts if entry.image_url),
        *(entry.image_url for person in people() for entry in person.shop),
    ]

    assert sorted(url.removeprefix("/static/img/demo/") for url in shown) == sorted(DRAWN)
