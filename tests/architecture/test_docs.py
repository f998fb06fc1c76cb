"""Docs cannot lie: what the code has and a page does not, or the other way round, is red."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cyclopts import CycloptsError
from prometheus_client import REGISTRY

from conftest import MAJOR, Cluster
from rambla import cli, reference
from rambla.app import create_app
from rambla.settings import Settings, variable

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PAGES = ["settings.md", "errors.md", "http.md", "sql.md", "access.md"]
FUNCTIONS_OF = {
    "feed.md": "feed", "jobs.md": "worker", "notifications.md": "notif", "earnings.md": "earnings",
    "commerce.md": "order",
}  # fmt: skip
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


@pytest.mark.parametrize("page", FUNCTIONS_OF)
async def test_a_slices_page_names_each_of_its_functions(written: dict[str, str], page: str) -> None:
    text = (REFERENCE / page).read_text()
    functions = re.findall(rf"^## ({FUNCTIONS_OF[page]}_\w+)", written["sql.md"], re.MULTILINE)

    assert functions
    assert [name for name in functions if not re.search(rf"\b{name}\b", text)] == []


async def test_the_feeds_page_names_each_of_its_addresses(written: dict[str, str]) -> None:
    text = (REFERENCE / "feed.md").read_text()
    routes = re.findall(r"^\| ([A-Z]+) \| `((?:/v1|/admin)?/feed[^`]*)`", written["http.md"], re.MULTILINE)

    assert len(routes) > 20
    assert [route for route in map(address, routes) if f"`{route}`" not in text] == []
    named = re.findall(r"`([A-Z]+ /[^`?]*)`", text)
    there = re.findall(r"^\| ([A-Z]+) \| `([^`]*)`", written["http.md"], re.MULTILINE)
    assert set(named) <= set(map(address, there))


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


OPERATE = sorted((ROOT / "docs" / "operate").glob("*.md"))


@pytest.mark.parametrize("page", OPERATE, ids=lambda p: p.stem)
def test_an_operators_page_names_only_what_there_is(page: Path, written: dict[str, str]) -> None:
    """At three in the morning a command, a setting, an address or a metric of the page has to be there."""
    text = page.read_text()

    assert [
        call for call in re.findall(r"\brambla ((?:[a-z]+ ?)+)", code_of(text)) if not is_command(call)
    ] == []
    assert set(re.findall(r"\bRAMBLA_[A-Z_]+|\b(?:DATABASE|REDIS|SMTP)_URL\b|\bSENTRY_DSN\b", text)) <= {
        variable(key) for key in Settings.__struct_fields__
    }
    assert [path for path in addresses_of(text) if f"`{path}`" not in written["http.md"]] == []
    assert set(re.findall(r"\brambla_(?:requests?|jobs?)_\w+", text)) <= metrics()


def test_every_page_that_operators_were_promised_is_there() -> None:
    assert {page.stem for page in OPERATE} == {
        "SMOKE-TEST", "MONITORING-GATES", "ROLLBACK-PLAN", "TYPE-SAFETY", "SHIP-READY-CHECKLIST", "INFRA",
    }  # fmt: skip


def test_types_are_as_safe_as_the_page_says() -> None:
    lines = {
        (str(path.relative_to(ROOT)), line.strip())
        for path in (ROOT / "src").rglob("*.py")
        for line in path.read_text().splitlines()
    }

    assert {where for where, line in lines if re.search(r"\bcast\(", line)} == set()
    unexplained = r"# type: ignore(?!\[[a-z-]+\](?:  # noqa: \w+)?  # \w)"
    assert {where for where, line in lines if re.search(unexplained, line)} == set()


def address(route: tuple[str, str]) -> str:
    """As prose has it: without the types of what varies."""
    method, path = route
    return f"{method} {re.sub(r':(uuid|str)}', '}', path)}"


def code_of(text: str) -> str:
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL) + re.findall(r"`(rambla [^`]+)`", text))


def is_command(call: str) -> bool:
    """Whether the words begin with a command; what follows are its arguments."""
    try:
        _, apps, _ = cli.app.parse_commands(call.split())
    except CycloptsError:
        return False
    return apps[-1] is not cli.app and apps[-1].default_command is not None


def addresses_of(text: str) -> set[str]:
    """Those that stand as an address; a queue's name is the example's."""
    found = re.findall(r"`(?:(?:GET|PUT|POST|DELETE) )?(/(?:v1|admin|livez|readyz|metrics)[\w/-]*)`", text)
    return {re.sub(r"/queues/\w+", "/queues/{queue:str}", path) for path in found}


def metrics() -> set[str]:
    return {sample.name for family in REGISTRY.collect() for sample in family.samples} | {
        f"{family.name}_{suffix}"
        for family in REGISTRY.collect()
        for suffix in ("total", "bucket", "count", "sum")
    }
