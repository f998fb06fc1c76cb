"""The spine: a payment changes everything that follows from it, or nothing."""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import psycopg
import pytest

from buying import fill_cart, pay, place, sell
from conftest import Session, TestDatabase
from earning import Connection, Totals, ledger, value
from people import ADA, ALICE, BOB, CHARLIE, Person
from sending import quiet

TIMES = "\N{MULTIPLICATION SIGN}"


def test_a_visitor_pays_nothing(session: Session) -> None:
    with session.as_role("anon"), session.refused("42501"):
        pay(session.connection, uuid4())


def test_charlie_cannot_tell_bobs_order_from_none(session: Session) -> None:
    fill_cart(session.connection, BOB, sell(session.connection, ALICE))
    with session.as_user(BOB):
        order = place(session.connection)

    for asked in (order, uuid4()):
        with session.as_user(CHARLIE), session.refused("not_found"):
            pay(session.connection, asked)


def test_everything_that_follows_from_a_payment(session: Session) -> None:
    mug = sell(session.connection, ALICE, "Mug", price=1_250, stock=10, rate=8_000)
    print_ = sell(session.connection, CHARLIE, "Print", price=4_000)
    card = sell(session.connection, ALICE, "Card", price=300)
    unrelated = sell(session.connection, ALICE, "Bowl")
    fill_cart(session.connection, BOB, mug, print_, card, quantity=2)
    with session.as_user(BOB):
        order = place(session.connection)
        fill_cart(session.connection, BOB, unrelated)
        paid = pay(session.connection, order)

        assert (paid["order_id"], paid["state"], paid["total_minor"]) == (order, "paid", 11_100)
        assert session.value("select item_id from shopping_cart_items") == unrelated
        assert {row["item_id"] for row in session.all("select item_id from owned_items")} == {
            mug,
            print_,
            card,
        }

    assert session.value("select stock from shop_items where id = %s", mug) == 8
    assert session.value("select stock from shop_items where id = %s", print_) is None
    assert ledger(session.connection, ALICE) == {"EUR": Totals(pending=2_000 + 540, event_count=2)}
    assert ledger(session.connection, CHARLIE) == {"EUR": Totals(pending=7_200, event_count=1)}
    told = session.all(
        "select user_id, channel, type, body, status, idempotency_key from notifications order by user_id, channel"
    )
    assert [tuple(row.values()) for row in told] == [
        (ALICE.id, "inapp", "item_sold", f"Card {TIMES} 2, Mug {TIMES} 2", "sent", f"order:{order}:sale"),
        (
            BOB.id, "email", "order_receipt",
            f"Card {TIMES} 2: 6.00 EUR\nMug {TIMES} 2: 25.00 EUR\nPrint {TIMES} 2: 80.00 EUR\n\nTotal: 111.00 EUR",
            "queued", f"order:{order}:receipt",
        ),
        (CHARLIE.id, "inapp", "item_sold", f"Print {TIMES} 2", "sent", f"order:{order}:sale"),
    ]  # fmt: skip
    assert session.value("select count(*) from worker_jobs where job_type = 'notification_deliver'") == 1
    assert session.one("select actor_id, action, subject from audit_log where action = 'order.paid'") == {
        "actor_id": BOB.id, "action": "order.paid", "subject": str(order)
    }  # fmt: skip


def test_an_event_says_which_line_it_came_from(session: Session) -> None:
    fill_cart(session.connection, BOB, sell(session.connection, ALICE, "Mug", price=999), quantity=3)
    with session.as_user(BOB):
        order = place(session.connection)
        pay(session.connection, order)

    event = session.one(
        "select kind, reason, source, source_ref, idem_key, amount_minor from earnings_events"
    )
    assert event == {
        "kind": "sale", "reason": f"Mug {TIMES} 3", "source": "order", "source_ref": f"{order}:1",
        "idem_key": f"order:{order}:1", "amount_minor": 2_697,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("price", "rate", "share"),
    [
        (1, 5_000, 1),
        (3, 5_000, 2),
        (1, 4_999, None),
        (333, 9_000, 300),
        (10**15 + 1, 5_000, 500_000_000_000_001),
    ],
)
def test_a_share_is_rounded_half_up(session: Session, price: int, rate: int, share: int | None) -> None:
    """Below half a unit there is nothing to book; the payment goes through all the same."""
    fill_cart(session.connection, BOB, sell(session.connection, ALICE, price=price, rate=rate))
    with session.as_user(BOB):
        pay(session.connection, place(session.connection))

    assert [row["amount_minor"] for row in session.all("select amount_minor from earnings_events")] == (
        [] if share is None else [share]
    )


