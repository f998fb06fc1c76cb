"""What a viewer does not want to see, for programs: hides, fewer of, muted words."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post, put
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from rambla.auth.guards import signed_in
from rambla.feed.types import Fewer, Hide, MutedWord, SubjectType, Wish
from rambla.kit.db import Caller, Database
from rambla.kit.queries import Queries

sql = Queries("rambla.feed")

Subject = Annotated[str, QueryParameter(min_length=1, max_length=50)]
Word = Annotated[str, QueryParameter(min_length=1, max_length=80)]


@get("/v1/feed/wishes", guards=[signed_in])
async def list_wishes(caller: Caller, db: Database) -> list[Wish]:
    """What the caller does not want to see, newest first, and until when."""
    async with db.transaction(caller, read_only=True) as tx:
        return await tx.all(Wish, sql.wishes)


@put("/v1/feed/hides/{item_id:uuid}", guards=[signed_in], status_code=HTTP_204_NO_CONTENT)
async def hide(item_id: UUID, caller: Caller, db: Database, data: Hide | None = None) -> None:
    """Take an item out of the caller's feed, from the next page on."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.hide, item_id=item_id, reason=(data or Hide()).reason)


@delete("/v1/feed/hides/{item_id:uuid}", guards=[signed_in])
async def unhide(item_id: UUID, caller: Caller, db: Database) -> None:
    """Let an item be shown again."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.unhide, item_id=item_id)


@post("/v1/feed/fewer", guards=[signed_in], status_code=HTTP_204_NO_CONTENT)
async def see_fewer(data: Fewer, caller: Caller, db: Database) -> None:
    """See nothing of an author or a tag for fourteen days, then less for a while."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.see_fewer, subject_type=data.subject_type, subject=data.subject)


@delete("/v1/feed/fewer", guards=[signed_in])
async def see_again(subject_type: SubjectType, subject: Subject, caller: Caller, db: Database) -> None:
    """See an author or a tag as before."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.see_again, subject_type=subject_type, subject=subject)


@post("/v1/feed/muted-words", guards=[signed_in], status_code=HTTP_200_OK)
async def mute_word(data: MutedWord, caller: Caller, db: Database) -> MutedWord:
    """Take what speaks of a word or phrase out of the feed; answers with the word as it is kept."""
    async with db.transaction(caller) as tx:
        return MutedWord(word=await tx.value(str, sql.mute_word, word=data.word))


@delete("/v1/feed/muted-words", guards=[signed_in])
async def unmute_word(word: Word, caller: Caller, db: Database) -> None:
    """Let what speaks of a word be shown again."""
    async with db.transaction(caller) as tx:
        await tx.run(sql.unmute_word, word=word)


HANDLERS = [list_wishes, hide, unhide, see_fewer, see_again, mute_word, unmute_word]
