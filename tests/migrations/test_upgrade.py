"""A database that an earlier release made becomes the one that this release makes."""

from __future__ import annotations

import gzip
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Cluster
from rambla import __version__, reference
from rambla.kit.migrate import check, migrate
from rambla.kit.postgres import find_binaries

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "schema.sql"
RELEASES = sorted((Path(__file__).parent / "releases").glob("*.sql.gz"))


@pytest.fixture
def empty(cluster: Cluster, template: str) -> Iterator[str]:
    """In a cluster that has the roles already, as one with an older release does."""
    name = f"upgraded_{os.urandom(6).hex()}"
    cluster.create(name)
    yield cluster.url(name)
    cluster.drop(name)


@pytest.mark.parametrize("release", RELEASES, ids=[path.name.removesuffix(".sql.gz") for path in RELEASES])
def test_an_upgraded_database_is_the_committed_one(release: Path, empty: str) -> None:
    restored = subprocess.run(
        [find_binaries(18) / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", empty],
        input=gzip.decompress(release.read_bytes()), capture_output=True, check=False,
    )  # fmt: skip
    assert restored.returncode == 0, restored.stderr.decode()

    migrate(empty)

    assert check(empty) == []
    assert bare(SCHEMA.read_text()) == bare(reference.schema(empty, find_binaries(18)))


def test_every_released_version_is_upgraded_from() -> None:
    """bin/docs --release writes the one of this version, once."""
    assert f"{__version__}.sql.gz" in {path.name for path in RELEASES}


def bare(schema: str) -> list[str]:
    """Lines without parentheses: a dump that was restored has fewer of them, and means the same."""
    return [line.replace("(", "").replace(")", "") for line in schema.splitlines()]
