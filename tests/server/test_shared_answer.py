"""An answer that takes long is worked out once, whoever waits for it."""

import asyncio

import pytest

from app.server.shared_answer import SharedAnswer


def test_all_who_wait_get_the_same_and_later_ones_too() -> None:
    now, times = [0.0], [0]

    async def tell() -> None:
        held = asyncio.Event()

        async def work() -> int:
            times[0] += 1
            await held.wait()
            return times[0]

        answer = SharedAnswer(work, kept_seconds=60, wait_seconds=20, clock=lambda: now[0])
        waiting = [asyncio.create_task(answer.get()) for _ in range(3)]
        await asyncio.sleep(0)
        held.set()
        assert [await each for each in waiting] == [1, 1, 1]
        now[0] = 59
        assert await answer.get() == 1
        now[0] = 61
        assert await answer.get() == 2

    asyncio.run(tell())


def test_who_waits_too_long_comes_again_and_the_work_goes_on() -> None:
    async def tell() -> None:
        held = asyncio.Event()

        async def work() -> str:
            await held.wait()
            return "done"

        answer = SharedAnswer(work, kept_seconds=60, wait_seconds=0.02)
        for _ in range(2):
            assert await answer.get() is None
        held.set()
        assert await answer.get() == "done"

    asyncio.run(tell())


def test_an_error_is_of_who_asked_and_not_kept() -> None:
    async def tell() -> None:
        outcomes = iter([ZeroDivisionError(), None])

        async def work() -> str:
            if (error := next(outcomes)) is not None:
                raise error
            return "done"

        answer = SharedAnswer(work, kept_seconds=60, wait_seconds=20)
        with pytest.raises(ZeroDivisionError):
            await answer.get()
        assert await answer.get() == "done"

    asyncio.run(tell())
