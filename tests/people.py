"""The people of the tests: Alice owns, Bob may, Charlie is a stranger, Ada runs the place."""

from __future__ import annotations

from typing import Final, NamedTuple
from uuid import UUID

import psycopg


class Person(NamedTuple):
    id: UUID
    handle: str
    name: str

    @property
    def email(self) -> str:
        return f"{self.handle}@example.org"


ALICE: Final = Person(UUID("0199aaaa-0000-7000-8000-00000000000a"), "alice", "Alice")
BOB: Final = Person(UUID("0199aaaa-0000-7000-8000-00000000000b"), "bob", "Bob")
CHARLIE: Final = Person(UUID("0199aaaa-0000-7000-8000-00000000000c"), "charlie", "Charlie")
ADA: Final = Person(UUID("0199aaaa-0000-7000-8000-0000000000ad"), "ada", "Ada")
PEOPLE: Final = (ALICE, BOB, CHARLIE, ADA)


def move_in(connection: psycopg.Connection) -> None:
    """Everybody gets a profile; Ada is the admin. Runs as the owner."""
    for person in PEOPLE:
        connection.execute("insert into auth.users (id, email) values (%s, %s)", (person.id, person.email))
        connection.execute(
            "insert into public.profiles (id, handle, display_name) values (%s, %s, %s)",
            (person.id, person.handle, person.name),
        )
    connection.execute("insert into public.user_roles (user_id, role) values (%s, 'admin')", (ADA.id,))
