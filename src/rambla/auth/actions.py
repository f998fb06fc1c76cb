"""Signing in: what needs more than one SQL function."""

from __future__ import annotations

import hashlib
from uuid import UUID

import msgspec

from rambla.auth import links, sessions
from rambla.auth.passwords import Passwords
from rambla.auth.rates import Rates
from rambla.auth.sessions import Kind
from rambla.auth.types import Credential, Visitor
from rambla.errors import Problem
from rambla.kit.db import SERVICE, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.auth")


class Entrance:
    """What signing in needs, made once for the process."""

    def __init__(self, database: Database, passwords: Passwords, rates: Rates) -> None:
        self._database = database
        self._passwords = passwords
        self._rates = rates

    async def by_password(self, name: str, password: str, *, kind: Kind, visitor: Visitor) -> str:
        """A new session's token, or ``wrong_credentials``, alike in words and time whatever was wrong.

        No connection is held while the password is checked: that is the slow part, and there are few of them.
        """
        await self._charge(name)
        async with self._database.transaction(SERVICE, read_only=True) as tx:
            credential = await tx.first(Credential, sql.credential, name=name)
        stored = credential.password_hash if credential else None
        right = await self._passwords.verify(stored, password)
        if credential is None or not right:
            await self._note_failure(credential, visitor)
            raise Problem("wrong_credentials")
        await self._renew(credential, password)
        return await self._start(credential.user_id, kind, visitor)

    async def by_link(self, token: str, *, visitor: Visitor) -> str:
        """Uses the link up and starts the session in one transaction."""
        async with self._database.transaction(SERVICE) as tx:
            user_id = await links.use(tx, token)
            return await sessions.start(tx, user_id, kind="cookie", label=visitor.device)

    async def change_password(self, user_id: UUID, old: str, new: str, *, visitor: Visitor) -> str:
        """Ends every session of the person and gives the token of a new one."""
        await self._charge(str(user_id))
        async with self._database.transaction(SERVICE, read_only=True) as tx:
            credential = await tx.first(Credential, sql.credential_of, user_id=user_id)
        if credential and not await self._passwords.verify(credential.password_hash, old):
            await self._note_failure(credential, visitor)
            raise Problem("wrong_credentials", "The present password is wrong.")
        hashed = await self._passwords.hash(new)
        async with self._database.transaction(SERVICE) as tx:
            await tx.run(sql.password_set, user_id=user_id, hash=hashed)
            return await sessions.start(tx, user_id, kind="cookie", label=visitor.device)

    async def _charge(self, name: str) -> None:
        """By name as well as by line, or many lines could try one person's passwords."""
        digest = hashlib.sha256(name.strip().lower().encode()).hexdigest()
        verdict = await self._rates.spend("sign_in", f"name:{digest}")
        if not verdict.allowed:
            raise verdict.problem

    async def _note_failure(self, credential: Credential | None, visitor: Visitor) -> None:
        details = msgspec.json.encode({"address": visitor.address, "device": visitor.device}).decode()
        async with self._database.transaction(SERVICE) as tx:
            await tx.run(sql.failure, user_id=credential.user_id if credential else None, details=details)

    async def _renew(self, credential: Credential, password: str) -> None:
        """The one moment when the password is here to be hashed with today's parameters."""
        if self._passwords.is_dated(credential.password_hash):
            hashed = await self._passwords.hash(password)
            async with self._database.transaction(SERVICE) as tx:
                await tx.run(sql.rehash, user_id=credential.user_id, old=credential.password_hash, new=hashed)

    async def _start(self, user_id: UUID, kind: Kind, visitor: Visitor) -> str:
        async with self._database.transaction(SERVICE) as tx:
            return await sessions.start(tx, user_id, kind=kind, label=visitor.device)
