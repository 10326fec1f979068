"""The library's front door: everything that is kept, in one SQLite file."""

import json
import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import takewhile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from app.catalogue import (
    copies,
    hubness_rows,
    index_rows,
    integrity,
    reconcile,
    removal,
    revisions,
    usage,
    video_rows,
    watched_folders,
)
from app.catalogue.deltas import Announcer, Delta, Listener
from app.catalogue.integrity import Problem
from app.catalogue.reconcile import Listing
from app.catalogue.records import (
    Folder,
    IndexedVideo,
    Presence,
    ProblemVideos,
    Readiness,
    ScanResult,
    StoredClip,
    StoredFrame,
    StoredHubness,
    UnreachablePath,
    Video,
    VideoState,
    WatchedFolder,
)
from app.database.connections import DamagedError, UnwritableError
from app.database.layout import FILE_NAME
from app.database.opening import open_library
from app.disk.file_facts import UNFORESEEN, Disk, time_of_change
from app.disk.formats import FormatCache
from app.disk.scanner import scan
from app.errors import Cause, ReelfindError, UsageError
from app.media.fingerprints import fingerprint as take_fingerprint
from app.media.fingerprints import is_content
from app.settings import STORED_AS, Exclusion, Settings
from app.vectors.embeddings import StoredEmbeddings
from app.vectors.gallery_file import GalleryFile
from app.vectors.hnsw import HnswGraph, graph_file

__all__ = ["FILE_NAME", "Catalogue"]

logger = logging.getLogger(__name__)


