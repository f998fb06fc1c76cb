"""The peers, in environments of their own that are made when they are first asked for."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench.jobs.contender import Contender

_HOME = Path(__file__).parents[1] / "peers"
_VENV = _HOME / ".venv"
_PYTHON = _VENV / "bin" / "python"


def peers(say: Callable[[str], None]) -> list[Contender]:
    """PgQueuer and Procrastinate, and graphile-worker where Node is there."""
    _install_python(say)
    found = [_pgqueuer(), _procrastinate()]
    if _install_node(say):
        found.append(_graphile())
    else:
        say("graphile-worker is left out: there is no Node and npm on this machine.")
    return found


def _pgqueuer() -> Contender:
    return Contender(
        name="PgQueuer",
        version=_version("pgqueuer"),
        command=[str(_PYTHON), "-m", "bench.peers.pgqueuer"],
        options=[
            *({"batch": batch} for batch in (10, 50, 100, 200, 500, 1000)),
            {"batch": 100, "pool": True},
            {"batch": 500, "pool": True},
            {"batch": 100, "managers": 3},
        ],
        left="select exists (select from pgqueuer)",
        tables=["pgqueuer", "pgqueuer_log"],
    )


def _procrastinate() -> Contender:
    return Contender(
        name="Procrastinate",
        version=_version("procrastinate"),
        command=[str(_PYTHON), "-m", "bench.peers.procrastinate"],
        options=[{"concurrency": slots} for slots in (1, 10, 50)],
        left="select exists (select from procrastinate_jobs where status in ('todo', 'doing'))",
        tables=["procrastinate_jobs", "procrastinate_events"],
        share=0.1,
    )


def _graphile() -> Contender:
    package = json.loads((_HOME / "node_modules" / "graphile-worker" / "package.json").read_text())
    return Contender(
        name="graphile-worker",
        version=package["version"],
        command=["node", str(_HOME / "graphile.mjs")],
        options=[
            {"concurrency": 24},
            {
                "concurrency": 24,
                "localQueue": {"size": 500},
                "completeJobBatchDelay": 0,
                "failJobBatchDelay": 0,
            },
            {
                "concurrency": 50,
                "localQueue": {"size": 1000},
                "completeJobBatchDelay": 10,
                "failJobBatchDelay": 10,
            },
        ],
        left="select exists (select from graphile_worker._private_jobs)",
        tables=["graphile_worker._private_jobs"],
    )


def _install_python(say: Callable[[str], None]) -> None:
    wanted = (_HOME / "requirements.txt").read_text()
    done = _VENV / "installed"
    if done.exists() and done.read_text() == wanted:
        return
    say("Making a virtual environment for the peers; this happens once.")
    subprocess.run([*_maker(), str(_VENV)], check=True, capture_output=True)
    subprocess.run(
        [
            _PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
            _HOME / "requirements.txt",
        ],
        check=True,
    )
    done.write_text(wanted)


def _maker() -> list[str]:
    """Debian leaves ensurepip out of its Python; virtualenv brings its own."""
    virtualenv = shutil.which("virtualenv")
    return [virtualenv, "--quiet", "--clear"] if virtualenv else [sys.executable, "-m", "venv", "--clear"]


def _install_node(say: Callable[[str], None]) -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    done = _HOME / "node_modules" / "installed"
    wanted = (_HOME / "package.json").read_text()
    if not (done.exists() and done.read_text() == wanted):
        say("Installing graphile-worker for Node; this happens once.")
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"],
            cwd=_HOME,
            check=True,
        )
        done.write_text(wanted)
    return True


def _version(package: str) -> str:
    program = f"from importlib.metadata import version; print(version('{package}'))"
    return subprocess.run([_PYTHON, "-c", program], check=True, capture_output=True, text=True).stdout.strip()
