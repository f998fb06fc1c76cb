"""The MovieLens world of the seeds, put into the order in which it happened."""

from __future__ import annotations

import datetime as dt

from rambla.evals.world import LIKED, SAVED, SEEN, Act, Item, Protocol, World, questions, taken_to
from rambla.seeds import cinema
from rambla.seeds.cinema import film_id, seller, shop_id, sold, viewer_id
from rambla.seeds.critics import assign
from rambla.seeds.movielens import RECBOLE
from rambla.seeds.ratings import Ratings, read
from rambla.seeds.wheel import fetch


def movielens(protocol: Protocol, viewers: int | None = None) -> World:
    data = read(fetch(RECBOLE))
    return world_of(data.of_first(viewers) if viewers else data, protocol)


def world_of(data: Ratings, protocol: Protocol) -> World:
    """A film appears with its first rating, and a viewer follows a critic at the third of their films they like."""
    acts = [
        Act(
            viewer=viewer_id(rating.viewer),
            item=film_id(rating.film),
            gain={cinema.LIKED: LIKED, cinema.LOVED: SAVED}.get(rating.stars, SEEN),
            at=rating.at,
        )
        for rating in data.ratings
    ]
    items = _items(data)
    authors = {item.id: item.author for item in items}
    viewers = [viewer_id(viewer.id) for viewer in data.viewers]
    return World(
        name="MovieLens 100k",
        people=[*viewers, *sorted(set(authors.values()))],
        items=items,
        follows=list(taken_to(acts, authors, 3)),
        acts=acts,
        questions=list(questions(acts, items, protocol)),
    )


def _items(data: Ratings) -> list[Item]:
    appeared: dict[int, dt.datetime] = {}
    for rating in data.ratings:
        appeared.setdefault(rating.film, rating.at)
    critics = assign([film for film in data.films if not sold(film)])
    items = [
        Item(
            id=film_id(film.id),
            author=shop_id(seller(film)) if sold(film) else critics[film.id].id,
            sold=sold(film),
            tags=tuple(cinema.tags(film)),
            at=appeared[film.id],
        )
        for film in data.films
    ]
    return sorted(items, key=lambda item: (item.at, item.id))
