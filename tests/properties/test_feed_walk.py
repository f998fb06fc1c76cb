"""A viewer scrolls while the world moves: whatever happens between two pages, the feed keeps its word.

A model of the rules in Python stands beside PostgreSQL. It knows the slate, which changes nowhere but grows at its end,
and who may see what, which changes at every step; from both it says what the next page has to be.
"""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg.rows import dict_row

from conftest import Session
from feeding import Row, ids, move_in, offer, page, publish, shops
from people import ADA, ALICE, BOB, CHARLIE, Person
from properties.feed_model import Slate, World

KEPT = 3
TAGS = ("clay", "kiln", "glaze", "wheel")
LIMITS = st.one_of(st.integers(1, 12), st.integers(1, 100))
CHOICE = st.integers(0, 10_000)


class Walk(RuleBasedStateMachine):
    def __init__(self, connection: psycopg.Connection[dict[str, Any]]) -> None:
        super().__init__()
        self.session = Session(connection)
        self.world = World(
            {}, set(), set(), set(), set(), set(), {}, {}, set(), set(), set(), set(), set(), set()
        )
        self.slates: list[Slate] = []
        self.rows: list[Row] = []
        self.walked: Slate | None = None
        self.ended = False
        self.deleted: set[UUID] = set()
        self.flickered: set[UUID] = set()  # items that were not to be seen at some moment of this walk

    @initialize(stretch=st.sampled_from([1, 7, 30, 120]))
    def move_in(self, stretch: int) -> None:
        connection = self.session.connection
        self._run("update internal.settings set value = %s where key = 'feed_slate_posts'", str(stretch))
        self.people = [ALICE, CHARLIE, *move_in(connection, 4)]
        self.posts = [p for n, who in enumerate(self.people) for p in self._publish(who, 4 + 5 * n)]
        self.shop = [s for who in self.people[:4] for s in self._offer(who, 5)]
        for choice in range(3):
            self.bob_follows(choice, on=True)

    def teardown(self) -> None:
        self.session.connection.rollback()

    # the viewer

    @rule(mode=st.sampled_from(["for_you", "following", "latest", "trending"]), limit=LIMITS)
    def begin(self, mode: str, limit: int) -> None:
        rows = self._read(mode, None, limit)
        self.walked = self._slate(mode)
        self.rows, self.flickered = [], set()
        self.whoever_flickers_is_remembered()
        self._expect(rows, 0, 0, limit)
        assert rows == self._read(mode, None, limit), "a reload is another page"
        self._take(rows, limit)

    @precondition(lambda self: self.rows and not self.ended)
    @rule(limit=LIMITS)
    def go_on(self, limit: int) -> None:
        self._follow(self.rows[-1], limit, take=True)

    @precondition(lambda self: self.rows)
    @rule(limit=LIMITS, choice=CHOICE)
    def look_back(self, limit: int, choice: int) -> None:
        """From any row that was shown, not only the last of a page."""
        self._follow(self.rows[choice % len(self.rows)], limit, take=False)

    @precondition(lambda self: self.walked)
    @rule()
    def refresh(self) -> None:
        assert self.walked is not None
        mode = self.walked.mode
        with self.session.as_user(BOB):
            self.session.value("select public.feed_refresh(%s)", mode)
        self._slate(mode)

    @precondition(lambda self: self.rows)
    @rule(choice=CHOICE)
    def see(self, choice: int) -> None:
        """Changes no slate that is there, and what stands first in those to come."""
        items = ids(self.rows)[: 1 + choice % len(self.rows)]
        events = [{"event_id": str(uuid5(i, "seen")), "item_id": str(i), "kind": "impression"} for i in items]
        with self.session.as_user(BOB):
            self.session.run("select public.feed_record(%s)", msgspec.json.encode(events).decode())

    @precondition(lambda self: self.rows and not self.ended)
    @rule(limit=LIMITS)
    def read_to_the_end(self, limit: int) -> None:
        for _ in range(len(self.world.author_of) + 1):
            if self.ended or not self._follow(self.rows[-1], limit, take=True):
                return
        raise AssertionError("the walk does not end")

    @precondition(lambda self: self.rows)
    @rule(choice=CHOICE, shift=st.integers(-3, 3), other=CHOICE)
    def somebody_forges_a_cursor(self, choice: int, shift: int, other: int) -> None:
        """What another viewer, or a guess, gets: a refusal, or rows of one's own slate."""
        assert self.walked is not None
        row = self.rows[choice % len(self.rows)]
        items = [*self.walked.posts, *self.walked.shop]
        forged = {"score": row["score"] + shift, "item_id": items[other % len(items)]}
        for who, cursor in ((CHARLIE, row), (BOB, forged)):
            with self.session.as_user(who):
                self._try(who, cursor)

    # the world

    @rule(choice=CHOICE, kind=st.sampled_from(["posts", "shop"]))
    def somebody_writes_or_offers(self, choice: int, kind: str) -> None:
        who = self.people[choice % len(self.people)]
        if kind == "posts":
            self.posts += self._publish(who, 1)
        else:
            self.shop += self._offer(who, 1)

    @rule(choice=CHOICE, taken_back=st.booleans())
    def charlie_likes(self, choice: int, taken_back: bool) -> None:
        item = self.posts[choice % len(self.posts)]
        self._run("delete from public.feed_reactions where item_id = %s", item)
        if not taken_back:
            self._run(
                "insert into public.feed_reactions (user_id, item_id, kind)"
                " select %s, i.item_id, 'like' from public.feed_items i where i.item_id = %s",
                CHARLIE.id, item,
            )  # fmt: skip

    @rule(choice=CHOICE, who=CHOICE, kind=st.sampled_from(["posts", "shop"]), on=st.booleans())
    def somebody_reposts(self, choice: int, who: int, kind: str, *, on: bool) -> None:
        """In the table, because the function would also ask what that person may see."""
        items = [i for i in (self.posts if kind == "posts" else self.shop) if i not in self.deleted]
        item, person = items[choice % len(items)], self.people[who % len(self.people)].id
        self._run("delete from public.feed_reposts where user_id = %s and item_id = %s", person, item)
        self.world.reposts.discard((person, item))
        if on:
            self._run("insert into public.feed_reposts (user_id, item_id) values (%s, %s)", person, item)
            self.world.reposts.add((person, item))

    @rule(choice=CHOICE, reason=st.sampled_from(["hidden", "not_interested"]), shown=st.booleans())
    def bob_hides(self, choice: int, reason: str, shown: bool) -> None:
        candidates = ids(self.rows) if shown and self.rows else [*self.posts, *self.shop]
        item = candidates[choice % len(candidates)]
        self._run(
            "insert into public.feed_hides (user_id, item_id, reason) values (%s, %s, %s) on conflict do nothing",
            BOB.id, item, reason,
        )  # fmt: skip
        self.world.unwanted.add(item)

    @rule(choice=CHOICE, table=st.sampled_from(["cart", "owned"]))
    def bob_shops(self, choice: int, table: str) -> None:
        item = self.shop[choice % len(self.shop)]
        statement = {
            "cart": "insert into public.shopping_cart_items (user_id, item_id) values (%s, %s) on conflict do nothing",
            "owned": "insert into public.owned_items (user_id, item_id, order_id)"
            " values (%s, %s, gen_random_uuid()) on conflict do nothing",
        }
        self._run(statement[table], BOB.id, item)
        self.world.unwanted.add(item)

    @precondition(lambda self: self.world.unwanted)
    @rule(choice=CHOICE)
    def bob_wants_it_again(self, choice: int) -> None:
        unwanted = [item for item in self.world.author_of if item in self.world.unwanted]
        item = unwanted[choice % len(unwanted)]
        for table in ("feed_hides", "shopping_cart_items", "owned_items"):
            self._run(f"delete from public.{table} where user_id = %s and item_id = %s", BOB.id, item)
        self.world.unwanted.discard(item)

    @rule(choice=CHOICE, how=st.sampled_from(["bob blocks", "bob is blocked", "bob mutes"]))
    def somebody_falls_silent(self, choice: int, how: str) -> None:
        who = self.people[choice % len(self.people)].id
        table, pair = {
            "bob blocks": ("blocks (user_id, blocked_id)", (BOB.id, who)),
            "bob is blocked": ("blocks (user_id, blocked_id)", (who, BOB.id)),
            "bob mutes": ("mutes (user_id, muted_id)", (BOB.id, who)),
        }[how]
        self._run(f"insert into public.{table} values (%s, %s) on conflict do nothing", *pair)
        self.world.silenced.add(who)
        if how != "bob mutes":
            self.world.followed.discard(who)

    @precondition(lambda self: self.world.silenced)
    @rule(choice=CHOICE)
    def somebody_is_heard_again(self, choice: int) -> None:
        silenced = [who.id for who in self.people if who.id in self.world.silenced]
        who = silenced[choice % len(silenced)]
        self._run("delete from public.blocks where user_id = %(one)s or blocked_id = %(one)s", one=who)
        self._run("delete from public.mutes where muted_id = %(one)s", one=who)
        self.world.silenced.discard(who)

    @rule(choice=CHOICE, of=st.sampled_from(["author", "tag"]), on=st.booleans())
    def bob_sees_fewer(self, choice: int, of: str, on: bool) -> None:
        who = self.people[choice % len(self.people)]
        if of == "author" and who.id in self.world.silenced:
            return  # whoever is blocked, in either direction, answers as nobody
        subject = str(who.id) if of == "author" else TAGS[choice % len(TAGS)]
        with self.session.as_user(BOB):
            self.session.run(f"select public.feed_see_{'fewer' if on else 'again'}(%s, %s)", of, subject)
        (self.world.tired_of.add if on else self.world.tired_of.discard)(subject)

    @rule(kind=st.sampled_from(["Post", "Item"]), number=st.integers(1, 12), on=st.booleans())
    def bob_mutes_words(self, kind: str, number: int, on: bool) -> None:
        words = f"{kind} {number}"
        with self.session.as_user(BOB):
            self.session.run(f"select public.feed_{'mute' if on else 'unmute'}_word(%s)", words)
        (self.world.muted.add if on else self.world.muted.discard)(words)

    @rule(choice=CHOICE, on=st.booleans())
    def bob_follows(self, choice: int, on: bool) -> None:
        who = self.people[choice % len(self.people)].id
        self._run("delete from public.follows where follower_id = %s and followee_id = %s", BOB.id, who)
        self.world.followed.discard(who)
        if on:
            self._run("insert into public.follows (follower_id, followee_id) values (%s, %s)", BOB.id, who)
            self.world.followed.add(who)

    @rule(choice=CHOICE, how=st.sampled_from(["removed", "deleted"]))
    def a_post_goes(self, choice: int, how: str) -> None:
        post = self.posts[choice % len(self.posts)]
        if how == "removed":
            self._run("update public.posts set state = 'removed' where id = %s", post)
        else:
            self._run("delete from public.posts where id = %s", post)
            self.deleted.add(post)
        self.world.gone.add(post)

    @rule(choice=CHOICE, removed=st.booleans())
    def ada_moderates(self, choice: int, removed: bool) -> None:
        items = [item for item in (*self.posts, *self.shop) if item not in self.deleted]
        item = items[choice % len(items)]
        with self.session.as_user(ADA):
            self.session.run(f"select public.content_{'remove' if removed else 'restore'}(%s, 'Why')", item)
        (self.world.removed.add if removed else self.world.removed.discard)(item)

    @rule(choice=CHOICE, kind=st.sampled_from(["posts", "shop_items"]), on=st.booleans())
    def an_item_is_for_adults(self, choice: int, kind: str, on: bool) -> None:
        items = self.posts if kind == "posts" else self.shop
        item = items[choice % len(items)]
        self._run(f"update public.{kind} set age_limited = %s where id = %s", on, item)
        (self.world.age_limited.add if on else self.world.age_limited.discard)(item)

    @rule(of_age=st.booleans())
    def bob_says_his_age(self, of_age: bool) -> None:
        with self.session.as_user(BOB):
            self.session.run("select public.age_confirm(%s)", of_age)
        (self.world.of_age.add if of_age else self.world.of_age.discard)(BOB.id)

    @rule(choice=CHOICE, to=st.sampled_from(["followers", "public"]))
    def a_post_changes_its_circle(self, choice: int, to: str) -> None:
        post = self.posts[choice % len(self.posts)]
        self._run("update public.posts set visibility = %s where id = %s", to, post)
        (self.world.for_followers.add if to == "followers" else self.world.for_followers.discard)(post)

    @rule(choice=CHOICE, stock=st.sampled_from([0, 3]))
    def stock_changes(self, choice: int, stock: int) -> None:
        item = self.shop[choice % len(self.shop)]
        self._run("update public.shop_items set stock = %s where id = %s", stock, item)
        (self.world.gone.discard if stock else self.world.gone.add)(item)

    # what always holds

    @invariant()
    def nothing_stands_twice(self) -> None:
        assert len(self.rows) == len(set(ids(self.rows)))

    @invariant()
    def scores_fall(self) -> None:
        scores = [row["score"] for row in self.rows]
        assert scores == sorted(set(scores), reverse=True)

    @invariant()
    def fifty_rows_have_at_most_ten_from_the_shop(self) -> None:
        assert all(shops(self.rows[at : at + 50]) <= 10 for at in range(len(self.rows)))

    @invariant()
    def whoever_flickers_is_remembered(self) -> None:
        if self.walked:
            self.flickered |= {item for item in self.world.author_of if not self._shows(item)}

    @invariant()
    def nothing_that_stayed_is_passed_over(self) -> None:
        if self.walked and self.rows:
            posts, shop = _consumed(self.rows[-1])
            passed = {*self.walked.posts[:posts], *self.walked.shop[:shop]}
            assert passed - self.flickered <= set(ids(self.rows))

    # how

    def _follow(self, row: Row, limit: int, *, take: bool) -> bool:
        """Whether the walk went on."""
        assert self.walked is not None
        if self.walked.epoch not in [s.epoch for s in self.slates if s.mode == self.walked.mode][-KEPT:]:
            with self.session.as_user(BOB), self.session.refused("cursor_expired"):
                page(self.session.connection, self.walked.mode, after=row, limit=limit)
            return False
        rows = self._read(self.walked.mode, row, limit)
        self._grow()
        self._expect(rows, *_consumed(row), limit)
        if take:
            self._take(rows, limit)
        return True

    def _try(self, who: Person, cursor: Row) -> None:
        assert self.walked is not None
        rows, refusal = [], None
        try:
            with self.session.connection.transaction():
                rows = page(self.session.connection, self.walked.mode, after=cursor, limit=5)
        except psycopg.Error as error:
            refusal = error.diag.message_detail
        assert refusal in {None, "invalid_cursor", "cursor_expired"}
        assert who is BOB or refusal, "another viewer's cursor was taken"
        self._grow()
        assert set(ids(rows)) <= {*self.walked.posts, *self.walked.shop}

    def _expect(self, rows: list[Row], posts: int, shop: int, limit: int) -> None:
        """The page is what the model makes of the slate from there on."""
        assert self.walked is not None
        shown = self._eligible(self.walked.posts[posts:])[:limit]
        offered = iter(self._eligible(self.walked.shop[shop:]))
        expected: list[UUID] = []
        for nth, post in enumerate(shown, start=1):
            expected.append(post)
            if nth % 4 == 0:
                expected += [item for item in [next(offered, None)] if item]

        assert expected[:limit] == ids(rows)
        assert shops(rows) <= len(rows) // 5
        assert len(rows) == limit or self.walked.complete, "a page is short, and there may be more"

    def _eligible(self, items: list[UUID]) -> list[UUID]:
        assert self.walked is not None
        return [item for item in items if self._shows(item)]

    def _shows(self, item: UUID) -> bool:
        """A shop item is shown whoever sells it; only posts have to be of people one follows."""
        assert self.walked is not None
        mode = "trending" if item in set(self.shop) else self.walked.mode
        return self.world.shows(item, mode, self.walked.came_by.get(item))

    def _take(self, rows: list[Row], limit: int) -> None:
        self.rows = [*self.rows, *rows]
        self.ended = len(rows) < limit

    def _read(self, mode: str, after: Row | None, limit: int) -> list[Row]:
        with self.session.as_user(BOB):
            return page(self.session.connection, mode, after=after, limit=limit)

    def _slate(self, mode: str) -> Slate:
        """The newest slate, which has to be one that we know or newer than all of them."""
        slate = self._stored(mode)[-1]
        known = [s for s in self.slates if s.mode == mode]
        if known and slate.epoch == known[-1].epoch:
            assert slate.is_grown_from(known[-1])
            self.slates.remove(known[-1])
        else:
            assert all(slate.epoch > s.epoch for s in known)
        self.slates.append(slate)
        return slate

    def _grow(self) -> None:
        """The slate that is walked as it is stored now, if it still is."""
        assert self.walked is not None
        old = self.walked
        self.walked = next((s for s in self._stored(old.mode) if s.epoch == old.epoch), old)
        assert self.walked.is_grown_from(old)

    def _stored(self, mode: str) -> list[Slate]:
        found = self.session.all(
            "select mode, epoch, post_ids as posts, shop_ids as shop, notes as came_by, complete"
            " from public.feed_slates where viewer_id = %s and mode = %s order by epoch",
            BOB.id, mode,
        )  # fmt: skip
        return [
            Slate(**row | {"came_by": {UUID(i): UUID(note["by"]) for i, note in row["came_by"].items()}})
            for row in found
        ]

    def _publish(self, who: Person, count: int) -> list[UUID]:
        new, tag = self._new(who, count, "Post")
        return publish(self.session.connection, who, count, tags=f"{{{tag}}}", ids=new)

    def _offer(self, who: Person, count: int) -> list[UUID]:
        new, tag = self._new(who, count, "Item")
        return offer(self.session.connection, who, count, tags=f"{{{tag}}}", stock=3, ids=new)

    def _new(self, who: Person, count: int, kind: str) -> tuple[list[UUID], str]:
        """Ids that are the same when an example is played again: they break ties in the ranking."""
        known = len(self.world.author_of)
        new = [uuid5(NAMESPACE_OID, f"item {n}") for n in range(known, known + count)]
        tag = TAGS[known % len(TAGS)]
        self.world.author_of.update(dict.fromkeys(new, who.id))
        self.world.tags_of.update(dict.fromkeys(new, tag))
        self.world.words_of.update({item: f"{kind} {n}" for n, item in enumerate(new, start=1)})
        return new, tag

    def _run(self, statement: str, *params: Any, **named: Any) -> None:
        self.session.connection.execute(statement.encode(), params or named)


def _consumed(row: Row) -> tuple[int, int]:
    """What the score says: posts and shop items of the slate up to and including the row."""
    consumed = 2**21 - 1 - int(row["score"]) % 2**21
    return divmod(consumed, 512)


# Five thousand with bin/test --all, in parts that workers share, each of them drawn anew.
MANY = [pytest.param(1_000, marks=pytest.mark.slow, id=f"thousand {n}") for n in range(1, 6)]


@pytest.mark.parametrize("examples", [200, *MANY])
def test_a_walk_through_a_moving_world(shared: str, examples: int) -> None:
    with psycopg.connect(shared, row_factory=dict_row) as connection:

        class Here(Walk):
            def __init__(self) -> None:
                super().__init__(connection)

        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=examples,
                stateful_step_count=40,
                deadline=None,
                derandomize=False,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            ),
        )
