from __future__ import annotations

from collections.abc import Iterator

import pytest

from conftest import Session
from queueing import Connection


@pytest.fixture
def service(session: Session) -> Iterator[Connection]:
    """The service in a transaction that is rolled back."""
    with session.as_role("service_role"):
        yield session.connection
