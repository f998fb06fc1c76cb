from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from conftest import TestDatabase
from postbox import Postbox, postbox
from rambla.kit.db import Database


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as box:
        yield box


@pytest.fixture
async def db(database: TestDatabase) -> AsyncIterator[Database]:
    """The test's own database as a process of ours sees it."""
    db = Database.at(database.login_url, size=4)
    await db.open()
    yield db
    await db.close()
