"""Which videos are opened, and which are therefore worked on first."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from sqlite_utils import Database

from app.catalogue.records import Video
from app.catalogue.rows.video_rows import from_blob


def note(database: Database, video_id: int) -> None:
    """Note that a video was opened; one that left the library is nobody's."""
    database.execute(
        """INSERT INTO uses (video_id, opened, last)
        SELECT id, 1, (SELECT coalesce(max(last), 0) + 1 FROM uses) FROM videos WHERE id = ?
        ON CONFLICT (video_id) DO UPDATE SET opened = opened + 1, last = excluded.last""",
        [video_id],
    )


def ordered(database: Database, videos: Iterable[Video]) -> list[Video]:
    """Most used folders first, of equals the one used last, of unused ones the one with the newest file.

    A folder is the one that a file lies in, not the watched one above it, and its use that of all its videos.
    Within a folder the newest file comes first.
    """
    opened: defaultdict[Path, int] = defaultdict(int)
    last: defaultdict[Path, int] = defaultdict(int)
    rows = database.execute("SELECT path, opened, last FROM uses JOIN videos ON videos.id = video_id")
    for blob, count, number in rows:
        folder = from_blob(blob).parent
        opened[folder] += count
        last[folder] = max(last[folder], number)
    together: defaultdict[Path, list[Video]] = defaultdict(list)
    for video in sorted(videos, key=lambda video: (-video.mtime_ns, video.id)):
        together[video.path.parent].append(video)  # folders in order of their newest file; sorting keeps it
    folders = sorted(together, key=lambda folder: (-opened[folder], -last[folder]))
    return [video for folder in folders for video in together[folder]]
