"""Work off the event loop: so much at once, so many waiting, each with an end."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.server.refusals import busy

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class Workers:
    """A few threads. A request whose time is over is answered so; its thread is free when it has ended.

    Args:
        name: of the threads.
        count: of them.
        waiting: requests that wait for one; others are refused.
        wait_seconds: for a thread.
        work_seconds: for the work.
    """

    def __init__(
        self, name: str, count: int, *, waiting: int, wait_seconds: float, work_seconds: float
    ) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._turns = asyncio.Semaphore(count)
        self._room = waiting
        self._wait_seconds, self._work_seconds = wait_seconds, work_seconds

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do it on a thread.

        Raises:
            RefusedError: there is no room, or it takes too long.
        """
        if self._room <= 0:
            raise busy("Many others are asking now.")
        self._room -= 1
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._turns.acquire()
        except TimeoutError:
            raise busy("Many others are asking now.") from None
        finally:
            self._room += 1
        doing = asyncio.get_running_loop().run_in_executor(self._threads, work)
        doing.add_done_callback(self._on_done)
        try:
            async with asyncio.timeout(self._work_seconds):
                return await asyncio.shield(doing)
        except TimeoutError:
            if doing.done():  # its own
                raise
            logger.warning("an answer took longer than %g s and was given up", self._work_seconds)
            raise busy("It took too long.", 10) from None

    def close(self) -> None:
        """Let what runs end, and take nothing more."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _on_done(self, doing: "asyncio.Future[Result]") -> None:
        self._turns.release()
        if not doing.cancelled():
            doing.exception()  # who asked may have left
