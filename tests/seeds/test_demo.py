"""``rambla seed demo``: a world in which every page has something to show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

import people as residents
import rambla.ui
from conftest import Cluster, TestDatabase, become
from people import Person
from rambla.auth.passwords import Passwords
from rambla.errors import Problem
from rambla.seeds.demo import seed_demo, seed_if_empty
from rambla.seeds.person import item_id, people, person_id
from rambla.seeds.sign_in import NAMES, PASSWORD, refuse_known_passwords
from rambla.serve import serve
from rambla.settings import Settings

ALICE, BOB, CHARLIE, ADA = (Person(person_id(handle), handle, handle.title()) for handle in NAMES)
Connection = psycopg.Connection[dict[str, Any]]


def quiet(_: str) -> None:
    """For seeds whose words are not the matter."""


@pytest.fixture(scope="module")
def seeded(cluster: Cluster, uninhabited: str) -> Iterator[TestDatabase]:
    name = "rambla_demo"
    cluster.create(name, uninhabited)
    database = TestDatabase(name, cluster.url(name), cluster.url(name, "rambla_login"))
    seed_demo(database.owner_url, quiet)
    yield database
    cluster.drop(name)


@pytest.fixture
def owner(seeded: TestDatabase) -> Iterator[Connection]:
    """The owner's session; what a test does is rolled back."""
    with psycopg.connect(seeded.owner_url, row_factory=dict_row) as connection:
        yield connection
        connection.rollback()


def rows(connection: Connection, query: str, *params: object) -> list[dict[str, Any]]:
    return connection.execute(query.encode(), params).fetchall()


def page_of(connection: Connection, person: Person, mode: str = "for_you") -> list[dict[str, Any]]:
    become(connection, person)
    page = rows(connection, "select * from public.feed_fusion_home(%s, null, null, 50)", mode)
    become(connection, "owner")
    return page


def test_every_earnings_card_of_alice_has_something_and_a_reason(owner: Connection) -> None:
    become(owner, ALICE)
    (euro,) = rows(owner, "select * from public.earnings_summary()")
    (proof,) = rows(owner, "select * from public.earnings_recompute(auth.uid())")
    reasons = {row["reason"] for row in rows(owner, "select distinct reason from public.earnings_events")}

    assert all(euro[card] > 0 for card in ("total", "captured", "pending", "reversed", "expired"))
    assert euro["missed"] == euro["total"] - euro["captured"]
    assert proof["drift"] == 0
    assert {"matured", "returned", "cancelled", "brand_unpaid", "window_expired"} < reasons


def test_every_picture_that_a_row_names_is_a_file(owner: Connection) -> None:
    named = rows(
        owner,
        """
        select avatar_url as url from public.profiles where avatar_url is not null
        union all select image_url from public.posts where image_url is not null
        union all select image_url from public.shop_items
        """,
    )
    missing = [
        row["url"]
        for row in named
        if not (Path(rambla.ui.__path__[0]) / row["url"].removeprefix("/static/")).is_file()
    ]

    assert len(named) > 120
    assert missing == []


@pytest.mark.parametrize("mode", ["for_you", "trending"])
def test_bob_reads_fifty_items_of_which_ten_are_for_sale(owner: Connection, mode: str) -> None:
    page = page_of(owner, BOB, mode)

    assert len({row["item_id"] for row in page}) == 50
    assert sum(row["item_type"] == "shop_item" for row in page) == 10


def test_bob_is_not_shown_what_he_has_or_does_not_want(owner: Connection) -> None:
    his = {
        row["item_id"]
        for row in rows(
            owner,
            """
            select item_id from public.shopping_cart_items where user_id = %(bob)s
            union all select item_id from public.owned_items where user_id = %(bob)s
            union all select item_id from public.feed_hides where user_id = %(bob)s
            union all select id from public.shop_items where stock = 0
            """.replace("%(bob)s", f"'{BOB.id}'"),
        )
    }
    shown: set[Any] = set()
    score, item = None, None
    for _ in range(10):
        become(owner, BOB)
        page = rows(owner, "select * from public.feed_fusion_home('for_you', %s, %s, 50)", score, item)
        become(owner, "owner")
        shown |= {row["item_id"] for row in page}
        if not page:
            break
        score, item = page[-1]["score"], page[-1]["item_id"]

    assert len(his) >= 10
    assert len(shown) > 100
    assert his & shown == set()


def test_followers_posts_are_read_by_followers_only(owner: Connection) -> None:
    secret = item_id("price-of-a-bag")
    become(owner, BOB)
    to_a_follower = rows(owner, "select id from public.posts where id = %s", secret)
    become(owner, CHARLIE)
    to_a_stranger = rows(owner, "select id from public.posts where id = %s", secret)

    assert (len(to_a_follower), len(to_a_stranger)) == (1, 0)


