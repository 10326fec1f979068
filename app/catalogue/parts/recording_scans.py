"""A look through a watched folder becomes changes of its videos."""

import logging
import time
from collections.abc import Callable, Mapping
from itertools import takewhile
from pathlib import Path

from app.catalogue.deltas import Delta
from app.catalogue.file_content import unchanged_content
from app.catalogue.kept import mark_rows
from app.catalogue.parts.keeping_settings import KeepingSettings
from app.catalogue.reconcile import plan_writer, planning
from app.catalogue.reconcile.scan_plan import Listing
from app.catalogue.records import (
    Presence,
    ScanResult,
)
from app.catalogue.rows import copies, unreachable_rows, video_rows, watched_folders
from app.catalogue.rows.lines import name_rows
from app.disk.file_facts import UNFORESEEN, Disk
from app.disk.formats import FormatCache
from app.disk.scanner import scan
from app.errors import ReelfindError
from app.settings import STORED_AS, Exclusion, Settings

logger = logging.getLogger(__name__)


class RecordingScans(KeepingSettings):
    """Watched folders are looked through, and their videos brought in line."""

    _formats: FormatCache
    """Which files were videos when they were last looked at."""

    def scan_folder(
        self, folder_id: int, *, stopping: Callable[[], bool] = lambda: False, settle: float | None = None
    ) -> ScanResult | None:
        """Look through a watched folder and bring its videos in line, as the library's settings say.

        Args:
            folder_id: the watched folder.
            stopping: asked for every file; ends the walk, and nothing is changed.
            settle: seconds for which a file must have been left alone; the setting's where None.

        Returns:
            What changed, None where it was stopped.

        Raises:
            UsageError: the folder is not watched any more.
            Exception: an error of ours, which is noted in `unreachable` for doctors; other folders can go on.
        """
        stored = self.setting(STORED_AS, {})
        settings = Settings.from_json(stored if isinstance(stored, dict) else {})
        with self._connections.reading() as database:
            folder = watched_folders.by_id(database, folder_id)
            known = video_rows.indexed_files(database, folder_id)
        unreachable: dict[Path, str] = {}
        now = time.time()
        walk = scan(
            folder.path,
            unreachable.setdefault,
            exclude=Exclusion(settings.exclude),
            is_video=lambda file: known.get(file.path) == file.state or self._formats.is_video(file),
        )
        try:
            found = list(takewhile(lambda _: not stopping(), walk))
            if stopping():  # half a listing would make the other half missing
                return None
            listing = Listing(found, unreachable, settings.settle if settle is None else settle, now)
            result = self.record_scan(folder_id, listing, keep_gone=settings.keep_gone)
            self._compare_old_duplicates()
            return result
        except ReelfindError:
            raise
        except Exception:
            self._note_failed_scan(folder_id, {folder.path: UNFORESEEN})
            raise

    def record_scan(self, folder_id: int, listing: Listing, *, keep_gone: float = 30.0) -> ScanResult:
        """Bring a folder's videos in line with what was found in it.

        A moved or renamed file keeps its video, within the folder and across folders, also where the folder
        it was in is gone as a whole (which then is watched no longer); another content under the same name
        makes the video pending (what was indexed stays until it is replaced). A file that is not there is
        gone, or away with its volume, or unreachable behind a closed folder. Where the folder itself cannot
        be reached, or another disk is in its place, nothing but `Folder.online` changes.

        Args:
            folder_id: the watched folder.
            listing: what a walk through it found.
            keep_gone: days for which what was indexed of a file that is gone is kept.

        Raises:
            UsageError: the folder is not watched any more.
        """
        disk = Disk()
        # Planned once before the library is locked, so that files are read outside of the transaction (`disk`
        # remembers), and once within, where nobody else changes the rows.
        with self._connections.reading() as database:
            folder = watched_folders.by_id(database, folder_id)
            volume = disk.volume(folder.path)
            if volume is not None:
                planning.plan(database, folder, listing, disk)
        count = len(listing.files)
        paths = {file.path for file in listing.files}
        if reason := disk.closed(folder.path):
            return self._note_failed_scan(folder_id, {folder.path: reason})
        with self._connections.writing() as database:
            before = watched_folders.by_id(database, folder_id)
            there = volume is not None and watched_folders.is_same_place(
                database, before, volume, paths.__contains__
            )
            watched_folders.set_reached(database, folder_id, volume if there else None)
            if there:
                folder = watched_folders.by_id(database, folder_id)
                plan = planning.plan(database, folder, listing, disk)
                newest = video_rows.newest(database)
                unreachable = plan_writer.apply(database, folder, plan, disk, keep_gone=keep_gone)
                added = video_rows.newer_than(database, newest)
            else:
                unreachable_rows.note_unreachable(database, folder_id, {})
                copies.follow_living(database)
            name_rows.refresh(database)
        if not there:
            self._deltas.tell(Delta(frozenset({folder_id}), findable=before.online))
            return ScanResult(count, 0, 0, 0, 0, online=False)
        self._deltas.tell(plan.delta(folder_id, added, back=not before.online))
        return ScanResult(
            found=count,
            added=len(plan.added),
            changed=len(plan.changed),
            moved=plan.moved,
            missing=len(plan.lost[Presence.GONE]),
            online=True,
            away=len(plan.lost[Presence.AWAY]),
            unreachable=unreachable,
            unsettled=tuple(plan.unsettled),
        )

    def _compare_old_duplicates(self) -> None:
        """Tell whether files that earlier versions took for one content, and indexed twice, are one."""
        with self._connections.reading() as database:
            alike = video_rows.old_duplicates(database)
        newer = {video: taken for video in alike if (taken := unchanged_content(video)) is not None}
        if not newer:
            return
        with self._connections.writing() as database:
            for video, taken in newer.items():
                database.execute(
                    "UPDATE videos SET fingerprint = ? WHERE id = ? AND fingerprint = ? AND mtime_ns = ?",
                    [taken, video.id, video.fingerprint, video.mtime_ns],
                )
                mark_rows.follow(database, str(video.fingerprint), taken)
            copies.merge(database)
            name_rows.refresh(database)
        self._deltas.tell(Delta(changed=frozenset(video.id for video in newer), findable=True))

    def _note_failed_scan(self, folder_id: int, reasons: Mapping[Path, str]) -> ScanResult:
        """Note why a folder as a whole could not be looked into; what is known of it stays."""
        with self._connections.writing() as database:
            watched_folders.by_id(database, folder_id)
            database.execute("UPDATE folders SET online = 1 WHERE id = ?", [folder_id])
            database.execute(
                """UPDATE videos SET presence = 'unreachable'
                WHERE folder_id = ? AND presence IN ('here', 'away')""",
                [folder_id],
            )
            copies.follow_living(database)
            unreachable = unreachable_rows.note_unreachable(database, folder_id, reasons)
            name_rows.refresh(database)
        self._deltas.tell(Delta(frozenset({folder_id}), findable=True))
        return ScanResult(0, 0, 0, 0, 0, online=True, unreachable=unreachable)