class Catalogue:
    """Watched folders, their videos, and what indexing found in them.

    Every method can be called from any thread, and several processes may have the same library open. Each
    change is one transaction: after a crash the library holds it whole or not at all. Methods that read or
    write raise `LibraryError` where the disk is full, the file damaged, or another process keeps it locked.
    """

    def __init__(self, folder: Path) -> None:
        """Open the library in `folder`, or start one there.

        Where it cannot be written (a read-only or full disk, a permission), it is opened for reading.

        Raises:
            LibraryError: it is damaged, another program's, from a newer version, or cannot be opened.
        """
        self.folder = folder
        self._opened = open_library(folder)
        self._connections = self._opened.connections
        self._deltas = Announcer()
        self._formats = FormatCache()
        self._set_aside: set[tuple[str, int]] = set()
        for sentence in self._opened.mended:
            logger.warning("%s: %s", folder, sentence)

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written: each change then raises `LibraryError` with the reason."""
        return self._connections.read_only is not None

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be written, one sentence; empty where something can."""
        reason = self._connections.read_only
        return "" if reason is None else reason.sentence

    @property
    def read_only_advice(self) -> str:
        """What to do about that, one sentence; empty where something can be written."""
        reason = self._connections.read_only
        return "" if reason is None else reason.advice

    @property
    def mended(self) -> list[str]:
        """What was missing in the file's structure when it was opened and was made anew; sentences."""
        return list(self._opened.mended)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with what each commit of this process changes in videos and folders.

        It is called on the thread that made the commit. Returns the function that ends it.
        """
        return self._deltas.subscribe(listener)

    def close(self) -> None:
        """Close the file; the catalogue cannot be used any more."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Folders

    def add_folder(self, path: Path) -> Folder:
        """Watch a folder. The same folder twice is one; a folder above watched ones takes over their videos.

        Raises:
            UsageError: there is no such folder, it cannot be read, or it lies inside a watched one.
        """
        real = _real(path)
        if not real.exists():
            raise UsageError(f"There is no folder {real}.", "Check the spelling, or connect the disk.")
        if not real.is_dir():
            raise UsageError(f"{real} is not a folder.", "Give the folder that holds the videos.")
        volume = Disk().volume(real)
        if volume is None:
            raise UsageError(f"The folder {real} cannot be read.", "Check its permissions.")
        with self._connections.writing() as database:
            added = watched_folders.add(database, real, volume)
            (folder,) = watched_folders.counted(database, [added])
        self._deltas.tell(Delta(frozenset({added})))
        return folder

    def remove_folder(self, path: Path) -> None:
        """Stop watching a folder: its videos leave the library, the files on disk stay as they are.

        No search finds them from now on. Their rows are deleted by `delete_some`.

        Raises:
            UsageError: it is not watched.
        """
        with self._connections.writing() as database:
            watched_folders.remove(database, _real(path))
        self._deltas.tell(Delta(findable=True, problems=True))

    def delete_some(self, seconds: float) -> bool:
        """Delete rows of videos that left the library for so long; returns whether there may be more."""
        with self._connections.reading() as database:
            if not removal.waits(database):
                return False
        with self._connections.writing() as database:
            return removal.delete_some(database, seconds)

    def watched(self) -> list[WatchedFolder]:
        """Watched folders in the order they were added."""
        with self._connections.reading() as database:
            return watched_folders.watched(database)

    def folders(self, only: Collection[int] | None = None) -> list[Folder]:
        """Watched folders with the counts of their videos, in the order they were added.

        Quick: commits keep the counts current. Where they are damaged, they are 0.

        Args:
            only: ids of the folders wanted, all where None.
        """
        try:
            with self._connections.reading() as database:
                return watched_folders.counted(database, only)
        except DamagedError as error:
            logger.warning("the videos cannot be counted: %s", error)
        return [
            Folder(folder.id, folder.path, folder.online, folder.volume)
            for folder in self.watched()
            if only is None or folder.id in only
        ]

    # Scanning

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
                reconcile.plan(database, folder, listing, disk)
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
                plan = reconcile.plan(database, folder, listing, disk)
                newest = video_rows.newest(database)
                unreachable = reconcile.apply(database, folder, plan, disk, keep_gone=keep_gone)
                added = video_rows.newer_than(database, newest)
            else:
                reconcile.note_unreachable(database, folder_id, {})
                copies.follow_living(database)
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
        newer = {video: taken for video in alike if (taken := _unchanged_content(video)) is not None}
        if not newer:
            return
        with self._connections.writing() as database:
            for video, taken in newer.items():
                database.execute(
                    "UPDATE videos SET fingerprint = ? WHERE id = ? AND fingerprint = ? AND mtime_ns = ?",
                    [taken, video.id, video.fingerprint, video.mtime_ns],
                )
            copies.merge(database)
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
            unreachable = reconcile.note_unreachable(database, folder_id, reasons)
        self._deltas.tell(Delta(frozenset({folder_id}), findable=True))
        return ScanResult(0, 0, 0, 0, 0, online=True, unreachable=unreachable)

    def unreachable(self) -> list[UnreachablePath]:
        """What the last scans could not look into, in order of folder and path."""
        with self._connections.reading() as database:
            return reconcile.all_unreachable(database)

    def check_folders(self) -> list[Folder]:
        """Look which folders can be reached now, without scanning them; returns `folders()`."""
        disk = Disk()
        for folder in self.watched():
            disk.volume(folder.path)  # a slow disk answers before the library is locked
        with self._connections.writing() as database:
            for folder in watched_folders.watched(database):
                if disk.closed(folder.path):  # it is there; the next scan says what is wrong with it
                    continue
                volume = disk.volume(folder.path)
                there = volume is not None and watched_folders.is_same_place(
                    database, folder, volume, lambda path: not disk.gone(path)
                )
                watched_folders.set_reached(database, folder.id, volume if there else None)
            copies.follow_living(database)
            found = watched_folders.counted(database)
        self._deltas.tell(Delta(findable=True))
        return found

    # Indexing

    def pending(self, model: str, folders: Collection[int] | None = None) -> list[Video]:
        """Videos to be indexed for `model`, in order of id.

        Those that were never indexed, have changed, or have no embedding of this model; only such as are at
        hand, and none that failed: they are tried again when their file changes, or after `retry`.

        Args:
            model: identity of the encoder bundle.
            folders: only videos of the folders with these ids, of all where None.
        """
        with self._connections.reading() as database:
            return video_rows.pending(database, model, folders)

    def lacking(
        self, model: str, folders: Collection[int] | None = None, *, cached: Collection[str] = ()
    ) -> list[Video]:
        """Videos that are indexed, but not for `model`, in order of id; pending ones are not among them.

        Args:
            model: identity of the encoder bundle.
            folders: only videos of the folders with these ids, of all where None.
            cached: fingerprints of videos that need not be at hand, because their frames were kept.
        """
        with self._connections.reading() as database:
            found = video_rows.lacking(database, model, cached)
        return [video for video in found if folders is None or video.folder_id in folders]

    def readiness(self, model: str, answering: str) -> Readiness:
        """How far the library is indexed for `model`, while the model `answering` answers."""
        with self._connections.reading() as database:
            return video_rows.readiness(database, model, answering)

    def by_use(self, found: Sequence[Video]) -> list[Video]:
        """These videos, those of the most used folders first, see `usage.ordered`."""
        with self._connections.reading() as database:
            return usage.ordered(database, found)

    def note_opened(self, video_id: int) -> None:
        """Note that a video was opened: its folder comes earlier in `by_use`. Not in a read-only library."""
        if self.read_only:
            return
        with self._connections.writing() as database:
            usage.note(database, video_id)

    def forget_model(self, identity: str) -> None:
        """Delete what was made with a model: embeddings, its bank of queries, gallery and search graph."""
        with self._connections.writing() as database:
            index_rows.forget_model(database, identity)
        try:
            HnswGraph.delete(graph_file(self.folder, identity))
            GalleryFile.delete(self.folder, identity)
        except OSError as error:  # caches: they are not used any more
            logger.warning("files of a model that was removed are still there: %s", error)

    def fingerprints(self) -> set[str]:
        """Fingerprints of everything that is in the library."""
        with self._connections.reading() as database:
            rows = database.execute("SELECT fingerprint FROM videos WHERE fingerprint IS NOT NULL").fetchall()
        return {fingerprint for (fingerprint,) in rows}

    def commit_indexed(
        self,
        video_id: int,
        rows: IndexedVideo,
        *,
        fingerprint: str,
        mtime_ns: int | None = None,
        first_look: bool = False,
    ) -> bool:
        """Write everything indexing found in a video, in one transaction; earlier rows are replaced.

        Args:
            video_id: the video.
            rows: what was found.
            fingerprint: content fingerprint of the file as it was decoded.
            mtime_ns: `Video.mtime_ns` as it was when decoding began, where the caller has it.
            first_look: whether more is to come: the rows are kept, and the video stays pending.

        Returns:
            Whether the video counts as indexed now. False where its file has changed since: the rows are
            kept, being better than none, and the video stays pending. False too where it left the library.

        Raises:
            ValueError: the rows do not fit together.
        """
        index_rows.check(rows)
        before = self.video(video_id)
        if before is None:
            return False
        on_disk = _state_of(before.path)
        known = {fingerprint}
        if before.fingerprint is not None and _same_content(before, fingerprint):
            known.add(before.fingerprint)
        with self._connections.writing() as database:
            video = video_rows.by_ids(database, [video_id]).get(video_id)
            if video is None:
                return False
            unchanged = (
                not first_look
                and video.size == rows.facts.size
                and mtime_ns in {None, video.mtime_ns}
                and (video.path != before.path or on_disk in {None, (video.size, video.mtime_ns)})
            )
            written = _write_indexed(database, video, rows, fingerprint, known, unchanged=unchanged)
            folders = video_rows.folders_of(database, written)
        problem = bool(rows.warning or before.reason)
        self._deltas.tell(Delta(folders, changed=written, findable=True, problems=problem))
        return unchanged

    def commit_failed(self, video_id: int, reason: str, advice: str = "", cause: Cause = Cause.FILE) -> None:
        """Note why a video cannot be indexed, in plain sentences; what was indexed before stays.

        A `cause` that passes makes it pending again for every run.
        """
        with self._connections.writing() as database:
            video_rows.mark_failed(database, video_id, reason, advice, cause)
            folders = video_rows.folders_of(database, [video_id])
        self._deltas.tell(Delta(folders, changed=frozenset({video_id}), problems=True))

    def commit_attempt(self, video_id: int, reason: str, advice: str, cause: Cause) -> None:
        """Note that one more try got no further than one before it: what that one found stays."""
        with self._connections.writing() as database:
            video_rows.mark_attempt(database, video_id, reason, advice, cause)
            folders = video_rows.folders_of(database, [video_id])
        self._deltas.tell(Delta(folders, changed=frozenset({video_id}), problems=True))

    def original_of(self, video_id: int, fingerprint: str, model: str) -> Video | None:
        """Another video with this content that was wholly indexed, None where there is none.

        Args:
            video_id: the video.
            fingerprint: its content's.
            model: identity of an encoder bundle; of several originals one that has its embeddings is taken.
        """
        with self._connections.reading() as database:
            found = video_rows.original_of(database, video_id, fingerprint, model)
            if found is not None:
                # One that lacks the model and cannot be read now waits for another file with its content.
                usable = found.is_playable or index_rows.has_embedding(database, found.id, model)
                return found if usable else None
            candidates = video_rows.with_old_fingerprint(database, video_id)
        return next((video for video in candidates if _unchanged_content(video) == fingerprint), None)

    def commit_copy(self, video_id: int, original: int, fingerprint: str) -> None:
        """Note that a video has the content of another: nothing is stored twice, and one answer is given."""
        with self._connections.writing() as database:
            found = video_rows.by_ids(database, [video_id, original])
            if len(found) < 2:
                return
            first = found[original].copy_of or original
            if first == video_id:
                return
            copies.make_copy(database, video_id, first, fingerprint)
            copies.follow_living(database)
        folders = frozenset(video.folder_id for video in found.values())
        problem = bool(found[video_id].reason)
        self._deltas.tell(Delta(folders, changed=frozenset(found), findable=True, problems=problem))

    def copies(self, ids: Collection[int]) -> dict[int, list[Video]]:
        """The copies of these videos that are not gone, by the id of the original."""
        with self._connections.reading() as database:
            return video_rows.copies_of(database, ids)

    def copied_into(self, folder_id: int) -> frozenset[int]:
        """Ids of the originals elsewhere that have a copy in this watched folder."""
        with self._connections.reading() as database:
            rows = database.execute(
                """SELECT copy_of FROM videos
                WHERE folder_id = ? AND copy_of IS NOT NULL AND presence <> 'gone'""",
                [folder_id],
            ).fetchall()
        return frozenset(number for (number,) in rows)

    def retry(self, video_ids: Collection[int] | None = None) -> int:
        """Let the next run look again at what failed or was read in part, though no file changed.

        Args:
            video_ids: only these; all where None.

        Returns:
            How many will be.
        """
        with self._connections.writing() as database:
            count = video_rows.retry(database, video_ids)
            folders = None if video_ids is None else video_rows.folders_of(database, video_ids)
        self._deltas.tell(Delta(folders, changed=frozenset(video_ids or ()), problems=True))
        return count

    # Reading

    def video(self, video_id: int) -> Video | None:
        """One video, None where it is not in the library (any more)."""
        return self.videos_by_id([video_id]).get(video_id)

    def videos_by_id(self, ids: Collection[int]) -> dict[int, Video]:
        """Videos by id; an id that is not in the library, or whose rows are damaged, is left out."""
        try:
            with self._connections.reading() as database:
                return video_rows.by_ids(database, ids)
        except DamagedError:
            if len(ids) <= 1:
                logger.warning("the rows of a video are damaged: %s", ids)
                return {}
        found: dict[int, Video] = {}
        for number in ids:  # those whose rows can be read
            found |= self.videos_by_id([number])
        return found

    def videos(
        self, folder_id: int | None = None, state: VideoState | None = None, *, gone: bool = False
    ) -> list[Video]:
        """Videos of a folder (all where None) in a state (any where None), in order of id.

        Args:
            folder_id: the watched folder.
            state: the state.
            gone: whether those are listed too whose file is gone.
        """
        with self._connections.reading() as database:
            return video_rows.by_state(database, folder_id, state, gone=gone)

    def problems(self, limit: int) -> ProblemVideos:
        """The first `limit` videos of each kind that could not be (wholly) read; see `Folder.problems`."""
        with self._connections.reading() as database:
            return video_rows.problems(database, limit)

    def failures(self) -> list[Video]:
        """Videos that cannot be indexed, each with reason and advice."""
        return self.videos(state=VideoState.FAILED)

    def incomplete(self) -> list[Video]:
        """Videos that are indexed as far as they could be read; `Video.reason` says what is missing."""
        return [video for video in self.videos(state=VideoState.INDEXED) if video.reason]

    def frames(self, video_id: int) -> list[StoredFrame]:
        """A video's sampled frames in order of time."""
        with self._connections.reading() as database:
            return index_rows.read_frames(database, video_id)

    def clips(self, video_id: int) -> list[StoredClip]:
        """A video's clips in order of time."""
        with self._connections.reading() as database:
            return index_rows.read_clips(database, video_id)

    def thumbnail(self, frame_id: int) -> bytes | None:
        """A frame's picture as WebP, None where the frame is gone."""
        with self._connections.reading() as database:
            return index_rows.read_thumbnail(database, frame_id)

    def embeddings(self, model: str, after: int = 0) -> Iterator[StoredEmbeddings]:
        """Embeddings of a model that were written, or whose video changed folders, after a revision.

        Read row by row from one snapshot of the library, in order of revision. Rows that are damaged are left
        out; their videos are indexed again by the next run.
        """
        damaged: dict[int, str] = {}
        with self._connections.reading() as database:
            database.execute("BEGIN")
            try:
                yield from index_rows.read_embeddings(database, model, after, damaged.__setitem__)
            finally:
                database.rollback()
        self.set_aside(model, damaged)

    def embeddings_of(self, model: str, video_ids: Iterable[int]) -> list[StoredEmbeddings]:
        """Embeddings of these videos for a model; of one that has none that can be read, nothing."""
        with self._connections.reading() as database:
            return hubness_rows.embeddings_of(database, model, video_ids)

    @property
    def left_out(self) -> int:
        """How many videos were left out of searches since the library was opened: their rows are damaged."""
        return len({video_id for _, video_id in self._set_aside})

    def set_aside(self, model: str, damaged: Mapping[int, str]) -> None:
        """Have videos indexed again whose rows for a model are damaged.

        Args:
            model: identity of the encoder bundle.
            damaged: their ids, with what is wrong.
        """
        for video_id, why in damaged.items():
            if (model, video_id) in self._set_aside:
                continue
            self._set_aside.add((model, video_id))
            logger.warning("video %d is left out of searches: %s", video_id, why)
            if self.read_only:
                continue
            try:
                with self._connections.writing() as database:
                    index_rows.set_aside(database, model, video_id)
            except DamagedError:  # the page of the rows themselves
                self._write_derived(partial(index_rows.await_indexing, video_id=video_id))
            except UnwritableError as error:
                logger.warning("it cannot be marked to be indexed again: %s", error)
                continue
            self._deltas.tell(Delta(None, changed=frozenset({video_id}), findable=True))

    def embedded(self, model: str) -> dict[int, int]:
        """Revision of every stored embedding of a model, by video id."""
        with self._connections.reading() as database:
            return index_rows.read_live(database, model)

    def embedded_count(self, model: str, *, after: int = 0, until: int | None = None) -> int:
        """How many embeddings of a model were written after a revision, up to another (any where None)."""
        with self._connections.reading() as database:
            return index_rows.count_live(database, model, after, until)

    def is_embedded(self, model: str, video_id: int) -> bool:
        """Whether a video has an embedding of a model."""
        with self._connections.reading() as database:
            return index_rows.has_embedding(database, video_id, model)

    def frame_count(self, model: str) -> int:
        """How many frames have an embedding of a model."""
        with self._connections.reading() as database:
            return index_rows.read_frame_count(database, model)

    # Hubness

    def bank(self, model: str, bank: str) -> NDArray[np.float32] | None:
        """Vectors (B, D) of a bank of queries for a model, None where they were never kept."""
        with self._connections.reading() as database:
            return hubness_rows.read_bank(database, model, bank)

    def keep_bank(self, model: str, bank: str, vectors: NDArray[np.float32]) -> None:
        """Keep a bank's vectors (B, D) float32 for a model; what was made with another bank is forgotten.

        Nothing is stored where the library cannot be written: it can be made again.
        """
        self._write_derived(lambda database: hubness_rows.write_bank(database, model, bank, vectors))

    def lacking_hubness(self, model: str, bank: str) -> list[int]:
        """Ids of the videos that have embeddings of a model and were not compared with the bank."""
        with self._connections.reading() as database:
            return hubness_rows.lacking(database, model, bank)

    def keep_hubness(
        self,
        model: str,
        bank: str,
        video_ids: Sequence[int],
        make: Callable[[StoredEmbeddings], StoredHubness],
    ) -> None:
        """Compare these videos with the bank and keep what comes of it, in one transaction.

        Args:
            model: identity of the encoder bundle.
            bank: names the bank.
            video_ids: videos; those that have no embeddings any more are left out.
            make: makes the row from a video's embeddings.
        """
        if self.read_only:
            return
        with self._connections.reading() as database:
            sources = hubness_rows.embeddings_of(database, model, video_ids)
        rows = [(source, make(source)) for source in sources]
        self._write_derived(lambda database: hubness_rows.write(database, model, bank, rows))

    def hubness(self, model: str, bank: str) -> list[StoredHubness]:
        """What is known of the videos that were compared with the bank."""
        with self._connections.reading() as database:
            return list(hubness_rows.read(database, model, bank))

    def revision(self) -> int:
        """A number that goes up with each change the vector index must follow."""
        with self._connections.reading() as database:
            return revisions.current(database)

    def is_intact(self) -> bool:
        """Whether every page of the file and every reference in it is sound; reads the whole file."""
        try:
            with self._connections.reading() as database:
                pages = database.execute("PRAGMA quick_check(1)").fetchall()
                references = database.execute("PRAGMA foreign_key_check").fetchall()
        except DamagedError:
            return False
        return pages == [("ok",)] and not references

    def check(self, *, full: bool = True) -> list[Problem]:
        """What is wrong with the library's file, empty where nothing is; changes nothing.

        Args:
            full: also read every page and every vector, which takes as long as reading the file.
        """
        with self._connections.reading() as database:
            return integrity.check(database, full=full)

    def _write_derived(self, write: Callable[[Database], None]) -> None:
        """Write what can be made again at any time: a full disk is no reason not to answer."""
        try:
            with self._connections.writing() as database:
                write(database)
        except (UnwritableError, DamagedError) as error:
            logger.warning("what was made is not stored: %s", error)

    # Settings

    def setting(self, name: str, default: Any = None) -> Any:
        """A stored JSON value, `default` where it was never set."""
        with self._connections.reading() as database:
            row = database.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchone()
        return default if row is None else _value(name, row[0], default)

    def set_setting(self, name: str, value: Any) -> None:
        """Store a JSON value under a name."""
        self.change_setting(name, lambda _: value)

    def change_setting(self, name: str, change: Callable[[Any], Any]) -> None:
        """Replace a JSON value by what `change` makes of it (of None where it was never set).

        Nobody else, in this process or another, writes in between.
        """
        with self._connections.writing() as database:
            row = database.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchone()
            text = json.dumps(change(None if row is None else _value(name, row[0], None)))
            database.table("settings").upsert({"name": name, "value": text}, pk="name")


