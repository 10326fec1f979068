"""An answer that takes long and is the same for everybody: worked out once for all who wait for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class SharedAnswer(Generic[Result]):
    """For the event loop's thread.

    Args:
        work: works it out; never twice at once.
        kept_seconds: for which it is given again.
        wait_seconds: for which one request waits for it; the work goes on meanwhile.
        clock: gives seconds.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[Result]],
        *,
        kept_seconds: float,
        wait_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._work, self._kept_seconds, self._wait_seconds = work, kept_seconds, wait_seconds
        self._clock = clock
        self._known: tuple[float, Result] | None = None
        self._doing: asyncio.Future[Result] | None = None

    async def get(self) -> Result | None:
        """The answer; None where it takes longer: it may be there when it is asked for again."""
        if self._known is not None and self._clock() - self._known[0] < self._kept_seconds:
            return self._known[1]
        if self._doing is None:
            self._doing = asyncio.ensure_future(self._work())
            self._doing.add_done_callback(self._on_done)
        doing = self._doing
        try:
            async with asyncio.timeout(self._wait_seconds):
                return await asyncio.shield(doing)
        except TimeoutError:
            if doing.done():  # its own
                raise
            return None

    def _on_done(self, doing: "asyncio.Future[Result]") -> None:
        self._doing = None
        if not doing.cancelled() and doing.exception() is None:
            self._known = self._clock(), doing.result()
