"""Where the browser's files are, and the addresses under which they may be cached for ever."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parent

STATIC_DIRS: Final[dict[str, Path]] = {name: _ROOT / name for name in ("css", "img", "js", "vendor")}
"""``/static/<name>`` serves the directory; nothing else of the package is public."""


def asset_url(name: str) -> str:
    """``css/base.css`` as ``/static/css/base.css?v=<hash>``: other content, other address.

    So nothing here may name another file by itself: an ``import`` has no hash and would stay stale for a year.
    """
    folder, _, file = name.partition("/")
    path = STATIC_DIRS[folder] / file
    return f"/static/{name}?v={_fingerprint(path, path.stat().st_mtime_ns)}"


# The time of change is a key, so that an edited style sheet shows without a restart.
@lru_cache(maxsize=256)
def _fingerprint(path: Path, _changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
