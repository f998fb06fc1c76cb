"""A migrated database with nobody in it: a seed brings its own people."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from conftest import Cluster, TestDatabase
from rambla.kit.migrate import migrate


@pytest.fixture(scope="session")
def uninhabited(cluster: Cluster) -> str:
    cluster.create("rambla_uninhabited")
    migrate(cluster.url("rambla_uninhabited"))
    return "rambla_uninhabited"


@pytest.fixture
def empty(cluster: Cluster, uninhabited: str) -> Iterator[TestDatabase]:
    name = f"rambla_{os.urandom(6).hex()}"
    cluster.create(name, uninhabited)
    yield TestDatabase(name, cluster.url(name), cluster.url(name, "rambla_login"))
    cluster.drop(name)
