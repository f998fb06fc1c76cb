from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from web.ui.site import Site, Viewer, render

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs no PostgreSQL is the same on each release of it."""
    for item in items:
        if item.path.is_relative_to(HERE) and "cluster" not in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.look)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.serve("/patterns", render("ui/patterns.html", viewer=Viewer()))
    yield site
    site.close()
