"""Links in a watched folder: the system says nothing of what happens behind them, unless asked there too."""

import logging
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.disk.scanner import is_skipped_folder, is_video_name

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """What a link leads to now."""

    identity: tuple[int, ...] = ()
    """Another one where the link leads elsewhere, or a linked file was written; empty: leads nowhere."""
    folder: Path | None = None
    """The folder it leads to, None for a file, for nothing, and where what it holds is watched already."""


def find_links(folder: Path, is_excluded: Callable[[Path], bool]) -> dict[Path, LinkTarget]:
    """Find the links in a folder and below, also behind other links, that may lead to videos.

    Args:
        folder: a watched folder.
        is_excluded: whether a folder or link is passed over.

    Returns:
        Each link with what it leads to. Of two that lead to one folder, or back, one at most names it.
    """
    found: dict[Path, LinkTarget] = {}
    seen: set[tuple[int, ...]] = set()
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            path = Path(entry.path)
            try:
                link, is_folder = entry.is_symlink(), entry.is_dir(follow_symlinks=False)
            except OSError:
                continue
            if not (link or is_folder) or is_excluded(path):
                continue
            if is_folder and not is_skipped_folder(entry.name):
                waiting.append(path)
            elif link and (is_video_name(entry.name) or not is_skipped_folder(entry.name)):
                target = look_up(path, folder)
                if target.folder is not None:
                    if target.identity in seen:
                        target = LinkTarget(target.identity)
                    else:
                        seen.add(target.identity)
                        waiting.append(path)
                found[path] = target
    return found


def look_up(link: Path, folder: Path) -> LinkTarget:
    """What a link in a watched folder leads to now."""
    try:
        status = link.stat()
        real = link.resolve()
    except OSError:
        return LinkTarget()
    identity = (status.st_dev, status.st_ino)
    if not stat.S_ISDIR(status.st_mode):
        return LinkTarget((*identity, status.st_size, status.st_mtime_ns))
    # What lies inside is watched already; what lies above would be the whole disk.
    around = real.is_relative_to(folder) or folder.is_relative_to(real)
    return LinkTarget(identity, None if around else real)
