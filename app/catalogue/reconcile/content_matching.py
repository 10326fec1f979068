"""Which of the files that the library cannot explain hold the content of a video that lost its own."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.catalogue.reconcile.scan_plan import Plan
from app.catalogue.records import Video, VideoState
from app.disk.file_facts import Disk
from app.disk.found_file import FoundFile
from app.media.fingerprints import version_of

logger = logging.getLogger(__name__)


def match_content(lost: Sequence[Video], files: dict[Path, FoundFile], disk: Disk, result: Plan) -> None:
    """Take the files whose content belongs to a video that lost its file out of `files`."""
    candidates = _Candidates(lost)
    for file in list(files.values()):
        if (video := candidates.take(file, disk)) is not None:
            del files[file.path]
            result.relinked.append((video, file))


class _Candidates:
    """Videos that lost their file, by what may be found again: thousands can be of one size."""

    def __init__(self, lost: Sequence[Video]) -> None:
        self._by_path = {video.path: video for video in lost}
        self._by_content: defaultdict[str, list[Video]] = defaultdict(list)
        self._by_time: defaultdict[tuple[int, int], list[Video]] = defaultdict(list)
        self._versions: defaultdict[int, set[int]] = defaultdict(set)
        """Versions of the fingerprints of videos, by their size."""
        self._taken: set[int] = set()
        for video in sorted(lost, key=lambda video: video.copy_of is not None):  # originals first
            if video.fingerprint is None:
                self._by_time[video.size, video.mtime_ns].append(video)
            else:
                self._by_content[video.fingerprint].append(video)
                self._versions[video.size].add(version_of(video.fingerprint))

    def take(self, file: FoundFile, disk: Disk) -> Video | None:
        """The video with a file's content, which is no candidate any more; None where there is none."""
        # The video of the same name first: a file that was only touched is no move.
        named = self._by_path.get(file.path)
        if named is None or not self._fits(named, file, disk):
            named = next((video for video in self._alike(file, disk) if self._fits(video, file, disk)), None)
        if named is not None:
            self._taken.add(named.id)
        return named

    def _alike(self, file: FoundFile, disk: Disk) -> Iterator[Video]:
        for version in sorted(self._versions.get(file.size, ()), reverse=True):
            if (content := disk.fingerprint(file, version)) is not None:
                yield from self._by_content.get(content, ())
        yield from self._by_time.get(file.state, ())

    def _fits(self, video: Video, file: FoundFile, disk: Disk) -> bool:
        return video.id not in self._taken and video.size == file.size and _is_same(video, file, disk)


def _is_same(video: Video, file: FoundFile, disk: Disk) -> bool:
    """Same content.

    Before the first indexing there is no fingerprint and the time of change decides. It does so too where a
    file could not be (wholly) read: with another date it may have been repaired where no sample looks.
    """
    if video.fingerprint is None:
        return video.mtime_ns == file.mtime_ns
    if video.mtime_ns != file.mtime_ns and (video.state is VideoState.FAILED or video.cause is not None):
        return False
    return disk.fingerprint(file, version_of(video.fingerprint)) == video.fingerprint
