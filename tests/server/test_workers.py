"""Turns, places and rates: who finds none is told to come again, and everybody else goes on."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack

import pytest

from app.server.access.rates import Places, Rate
from app.server.refusals import RefusedError
from app.server.workers import Workers


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Work waits for it."""
    event = threading.Event()
    yield event
    event.set()


def run(
    held: threading.Event,
    story: Callable[[Workers, threading.Event], Coroutine[None, None, None]],
    *,
    waiting: int = 2,
    wait_seconds: float = 20.0,
    work_seconds: float = 20.0,
) -> None:
    async def tell() -> None:
        workers = Workers("test", 1, waiting=waiting, wait_seconds=wait_seconds, work_seconds=work_seconds)
        try:
            await story(workers, held)
        finally:
            held.set()
            workers.close()

    asyncio.run(tell())


async def refused(work: Coroutine[None, None, object]) -> int:
    with pytest.raises(RefusedError) as error:
        await work
    return error.value.status


def test_who_finds_the_room_full_is_refused_at_once(held: threading.Event) -> None:
    async def story(workers: Workers, held: threading.Event) -> None:
        first = asyncio.create_task(workers.run(held.wait))
        others = [asyncio.create_task(workers.run(lambda: 1)) for _ in range(2)]
        await asyncio.sleep(0)
        assert await refused(workers.run(lambda: 1)) == 503
        held.set()
        assert [await first, *[await each for each in others]] == [True, 1, 1]

    run(held, story)


def test_who_waits_too_long_for_a_turn_is_refused_and_leaves_room(held: threading.Event) -> None:
    async def story(workers: Workers, held: threading.Event) -> None:
        first = asyncio.create_task(workers.run(held.wait))
        await asyncio.sleep(0)
        for _ in range(4):
            assert await refused(workers.run(lambda: 1)) == 503
        held.set()
        assert await first

    run(held, story, wait_seconds=0.05)


def test_work_that_takes_too_long_is_answered_and_its_thread_comes_back(held: threading.Event) -> None:
    async def story(workers: Workers, held: threading.Event) -> None:
        assert await refused(workers.run(held.wait)) == 503
        held.set()
        assert await workers.run(lambda: 2) == 2

    run(held, story, work_seconds=0.1)


def test_who_leaves_gives_the_turn_to_the_next(held: threading.Event) -> None:
    async def story(workers: Workers, held: threading.Event) -> None:
        first = asyncio.create_task(workers.run(held.wait))
        await asyncio.sleep(0)
        second = asyncio.create_task(workers.run(lambda: 1))
        await asyncio.sleep(0)
        for each in (first, second):
            each.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        held.set()
        assert await workers.run(lambda: 3) == 3

    run(held, story)


def test_an_error_of_the_work_is_that_of_who_asked(held: threading.Event) -> None:
    async def story(workers: Workers, _: threading.Event) -> None:
        with pytest.raises(ZeroDivisionError):
            await workers.run(lambda: 1 / 0)
        assert await workers.run(lambda: 4) == 4

    run(held, story)


def test_a_rate_fills_up_again_and_is_each_ones_own() -> None:
    now = [0.0]
    rate = Rate(2.0, 3.0, clock=lambda: now[0])
    assert [rate.take("anna") for _ in range(4)] == [True, True, True, False]
    assert rate.take("ben")
    now[0] = 0.5
    assert [rate.take("anna") for _ in range(2)] == [True, False]
    now[0] = 100.0
    assert [rate.take("anna") for _ in range(4)] == [True, True, True, False]


def test_places_are_limited_for_one_and_for_all() -> None:
    places = Places(3, 2, "full")
    with ExitStack() as taken:
        for who in ("anna", "anna", "ben"):
            taken.enter_context(places.one_for(who))
        for who in ("anna", "ben", "cleo"):
            with pytest.raises(RefusedError), places.one_for(who):
                pass
    with places.one_for("anna"):
        pass
