"""``rambla up``: one command, one process to stop."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.conftest import Product, Run

Up = Callable[..., Product]


def test_one_command_gives_the_running_product_and_ctrl_c_stops_all_of_it(up: Up, folder: Path) -> None:
    product = up("--no-demo")

    product.wait_until_ready()

    assert [product.get(path) for path in ("/", "/docs", "/openapi.json", "/livez", "/readyz")] == [200] * 5
    assert all(word in product.said for word in ("App", "Admin", "API docs", "Health", "Database"))
    assert product.stop() == 0
    assert processes_of(folder) == []


def test_it_starts_again_on_the_same_data(up: Up, rambla: Run) -> None:
    first = up("--no-demo")
    first.wait_until_ready()
    change = "update public.profiles set bio = 'kept' where handle = 'owner'"
    assert rambla("db", "psql", "--", "-qc", change).returncode == 0
    first.stop()

    second = up("--no-demo")
    second.wait_until_ready()

    assert "kept" in rambla("db", "psql", "--", "-Atc", "select bio from public.profiles").stdout


def test_a_kill_takes_the_children_along_and_the_next_start_works(up: Up, folder: Path) -> None:
    first = up("--no-demo")
    first.wait_until_ready()

    first.stop(signal.SIGKILL)

    assert eventually(lambda: [p for p in processes_of(folder) if "-m rambla" in p] == [])
    second = up("--no-demo")
    second.wait_until_ready()
    assert second.get("/readyz") == 200
    assert second.stop() == 0
    assert processes_of(folder) == [], "also the server that the killed one had left behind"


def test_a_second_ctrl_c_stops_at_once(up: Up, folder: Path) -> None:
    product = up("--no-demo")
    product.wait_until_ready()

    product.process.send_signal(signal.SIGINT)
    started = time.monotonic()
    product.stop(signal.SIGINT)

    assert time.monotonic() - started < 5
    assert eventually(lambda: [p for p in processes_of(folder) if "-m rambla" in p] == [])


def test_when_the_worker_dies_the_product_does_not_go_on_by_half(up: Up) -> None:
    product = up("--no-demo")
    product.wait_until_ready()
    (worker,) = children(product.process.pid, "work")

    subprocess.run(["kill", "-9", str(worker)], check=True)

    assert product.process.wait(30) == 1


def test_a_taken_port_is_one_sentence(up: Up) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        product = up(port=other.getsockname()[1])

        assert product.process.wait(30) == 1

    assert product.said.startswith("rambla: Port ")
    assert "--port" in product.said
    assert len(product.said.splitlines()) == 1


def test_a_wrong_database_is_one_sentence(rambla: Run) -> None:
    result = rambla("up", DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")

    assert result.returncode == 1
    assert result.stderr.startswith("rambla: The database does not answer")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["up", "serve", "work", "smoke"])
def test_what_is_no_address_of_a_database_is_one_sentence_without_its_password(
    rambla: Run, command: str
) -> None:
    result = rambla(command, "--port", "0", DATABASE_URL="mysql://alice:hunter2@db/rambla")

    assert result.returncode == 1
    assert result.stderr.startswith(
        "rambla: DATABASE_URL is not an address of PostgreSQL: write postgresql://"
    )
    assert len(result.stderr.splitlines()) == 1
    assert "hunter2" not in result.stderr


def test_an_address_that_is_not_this_machines_is_one_sentence(rambla: Run) -> None:
    result = rambla("up", "--host", "192.0.2.1")

    assert result.returncode == 1
    assert "--host" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_one_sentence(rambla: Run, folder: Path) -> None:
    (folder / "file").write_text("")

    result = rambla("up", "--data-dir", str(folder / "file"))

    assert result.returncode == 1
    assert result.stderr.startswith("rambla: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_stopped_product_answers_nobody(up: Up) -> None:
    product = up("--no-demo")
    product.wait_until_ready()
    product.stop(signal.SIGTERM)

    with pytest.raises(urllib.error.URLError):
        product.get("/livez")


def processes_of(folder: Path) -> list[str]:
    """Command lines of processes that work in the folder or name it."""
    lines = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                where = str((entry / "cwd").readlink())
            except OSError:
                continue
            if str(folder) in command or where.startswith(str(folder)):
                lines.append(command)
    return lines


def children(parent: int, command: str) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(parent)], capture_output=True, text=True, check=True
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if f"rambla {command}" in line]


def eventually(holds: Callable[[], bool], patience: float = 15.0) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False
