"""Files that are still being written: each counts once it has been left alone for a while."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class PendingPath:
    folder: Path
    signature: tuple[int, int] | None
    due: float


class Debounce:
    """Paths that something happened to, each with the moment from which it counts as finished.

    Not thread-safe; times are seconds of any one clock.
    """

    def __init__(self, settle: float, matters: Callable[[Path], bool] = lambda _: True) -> None:
        """Start empty; a path counts when its size and time of change stay the same for `settle` seconds.

        Args:
            settle: seconds.
            matters: asked of a path that came to rest; its folder counts only where it does.
        """
        self.settle = settle
        """Seconds; may be changed at any time, for what is noted from then on."""
        self._matters = matters
        self._paths: dict[Path, PendingPath] = {}

    def note(self, path: Path, folder: Path, now: float) -> None:
        """Something happened to a path of a watched folder."""
        self._paths[path] = PendingPath(folder, _signature(path), now + self.settle)

    def forget(self, folder: Path) -> None:
        """Drop what is noted of a folder."""
        self._paths = {path: noted for path, noted in self._paths.items() if noted.folder != folder}

    def settled(self, now: float) -> list[Path]:
        """Folders in which something has come to rest by now, each once, in order of name."""
        folders: set[Path] = set()
        for path, noted in list(self._paths.items()):
            if noted.due > now:
                continue
            signature = _signature(path)
            if signature == noted.signature:
                del self._paths[path]
                if self._matters(path):
                    folders.add(noted.folder)
            else:  # a network share may let a file grow without an event
                self._paths[path] = PendingPath(noted.folder, signature, now + self.settle)
        return sorted(folders)

    def next_due(self) -> float | None:
        """When to ask `settled` again, None where nothing is noted."""
        return min((noted.due for noted in self._paths.values()), default=None)


def quiet_in(paths: Iterable[Path], settle: float) -> float:
    """Seconds until every one of these files has been left alone for `settle` seconds; 0 to `settle`.

    A file with a date in the future counts as left alone.
    """
    now = time.time()
    ages = [now - changed[1] / 1e9 for path in paths if (changed := _signature(path)) is not None]
    return max((settle - age for age in ages if 0 <= age < settle), default=0.0)


def _signature(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
