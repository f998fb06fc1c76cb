"""What docs/reference/feed.md says: its statements run, and its words, weights and settings are those of the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args, get_type_hints
from uuid import UUID

import pytest

from conftest import Session
from feeding import offer, publish
from people import ADA, ALICE, BOB
from rambla.feed.types import MODES, Event, HideReason, Reaction, Reason, Wish

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "feed.md").read_text()
SQL = Path(__file__).parents[3] / "src" / "rambla" / "feed" / "sql"
POST, SHOP_ITEM = (UUID(f"01890000-0000-7000-8000-00000000000{n}") for n in (1, 2))
STATEMENTS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def world(session: Session) -> Session:
    """Bob follows Alice, whose post and shop item the page names."""
    publish(session.connection, ALICE, ids=[POST], tags="{clay}")
    publish(session.connection, ALICE, 12, tags="{clay}")
    offer(session.connection, ALICE, ids=[SHOP_ITEM], tags="{glaze}")
    session.run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, ALICE.id)
    return session


def test_its_statements_run_one_after_the_other(world: Session) -> None:
    for block in STATEMENTS:
        found = re.match(r"-- as (an admin|the service)\n", block)
        who = found.group(1) if found else "Bob"
        with {
            "Bob": world.as_user(BOB), "an admin": world.as_user(ADA), "the service": world.as_role("service_role"),
        }[who]:  # fmt: skip
            for statement in block.removesuffix("\n").split(";\n"):
                assert world.all(statement.replace("%", "%%")), statement

    assert len(STATEMENTS) > 10


def test_its_words_are_those_that_there_are() -> None:
    words = [*MODES, *get_args(Reason), *get_args(Reaction), *get_args(HideReason)]
    for struct in (Event, Wish):
        words += get_args(get_type_hints(struct)["kind"])
    codes = {code for file in SQL.glob("*.sql") for code in re.findall(r"detail = '(\w+)'", file.read_text())}
    terms = {
        term
        for file in ("explain.sql", "extras.sql", "feed_explain.sql")
        for term in re.findall(
            r"(?:select|,|\()\s+(?:\d(?: as way)?, )?'(\w+)'(?=,| as term)", (SQL / file).read_text()
        )
    }

    assert {"popularity", "follow", "fewer", "source", "place", "newest"} <= terms
    assert codes
    assert [word for word in {*words, *codes, *terms} if f"`{word}`" not in PAGE] == []


def test_its_weights_and_settings_have_the_defaults_that_it_says(session: Session) -> None:
    said = {
        name: float(value)
        for names, values in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| ([\d., ]+) \|", PAGE, re.MULTILINE)
        for name, value in zip(re.findall(r"\w+", names), values.split(", "), strict=True)
    }
    weights = session.one("select * from public.feed_weights where version = 1")
    settings = session.all("select key, value from internal.settings where key like 'feed\\_%%'")

    assert said == {
        **{key: value for key, value in weights.items() if key not in ("version", "created_at", "trial")},
        **{row["key"]: float(row["value"]) for row in settings},
    }