def _value(name: str, text: object, default: Any) -> Any:
    """What a setting's JSON says, `default` where it is damaged."""
    try:
        return json.loads(text)  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError) as error:
        logger.warning("the setting %s is damaged and counts as not set: %s", name, error)
        return default


def _write_indexed(
    database: Database,
    video: Video,
    rows: IndexedVideo,
    fingerprint: str,
    known: Collection[str],
    *,
    unchanged: bool,
) -> frozenset[int]:
    """Write what was found in a video; see `Catalogue.commit_indexed`.

    Args:
        database: the library's, in a transaction.
        video: the video as it is now.
        rows: what was found.
        fingerprint: its content's.
        known: all fingerprints of that content, of whatever version.
        unchanged: whether its file is still the one that was decoded.

    Returns:
        Ids of the videos whose rows are others now.
    """
    written = frozenset({video.id})
    if unchanged and rows.cause is None:
        original = video_rows.original_of(database, video.id, fingerprint, rows.model)
        if original is not None:  # both were decoded side by side
            copies.make_copy(database, video.id, original.id, fingerprint)
            copies.follow_living(database)
            written |= {original.id}
            if index_rows.has_embedding(database, original.id, rows.model):
                return written
            video = original
    same_content = video.fingerprint in known
    index_rows.write(database, video.id, rows, same_content=same_content)
    video_rows.mark_indexed(database, video.id, fingerprint if unchanged else None, rows)
    if not same_content:
        copies.part_from(database, video.id, fingerprint)
    return written


def _real(path: Path) -> Path:
    """One spelling per folder: absolute, without links; the folder need not exist."""
    return path.expanduser().resolve()


def _state_of(path: Path) -> tuple[int, int] | None:
    """Size and time of change of a file as it is now, None where it cannot be reached."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, time_of_change(status)


def _unchanged_content(video: Video) -> str | None:
    """Fingerprint of a video's file, None where it changed since it was indexed, or cannot be read."""
    try:
        return take_fingerprint(video.path) if _state_of(video.path) == (video.size, video.mtime_ns) else None
    except OSError:
        return None


def _same_content(video: Video, fingerprint: str) -> bool:
    """Whether a video's stored fingerprint, of whatever version, is that of its file.

    Args:
        video: the video.
        fingerprint: the file's, of the current version.
    """
    try:
        return video.fingerprint is not None and is_content(video.path, video.fingerprint, fingerprint)
    except OSError:
        return False
