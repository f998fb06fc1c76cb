"""Where this installation's PostgreSQL is: the one that ``database_url`` names, else the embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from rambla.kit.migrate import check_address, create_database, reach
from rambla.kit.postgres import EmbeddedPostgres
from rambla.settings import Settings, variable

DATABASE: Final = "rambla"
LOGIN: Final = "rambla_login"


class Instance(Struct, frozen=True, kw_only=True):
    """Addresses of one database. ``settings`` has them filled in, for web and worker processes."""

    settings: Settings
    owner_url: str
    folder: Path | None
    bin_dir: Path | None

    @property
    def described(self) -> str:
        if self.folder:
            return f"the embedded PostgreSQL in {self.folder}"
        url = urlsplit(self.owner_url)
        return f"the PostgreSQL at {url.hostname or 'the local socket'}"


@contextmanager
def instance(settings: Settings) -> Iterator[Instance]:
    """The database for as long as the block lasts; an embedded server stops when its last user leaves."""
    if settings.database_url:
        for key in ("database_url", "database_owner_url", "database_direct_url"):
            check_address(getattr(settings, key), variable(key))
        owner_url = settings.database_owner_url or settings.database_url
        reach(owner_url)  # not the other two: their login may be what a migration is about to make
        yield Instance(settings=settings, owner_url=owner_url, folder=None, bin_dir=None)
        return
    folder = (Path(settings.data_dir) / "postgres").absolute()
    postgres = EmbeddedPostgres(folder)
    with postgres.used():
        create_database(postgres.dsn("postgres"), DATABASE)
        url = postgres.dsn(DATABASE, user=LOGIN)
        yield Instance(
            settings=msgspec.structs.replace(settings, database_url=url),
            owner_url=postgres.dsn(DATABASE),
            folder=folder,
            bin_dir=postgres.bin_dir,
        )
