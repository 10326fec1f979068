"""How often somebody may ask: token buckets, and how much of something at once."""

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.server.refusals import RefusedError, busy

_REMEMBERED = 4096


class Rate:
    """So many a second in the long run, and some at once. For one thread.

    Args:
        per_second: in the long run.
        burst: at once, after a pause.
        clock: gives seconds.
    """

    def __init__(
        self, per_second: float, burst: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def left(self, who: str) -> float:
        """How many they may ask now."""
        now = self._clock()
        left, then = self._left.get(who, (self._burst, now))
        return min(self._burst, left + (now - then) * self._per_second)

    def take(self, who: str) -> bool:
        """Count one; False where they have none left."""
        left = self.left(who)
        taken = left >= 1
        self._left[who] = (left - taken, self._clock())
        self._left.move_to_end(who)
        while len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        return taken

    def check(self, who: str) -> None:
        """Count one.

        Raises:
            RefusedError: they have none left.
        """
        if not self.take(who):
            seconds = max(1, round((1 - self.left(who)) / self._per_second))
            raise RefusedError(
                429,
                "That is more than one client may ask for.",
                "Ask less often.",
                headers={"Retry-After": str(seconds)},
            )


class Places:
    """So much of something at once, and so much of it for one. For one thread.

    Args:
        together: for all.
        of_one: for each.
        sentence: said to who finds none free.
    """

    def __init__(self, together: int, of_one: int, sentence: str) -> None:
        self._together, self._of_one, self._sentence = together, of_one, sentence
        self._taken: Counter[str] = Counter()

    @contextmanager
    def one_for(self, who: str) -> Iterator[None]:
        """Take one until the block ends.

        Raises:
            RefusedError: none is free.
        """
        if self._taken[who] >= self._of_one or self._taken.total() >= self._together:
            raise busy(self._sentence)
        self._taken[who] += 1
        try:
            yield
        finally:
            self._taken[who] -= 1
            if not self._taken[who]:
                del self._taken[who]
