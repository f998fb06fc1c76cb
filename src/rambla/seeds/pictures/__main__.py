"""``python -m rambla.seeds.pictures`` draws the demo world's pictures again; they are committed."""

from __future__ import annotations

from pathlib import Path

import rambla.ui
from rambla.seeds.pictures.album import album

folder = Path(rambla.ui.__path__[0]) / "img" / "demo"
folder.mkdir(parents=True, exist_ok=True)
for old in folder.glob("*.svg"):
    old.unlink()
for name, drawing in album().items():
    (folder / name).write_text(drawing, encoding="utf-8")
