"""Named queries: SQL lives in ``queries.sql``, Python holds its names.

A file is a series of blocks, each opened by ``-- name: what it is for`` and holding one statement.
Parameters are ``%(name)s``; a percent sign of SQL is written twice, with parameters or without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import Final

_HEADER: Final = re.compile(r"^-- (?P<name>[a-z_0-9]+): (?P<purpose>.+)$", re.MULTILINE)


class Query(str):
    """SQL text that came from a file of the package and so never from a request."""

    __slots__ = ()


class Queries:
    """The queries of one slice as attributes: ``sql.unread_count``."""

    def __init__(self, package: str, file: str = "queries.sql") -> None:
        text = resources.files(package).joinpath(file).read_text()
        headers = list(_HEADER.finditer(text))
        ends = [header.start() for header in headers[1:]] + [len(text)]
        self._where = f"{package}/{file}"
        self._queries = {
            header["name"]: Query(text[header.end() : end].strip().removesuffix(";"))
            for header, end in zip(headers, ends, strict=True)
        }
        if len(self._queries) != len(headers):
            raise ValueError(f"{self._where} names a query twice")

    def __getattr__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError:
            raise AttributeError(f"{self._where} has no query {name}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)
