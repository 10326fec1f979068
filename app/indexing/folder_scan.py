"""The first step of a run: the watched folders are compared with the library."""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import WatchedFolder
from app.disk.debounce import quiet_in
from app.engines.model_choice import stored_settings
from app.errors import ReelfindError, UsageError
from app.indexing.events import IndexingEvent, ScanFailed, ScanFinished

logger = logging.getLogger(__name__)

Tell = Callable[[IndexingEvent], None]


def scan_folders(
    catalogue: Catalogue, wanted: frozenset[int] | None, stopping: threading.Event, tell: Tell
) -> tuple[Path, ...]:
    """Compare the folders with the library; returns the files that are still being written.

    A file that was written to a moment ago is waited for, once: most were copied whole just before.

    Args:
        catalogue: where rows are kept.
        wanted: ids of the folders, all where None.
        stopping: set when the run is to end at once.
        tell: takes events.

    Raises:
        LibraryError: rows cannot be written. An error of ours costs the folder it happened in only.
    """
    folders = [each for each in catalogue.watched() if wanted is None or each.id in wanted]
    unsettled = _scan_each(catalogue, folders, stopping, tell)
    if not unsettled:
        return ()
    files = [path for paths in unsettled.values() for path in paths]
    stopping.wait(quiet_in(files, stored_settings(catalogue).settle))
    again = [each for each in folders if each.id in unsettled]
    unsettled = _scan_each(catalogue, again, stopping, tell)
    return tuple(path for paths in unsettled.values() for path in paths)


def _scan_each(
    catalogue: Catalogue, folders: Sequence[WatchedFolder], stopping: threading.Event, tell: Tell
) -> dict[int, tuple[Path, ...]]:
    """Files that were written to a moment ago, by the folder's id."""
    unsettled: dict[int, tuple[Path, ...]] = {}
    for folder in folders:
        if stopping.is_set():
            break
        try:
            result = catalogue.scan_folder(folder.id, stopping=stopping.is_set)
        except UsageError:  # removed meanwhile
            continue
        except ReelfindError:
            raise
        except Exception:
            logger.exception("Scanning %s failed because of an error in Reelfind", folder.path)
            reason = f"Reelfind could not look through {folder.path} because of an error of its own."
            tell(ScanFailed(folder.path, reason, "The log has the details; other folders go on."))
            continue
        if result is None:
            break
        if result.unsettled:
            unsettled[folder.id] = result.unsettled
        tell(
            ScanFinished(
                folder.path,
                result.found,
                result.added,
                result.changed,
                result.moved,
                result.missing,
                tuple(place.path for place in result.unreachable),
            )
        )
    return unsettled