def test_a_paid_order_answers_the_same_again(session: Session) -> None:
    item = sell(session.connection, ALICE, stock=10)
    fill_cart(session.connection, BOB, item)
    with session.as_user(BOB):
        order = place(session.connection)
        first = pay(session.connection, order)

        assert pay(session.connection, order) == first
        assert pay(session.connection, order, reference="another") == first
    assert session.value("select stock from shop_items where id = %s", item) == 9
    assert ledger(session.connection, ALICE) == {"EUR": Totals(pending=900, event_count=1)}
    assert session.value("select count(*) from audit_log where action = 'order.paid'") == 1


def test_nothing_changes_when_one_thing_is_sold_out(session: Session) -> None:
    mug = sell(session.connection, ALICE, "Mug", stock=5)
    print_ = sell(session.connection, CHARLIE, "Print", stock=5)
    fill_cart(session.connection, BOB, mug, print_, quantity=2)
    with session.as_user(BOB):
        order = place(session.connection)
    session.run("update shop_items set stock = 1 where id = %s", print_)

    with session.as_user(BOB), session.refused("sold_out"):
        pay(session.connection, order)
    with session.as_user(BOB):
        assert session.value("select state from orders") == "placed"
        assert session.value("select count(*) from shopping_cart_items") == 2
    assert session.value("select stock from shop_items where id = %s", mug) == 5
    assert session.value("select count(*) from earnings_events") == 0


@pytest.mark.parametrize(
    ("who", "act"),
    [
        (ADA, "select public.content_remove(%s, 'A fake')"),
        (CHARLIE, "update public.shop_items set state = 'removed' where id = %s"),
    ],
    ids=["by a moderator", "by its seller"],
)
def test_nothing_changes_when_one_thing_was_withdrawn_after_it_was_ordered(
    session: Session, who: Person, act: str
) -> None:
    mug = sell(session.connection, ALICE, "Mug", stock=5)
    print_ = sell(session.connection, CHARLIE, "Print")
    fill_cart(session.connection, BOB, mug, print_)
    with session.as_user(BOB):
        order = place(session.connection)
    with session.as_user(who):
        session.run(act, print_)

    with session.as_user(BOB), session.refused("sold_out"):
        pay(session.connection, order)
    with session.as_role("service_role"), session.refused("sold_out"):
        pay(session.connection, order, provider="stripe", reference="pi_1")
    assert session.value("select state from orders") == "placed"
    assert session.value("select stock from shop_items where id = %s", mug) == 5
    assert session.value("select count(*) from shopping_cart_items") == 2
    assert session.value("select count(*) from owned_items") == 0
    assert session.value("select count(*) from earnings_events") == 0


def test_what_was_paid_before_it_was_withdrawn_answers_the_same_again(session: Session) -> None:
    item = sell(session.connection, ALICE)
    fill_cart(session.connection, BOB, item)
    with session.as_user(BOB):
        order = place(session.connection)
        paid = pay(session.connection, order)
    with session.as_user(ADA):
        session.run("select public.content_remove(%s, 'A fake')", item)

    with session.as_user(BOB):
        assert pay(session.connection, order) == paid


