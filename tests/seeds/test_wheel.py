"""The data comes inside a package of a registry; what happens when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from rambla.errors import Problem
from rambla.seeds.movielens import RECBOLE
from rambla.seeds.ratings import read, readable
from rambla.seeds.wheel import fetch


@pytest.fixture
def no_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_FIND_LINKS", "")


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "rambla"


@pytest.mark.usefixtures("no_registry")
def test_no_registry_is_one_sentence_that_says_what_to_do(empty_cache: Path) -> None:
    with pytest.raises(Problem) as caught:
        fetch(RECBOLE)

    assert str(caught.value) == (
        "The data is inside the package recbole==1.2.1, and no package registry gave it to pip: set PIP_INDEX_URL"
        f" to one that can be reached, or put recbole-1.2.1-py3-none-any.whl into {empty_cache}."
    )


def test_the_wheel_is_downloaded_once(monkeypatch: pytest.MonkeyPatch, empty_cache: Path) -> None:
    first = fetch(RECBOLE)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    second = fetch(RECBOLE)

    assert first == second == empty_cache / RECBOLE.file


@pytest.mark.usefixtures("no_registry")
def test_a_wheel_that_was_tampered_with_is_not_read(empty_cache: Path) -> None:
    empty_cache.mkdir()
    (empty_cache / RECBOLE.file).write_bytes(b"something else")

    with pytest.raises(Problem, match=r"is not the recbole==1\.2\.1 that we know\. Delete it and try again"):
        fetch(RECBOLE)


def test_all_of_the_data_is_read() -> None:
    data = read(fetch(RECBOLE))

    assert (len(data.viewers), len(data.films), len(data.ratings)) == (943, 1_682, 100_000)
    assert {rating.stars for rating in data.ratings} == {1, 2, 3, 4, 5}
    assert data.ratings == sorted(data.ratings, key=lambda r: (r.at, r.viewer, r.film))


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("Toy Story", "Toy Story"),
        ("Birdcage, The", "The Birdcage"),
        (
            "Horseman on the Roof, The (Hussard sur le toit, Le)",
            "The Horseman on the Roof (Le Hussard sur le toit)",
        ),
        ("I, Worst of All (Yo, la peor de todas)", "I, Worst of All (Yo, la peor de todas)"),
        ("Seven (Se7en)", "Seven (Se7en)"),
    ],
)
def test_titles_read_as_people_say_them(stored: str, said: str) -> None:
    assert readable(stored) == said
