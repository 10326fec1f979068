"""Which videos are to be indexed, and what comes of it."""

import logging
from collections.abc import Collection, Sequence

from sqlite_utils import Database

from app.catalogue.deltas import Delta
from app.catalogue.file_content import has_content, size_and_time, unchanged_content
from app.catalogue.kept import mark_rows
from app.catalogue.parts.reading_videos import ReadingVideos
from app.catalogue.records import (
    FileOrigin,
    IndexedVideo,
    Readiness,
    Video,
)
from app.catalogue.rows import (
    copies,
    index_rows,
    origin_rows,
    usage,
    video_rows,
)
from app.catalogue.rows.lines import line_rows, name_rows
from app.errors import Cause
from app.vectors.gallery_file import GalleryFile
from app.vectors.graph.graph_file import delete_graph, graph_file

logger = logging.getLogger(__name__)


class RecordingIndexing(ReadingVideos):
    """Videos wait to be indexed; what was found, or went wrong, is committed."""

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
            delete_graph(graph_file(self.folder, identity))
            GalleryFile.delete(self.folder, identity)
        except OSError as error:  # caches: they are not used any more
            logger.warning("files of a model that was removed are still there: %s", error)

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
        on_disk = size_and_time(before.path)
        known = {fingerprint}
        if before.fingerprint is not None and has_content(before, fingerprint):
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
            name_rows.refresh(database)
            folders = video_rows.folders_of(database, written)
        problem = bool(rows.warning or before.reason)
        self._deltas.tell(Delta(folders, changed=written, findable=True, problems=problem))
        return unchanged

    def without_origin(self) -> list[Video]:
        """Videos at hand, indexed, of which it was never read with what and where they were filmed."""
        with self._connections.reading() as database:
            return origin_rows.awaited(database)

    def commit_origins(self, found: Sequence[FileOrigin]) -> int:
        """Note with what, where and when videos were filmed; those whose file changed meanwhile are left out.

        Returns:
            How many were noted.
        """
        with self._connections.writing() as database:
            filled = origin_rows.fill(database, found)
            name_rows.refresh(database)
            folders = video_rows.folders_of(database, filled)
        self._deltas.tell(Delta(folders, changed=filled))
        return len(filled)

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
        return next((video for video in candidates if unchanged_content(video) == fingerprint), None)

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
            name_rows.refresh(database)
        folders = frozenset(video.folder_id for video in found.values())
        problem = bool(found[video_id].reason)
        self._deltas.tell(Delta(folders, changed=frozenset(found), findable=True, problems=problem))

    def retry(self, video_ids: Collection[int] | None = None) -> int:
        """Let the next run look again at what failed or was read in part, though no file changed.

        Args:
            video_ids: only these; all where None.

        Returns:
            How many will be.
        """
        with self._connections.writing() as database:
            count = video_rows.retry(database, video_ids)
            line_rows.retry(database, video_ids)
            folders = None if video_ids is None else video_rows.folders_of(database, video_ids)
        self._deltas.tell(Delta(folders, changed=frozenset(video_ids or ()), problems=True))
        return count

    def index_again(self, video_ids: Collection[int]) -> int:
        """Let the next run read these videos anew though their files did not change.

        They are found by what is known of them until it is replaced.

        Returns:
            How many will be.
        """
        with self._connections.writing() as database:
            count = video_rows.await_anew(database, video_ids)
            line_rows.await_anew(database, video_ids)
            folders = video_rows.folders_of(database, video_ids)
        self._deltas.tell(Delta(folders, changed=frozenset(video_ids), problems=True))
        return count


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
    for earlier in known:
        mark_rows.follow(database, earlier, fingerprint)
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