def test_what_is_restored_is_paid_after_all(session: Session) -> None:
    item = sell(session.connection, ALICE)
    fill_cart(session.connection, BOB, item)
    with session.as_user(BOB):
        order = place(session.connection)
    with session.as_user(ADA):
        session.run("select public.content_remove(%s, 'A fake')", item)
        session.run("select public.content_restore(%s, 'It is none')", item)

    with session.as_user(BOB):
        assert pay(session.connection, order)["state"] == "paid"


def test_a_payment_waits_for_a_removal_that_is_under_way_and_heeds_it(database: TestDatabase) -> None:
    with database.connect("owner") as owner, database.connect(BOB) as bob:
        item = sell(owner, ALICE)
        fill_cart(owner, BOB, item)
        order = place(bob)
        with database.connect(ADA, autocommit=False) as ada, ThreadPoolExecutor(1) as pool:
            ada.execute("select public.content_remove(%s, 'A fake')", (item,))
            answer = pool.submit(_answer, database, BOB, order)
            _wait_until_somebody_waits(owner)
            ada.commit()

            assert answer.result() == "sold_out"
        assert value(owner, "select count(*) from earnings_events") == 0


def test_a_cancelled_order_is_not_paid(session: Session) -> None:
    fill_cart(session.connection, BOB, sell(session.connection, ALICE))
    with session.as_user(BOB):
        order = place(session.connection)
    session.run("update orders set state = 'cancelled'")

    with session.as_user(BOB), session.refused("order_not_payable"):
        pay(session.connection, order)


def test_nobody_wants_to_be_told_and_the_payment_goes_through(session: Session) -> None:
    """Quiet hours, cap and preference hold notifications back, never money."""
    session.run(
        "insert into notification_preferences (user_id, type, channel, enabled) values (%s, '*', 'inapp', false)",
        ALICE.id,
    )
    quiet(session.connection, CHARLIE, ("00:00", "24:00"))
    fill_cart(session.connection, BOB, sell(session.connection, ALICE), sell(session.connection, CHARLIE))

    with session.as_user(BOB):
        assert pay(session.connection, place(session.connection))["state"] == "paid"
    assert session.value("select count(*) from notifications where channel = 'inapp'") == 0
    assert ledger(session.connection, ALICE)["EUR"].pending == 900


def test_a_long_cart_of_long_titles_is_paid(session: Session) -> None:
    """What the messages have no room for is cut; it must not stop a payment."""
    for _ in range(60):
        fill_cart(session.connection, BOB, sell(session.connection, ALICE, "M" * 200))

    with session.as_user(BOB):
        assert pay(session.connection, place(session.connection))["total_minor"] == 60_000


def test_a_buyers_word_counts_only_while_payments_are_a_test(session: Session) -> None:
    fill_cart(session.connection, BOB, sell(session.connection, ALICE))
    with session.as_user(BOB):
        order = place(session.connection)
        with session.refused("forbidden"):
            pay(session.connection, order, provider="stripe", reference="pi_1")
    session.run("update internal.settings set value = 'false' where key = 'order_manual_payment'")
    with session.as_user(BOB), session.refused("forbidden"):
        pay(session.connection, order)

    with session.as_role("service_role"):
        paid = pay(session.connection, order, provider="stripe", reference="pi_1")
        assert (paid["payment_provider"], paid["payment_reference"]) == ("stripe", "pi_1")


def test_only_the_service_and_ada_set_the_clock(session: Session) -> None:
    """A sale of last year would be captured at once."""
    at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    fill_cart(session.connection, BOB, sell(session.connection, ALICE))
    with session.as_user(BOB):
        order = place(session.connection)
        with session.refused("forbidden"):
            session.run("select order_pay(%s, p_at => %s)", order, at)

    with session.as_user(ADA):
        session.run("select order_pay(%s, p_at => %s)", order, at)
    assert session.value("select matures_at from earnings_events") == at + dt.timedelta(days=14)


def test_what_bob_owns_already_he_may_buy_again(session: Session) -> None:
    item = sell(session.connection, ALICE)
    orders = []
    for _ in range(2):
        fill_cart(session.connection, BOB, item)
        with session.as_user(BOB):
            orders.append(place(session.connection))
            pay(session.connection, orders[-1])

    assert session.value("select order_id from owned_items") == orders[0]
    assert ledger(session.connection, ALICE)["EUR"].pending == 1_800