def test_alice_has_read_and_unread_notifications_in_every_lane(owner: Connection) -> None:
    become(owner, ALICE)
    lanes = rows(owner, "select distinct lane, unread from public.notifications where channel = 'inapp'")
    (counted,) = rows(owner, "select public.notif_unread_count() as unread")

    assert {row["lane"] for row in lanes} == {"orders", "social", "earnings", "system"}
    assert {row["unread"] for row in lanes} == {True, False}
    assert counted["unread"] > 3


def test_nothing_of_the_past_happened_now(owner: Connection) -> None:
    """What the story did is dated back, so that neither the day's cap nor a page's order is out of true."""
    fresh = rows(
        owner,
        """
        select 'notification' as what from public.notifications where created_at > now() - interval '1 hour'
        union all select 'order' from public.orders where placed_at > now() - interval '1 hour'
        union all select 'follow' from public.follows where created_at > now() - interval '1 hour'
        union all select 'cart' from public.shopping_cart_items where added_at > now() - interval '1 hour'
        union all select 'capped' from public.notification_suppressions where reason = 'cap'
        """,
    )
    backwards = rows(
        owner,
        """
        select n.title from public.notifications n
        join public.notifications o on o.user_id = n.user_id and o.seq < n.seq and o.created_at > n.created_at
        """,
    )

    assert fresh == []
    assert backwards == []


def test_the_admin_page_has_jobs_that_wait_and_jobs_that_died(owner: Connection) -> None:
    become(owner, ADA)
    waiting = rows(
        owner, "select id from public.worker_jobs where status = 'pending' and next_run_at > now()"
    )
    dead = rows(
        owner, "select job_type, attempts, jsonb_array_length(history) as tries from public.dead_letter_queue"
    )

    assert len(waiting) == 3
    assert sorted((row["job_type"], row["attempts"], row["tries"]) for row in dead) == [
        ("notification_deliver", 2, 2),
        ("poison_test", 3, 3),
    ]


def test_the_stock_is_what_the_files_say_after_all_sales(owner: Connection) -> None:
    stock = {row["id"]: row["stock"] for row in rows(owner, "select id, stock from public.shop_items")}

    assert {item_id(item.slug): item.stock for person in people() for item in person.shop} == stock


@pytest.mark.parametrize("name", NAMES)
async def test_the_printed_password_lets_them_in(seeded: TestDatabase, name: str) -> None:
    passwords = Passwords()
    with seeded.connect("service_role") as connection:
        (stored,) = rows(connection, "select * from public.auth_credential(%s)", name)

    assert await passwords.verify(stored["password_hash"], PASSWORD)
    passwords.close()


def test_only_ada_is_an_admin_and_only_four_can_sign_in(owner: Connection) -> None:
    assert [row["user_id"] for row in rows(owner, "select user_id from public.user_roles")] == [ADA.id]
    assert rows(owner, "select count(*) as n from internal.credentials") == [{"n": 4}]


def test_a_web_server_of_https_does_not_start_while_a_printed_password_works(seeded: TestDatabase) -> None:
    with pytest.raises(
        Problem, match="The demo's alice still has the password that the documentation prints"
    ):
        serve(Settings(database_url=seeded.login_url, base_url="https://shop.example.com"))


def test_another_alice_is_nobodys_business(database: TestDatabase) -> None:
    with database.connect("service_role") as connection:
        connection.execute("select public.auth_password_set(%s, 'argon2')", [residents.ALICE.id])

    refuse_known_passwords(database.login_url)


def test_the_demo_again_is_there_already(seeded: TestDatabase) -> None:
    said: list[str] = []
    again = seed_demo(seeded.owner_url, said.append)

    assert again.already
    assert said[0] == "The demo world is there already."
    assert said[-1] == "Sign in as alice, bob, charlie or ada (the admin); the password is rambla-demo."


def test_a_demo_that_was_interrupted_is_completed(empty: TestDatabase) -> None:
    whole = seed_demo(empty.owner_url, quiet)
    with psycopg.connect(empty.owner_url) as connection:
        connection.execute("delete from public.audit_log where action = 'seed.demo'")
    resumed = seed_demo(empty.owner_url, quiet)

    assert resumed.already is False
    assert resumed.counts == whole.counts


def test_the_first_start_seeds_and_the_second_finds_somebody(empty: TestDatabase) -> None:
    first: list[str] = []
    second: list[str] = []
    seed_if_empty(empty.owner_url, first.append)
    seed_if_empty(empty.owner_url, second.append)

    assert first[0].startswith("The demo world took")
    assert second == []


def test_where_real_people_live_nothing_is_seeded(empty: TestDatabase) -> None:
    with psycopg.connect(empty.owner_url) as connection:
        connection.execute("insert into auth.users (id, email) values (gen_random_uuid(), 'mia@mail.test')")

    with pytest.raises(Problem, match="1 people live in this database who are not of a seed"):
        seed_demo(empty.owner_url, quiet)


def test_another_alice_keeps_her_name(database: TestDatabase) -> None:
    with pytest.raises(Problem, match="Somebody else is called ada here"):
        seed_demo(database.owner_url, quiet)
