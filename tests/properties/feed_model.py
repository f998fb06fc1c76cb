"""What a viewer's feed has to be: a slate that only grows, and the rules of who may see what."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from people import BOB

NEEDS_FOLLOW = ("following", "latest")


class Slate(NamedTuple):
    mode: str
    epoch: int
    posts: list[UUID]
    shop: list[UUID]
    came_by: dict[UUID, UUID]  # what is there because somebody reposted it
    complete: bool

    def is_grown_from(self, younger: Slate) -> bool:
        return (
            self[:2] == younger[:2]
            and self.posts[: len(younger.posts)] == younger.posts
            and self.shop[: len(younger.shop)] == younger.shop
            and self.came_by.items() >= younger.came_by.items()
            and (not younger.complete or self == younger)
        )


class World(NamedTuple):
    """Who may see what, as sets: the model of the rules."""

    author_of: dict[UUID, UUID]
    gone: set[UUID]  # removed or sold out
    unwanted: set[UUID]  # hidden, in the cart, owned
    silenced: set[UUID]  # people blocked, by whom blocked, muted
    for_followers: set[UUID]
    followed: set[UUID]
    tags_of: dict[UUID, str]
    words_of: dict[UUID, str]
    tired_of: set[str]  # tags and authors of which Bob sees fewer
    muted: set[str]
    removed: set[UUID]  # by a moderator
    age_limited: set[UUID]
    of_age: set[UUID]
    reposts: set[tuple[UUID, UUID]]  # who reposted what

    def shows(self, item: UUID, mode: str, came_by: UUID | None) -> bool:
        author = self.author_of[item]
        return (
            item not in self.gone
            and item not in self.removed
            and (item not in self.age_limited or BOB.id in self.of_age)
            and item not in self.unwanted
            and author not in self.silenced
            and self.tired_of.isdisjoint({str(author), self.tags_of[item]})
            and self.words_of[item] not in self.muted
            and (
                author in self.followed
                or (
                    item not in self.for_followers
                    and (self._stands(item, came_by) if came_by else mode not in NEEDS_FOLLOW)
                )
            )
        )

    def _stands(self, item: UUID, reposter: UUID) -> bool:
        return (
            (reposter, item) in self.reposts
            and reposter in self.followed
            and reposter not in self.silenced
            and str(reposter) not in self.tired_of
        )
