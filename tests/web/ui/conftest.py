from __future__ import annotations

from collections.abc import Iterator

import pytest

from web.ui.site import Site, Viewer, render


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    site.serve("/patterns", render("ui/patterns.html", viewer=Viewer()))
    yield site
    site.close()
