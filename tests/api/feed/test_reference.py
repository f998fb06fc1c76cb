"""The requests that docs/reference/feed.md shows, each as a program of Bob's sends it."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

from conftest import TestDatabase
from feeding import offer, publish
from people import ALICE, BOB
from running import Api

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "feed.md").read_text()
REQUESTS = [
    request
    for block in re.findall(r"```http\n(.*?)```", PAGE, re.DOTALL)
    for request in re.findall(r"^([A-Z]+) (\S+)\n((?:[\[{].*\n)?)", block, re.MULTILINE)
]


async def test_its_requests_are_answered(api: Api, database: TestDatabase) -> None:
    with database.connect("owner") as owner:
        publish(owner, ALICE, ids=[UUID("01890000-0000-7000-8000-000000000001")])
        offer(owner, ALICE, ids=[UUID("01890000-0000-7000-8000-000000000002")])
    answers = {
        f"{method} {path}": await api.as_(BOB).request(
            method, path, content=body, headers={"content-type": "application/json"} if body else {}
        )
        for method, path, body in REQUESTS
    }

    assert len(answers) > 7
    assert {call: answer.text for call, answer in answers.items() if answer.is_error} == {}
