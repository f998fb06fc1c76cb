"""Docs cannot lie: what the code has and a page does not, or the other way round, is red."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import MAJOR, Cluster
from rambla import reference
from rambla.app import create_app
from rambla.settings import Settings

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = ["settings.md", "errors.md", "http.md", "sql.md", "access.md"]
PROSE = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("README.md")]


@pytest.fixture(scope="session")
async def written(cluster: Cluster, shared: str) -> dict[str, str]:
    return await reference.pages(create_app(Settings(database_url=shared)), shared)


@pytest.mark.parametrize("name", PAGES)
async def test_a_reference_page_says_what_the_code_says(written: dict[str, str], name: str) -> None:
    if MAJOR < 18 and name in ("sql.md", "access.md"):
        # 15 words expressions differently; that the same objects are there is what counts.
        headings = re.findall(r"^(?:## |\| `)([a-z_.]+)", written[name], re.MULTILINE)
        assert all(heading in (REFERENCE / name).read_text() for heading in headings)
    else:
        assert (REFERENCE / name).read_text() == written[name], "run bin/docs"


async def test_every_route_says_what_it_does(written: dict[str, str]) -> None:
    silent = [
        line
        for line in written["http.md"].splitlines()
        if re.match(r"\| [A-Z]+ \|", line) and line.endswith("|  |")
    ]

    assert silent == []


@pytest.mark.parametrize("page", PROSE, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_no_page_names_a_file_that_is_gone() -> None:
    """Paths in backticks that look like ours must exist."""
    gone = {
        f"{page.relative_to(ROOT)}: {path}"
        for page in PROSE
        for path in re.findall(r"`((?:src|tests|bin|docs|bench|examples)/[\w./-]+)`", page.read_text())
        if not (ROOT / path).exists()
    }

    assert gone == set()
