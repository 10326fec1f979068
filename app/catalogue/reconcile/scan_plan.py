"""What a scan found, and what it changes."""

import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.catalogue.deltas import Delta
from app.catalogue.records import Presence, Video
from app.disk.found_file import FoundFile

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listing:
    """What a walk through one watched folder found."""

    files: Sequence[FoundFile]
    unreachable: Mapping[Path, str] = field(default_factory=dict)
    """Folders and files that could not be looked into, and why."""
    settle: float = 0.0
    """Seconds for which a file must have been left alone; a younger one is still being written."""
    now: float = field(default_factory=time.time)
    """Seconds since 1970 at which the walk began."""

    def is_settled(self, file: FoundFile) -> bool:
        """Whether a file is not being written any more; one with a date to come has a wrong one."""
        age = self.now - file.mtime_ns / 1e9
        return not 0 <= age < self.settle

    def hides(self, path: Path) -> bool:
        """Whether a path is, or lies below, something that could not be looked into."""
        return path in self.unreachable or any(parent in self.unreachable for parent in path.parents)


@dataclass(slots=True)
class Plan:
    """What a scan changes."""

    added: list[FoundFile] = field(default_factory=list)
    changed: list[tuple[Video, FoundFile]] = field(default_factory=list)
    """Another content under the same name: indexed again."""
    relinked: list[tuple[Video, FoundFile]] = field(default_factory=list)
    """The same content: under another name, only touched, or back again."""
    replaced: list[Video] = field(default_factory=list)
    """Overwritten: another video was moved to where they were."""
    lost: dict[Presence, list[Video]] = field(default_factory=lambda: defaultdict(list))
    """Videos without a file, by what that means; only those that had one before."""
    places: list[tuple[Video, FoundFile]] = field(default_factory=list)
    """Videos that are where and what they were: their volume is noted."""
    unsettled: list[Path] = field(default_factory=list)
    """Files that are still being written."""
    unreachable: dict[Path, str] = field(default_factory=dict)
    """What could not be looked into, and why."""

    def delta(self, folder_id: int, added: frozenset[int], *, back: bool) -> Delta:
        """What it changes, told in ids.

        Args:
            folder_id: of the watched folder.
            added: ids that the new videos were given.
            back: whether the folder could not be reached before.
        """
        gone = frozenset(video.id for video in (*self.lost[Presence.GONE], *self.replaced))
        lost = {video.id for videos in self.lost.values() for video in videos}
        changed = frozenset(lost).union(video.id for video, _ in (*self.changed, *self.relinked)) - gone
        folders = {folder_id}.union(video.folder_id for video, _ in self.relinked)
        touches = bool(changed or gone)
        return Delta(frozenset(folders), added, changed, gone, findable=touches or back, problems=touches)

    @property
    def moved(self) -> int:
        """How many files kept their content under another name."""
        return sum(video.path != file.path for video, file in self.relinked)
