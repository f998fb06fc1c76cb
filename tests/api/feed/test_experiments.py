"""Ada starts an experiment, reads its figures and stops it; Bob may not."""

from __future__ import annotations

from people import ADA, ALICE, BOB
from running import Api


async def test_an_experiment_from_its_weights_to_its_end(api: Api) -> None:
    await api.as_(ALICE).post("/v1/posts", json={"body": "Look"})
    ada, bob = api.as_(ADA), api.as_(BOB)
    version = (
        await ada.post("/v1/feed/weights/trials", json={"follow_boost": 3, "new_author_days": 30})
    ).json()["version"]
    body = {"name": "follow", "arms": [{"arm": "bold", "weights_version": version, "share": 100}]}

    started = await ada.post("/v1/feed/experiments", json=body)
    again = await ada.post("/v1/feed/experiments", json=body)
    await bob.get("/v1/feed")
    (figures,) = (await ada.get("/v1/feed/experiments/follow")).json()
    ended = await ada.post("/v1/feed/experiments/follow/ending")
    (listed,) = (await ada.get("/v1/feed/experiments")).json()

    assert (started.status_code, again.status_code, ended.status_code) == (201, 409, 200)
    assert (figures["viewers"], figures["exposures"], figures["share"]) == (1, 1, 100)
    assert listed["stopped_at"] is not None
    assert (await ada.get("/v1/feed/experiments/nothing")).status_code == 404


async def test_only_those_who_run_the_place_may(api: Api) -> None:
    bob = api.as_(BOB)

    assert (await bob.get("/v1/feed/experiments")).status_code == 403
    assert (await bob.post("/v1/feed/weights/trials", json={})).status_code == 403