def test_a_hundred_payments_of_one_order_are_one(database: TestDatabase) -> None:
    with database.connect("owner") as owner, database.connect(BOB) as bob:
        item = sell(owner, ALICE, stock=100)
        fill_cart(owner, BOB, item)
        order = place(bob)

        def pay_it(_: int) -> tuple[object, ...]:
            with database.connect(BOB) as connection:
                return tuple(pay(connection, order).values())

        with ThreadPoolExecutor(25) as pool:
            answers = set(pool.map(pay_it, range(100)))

        assert len(answers) == 1
        assert value(owner, "select stock from shop_items where id = %s", item) == 99
        assert ledger(owner, ALICE) == {"EUR": Totals(pending=900, event_count=1)}
        assert value(owner, "select count(*) from notifications") == 2
        assert value(owner, "select count(*) from worker_jobs") == 1


def test_the_last_piece_is_sold_once(database: TestDatabase) -> None:
    people = (BOB, CHARLIE, ADA)
    with database.connect("owner") as owner:
        item = sell(owner, ALICE, stock=1)
        orders = {}
        for person in people:
            fill_cart(owner, person, item)
            with database.connect(person) as connection:
                orders[person] = place(connection)

        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(lambda person: _answer(database, person, orders[person]), people))

        assert sorted(answers) == ["paid", "sold_out", "sold_out"]
        assert value(owner, "select stock from shop_items where id = %s", item) == 0
        assert value(owner, "select count(*) from owned_items") == 1


def test_buyers_of_the_same_things_in_opposite_order_do_not_deadlock(database: TestDatabase) -> None:
    """And buyers of each other's things: sellers' ledgers and recipients' states are taken in one order too."""
    people = (ALICE, BOB, CHARLIE, ADA)
    with database.connect("owner") as owner:
        items = {person: [sell(owner, person, stock=1_000) for _ in range(3)] for person in people}
        orders = []
        for round_ in range(8):
            for person in people:
                others = [item for seller in people if seller != person for item in items[seller]]
                fill_cart(owner, person, *(others if round_ % 2 else reversed(others)))
                with database.connect(person) as connection:
                    orders.append((person, place(connection)))
                owner.execute("delete from shopping_cart_items")

        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda order: _answer(database, *order), orders))

        assert answers == ["paid"] * 32
        for person in people:
            assert ledger(owner, person)["EUR"] == Totals(pending=8 * 9 * 900, event_count=8 * 9)


def test_a_payment_and_a_like_of_the_same_thing_do_not_deadlock(database: TestDatabase) -> None:
    """A like takes counters and then items; a payment changes the stock first and counts the sale last."""
    with database.connect("owner") as owner, psycopg.connect(database.owner_url) as liking:
        item = sell(owner, ALICE, stock=3)
        fill_cart(owner, BOB, item)
        with database.connect(BOB) as bob:
            order = place(bob)
        owner.execute("insert into feed_counters (item_id) values (%s) on conflict do nothing", (item,))
        liking.execute("select from public.feed_counters where item_id = %s for no key update", (item,))
        with ThreadPoolExecutor(1) as pool:
            paying = pool.submit(_answer, database, BOB, order)
            _wait_until_somebody_waits(owner)
            liking.execute("update public.feed_items set engagement_bucket = 9 where item_id = %s", (item,))
            liking.commit()

            assert paying.result() == "paid"


def _answer(database: TestDatabase, person: Person, order: UUID) -> str:
    with database.connect(person) as connection:
        try:
            return str(pay(connection, order)["state"])
        except psycopg.Error as error:
            return str(error.diag.message_detail)


def _wait_until_somebody_waits(owner: Connection) -> None:
    while not value(owner, "select count(*) from pg_locks where not granted"):
        time.sleep(0.005)
