"""One open library with its models: what the window and the command line both work with.

The only place where the rooms are put together. Opening is quick; the encoder and the vectors are loaded on
first use or by `warm_up`. Every method may be called from any thread.
"""

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from app.answering import Answering, covering
from app.asking.prompts import Prompts
from app.catalogue import frame_cache
from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Folder, Presence, WatchedFolder
from app.catalogue.removal import Removal
from app.catalogue.upkeep import Upkeep
from app.engines.lifecycle import Engines
from app.engines.model_choice import (
    PendingModel,
    change_setting,
    choose_model,
    stored_settings,
)
from app.engines.search_engine import SearchEngine
from app.errors import ReelfindError
from app.indexing.behind.line_sources import IN_WORDS, LineSource, SourceState, line_sources
from app.indexing.events import IndexingEvent, ModelSwitched, RunFinished
from app.indexing.folder_watch import FolderWatch
from app.indexing.indexer import Indexer
from app.indexing.passes import IndexPasses
from app.indexing.waiting.conditions import Conditions
from app.keeping.keeping import Keeping
from app.open_library import Impairment
from app.search.curves import MatchCurve
from app.search.evidence.explanation import Explanation
from app.search.outcome import Moment, SearchOutcome
from app.session_models import SessionModels
from app.settings import Exclusion

if TYPE_CHECKING:
    from app.engines.duplicate_finder import DuplicateGroup

__all__ = ["Impairment", "PendingModel", "Session", "change_setting", "choose_model", "stored_settings"]

logger = logging.getLogger(__name__)

_READ_ONLY = "You can search and play. Nothing new is indexed, and no change is saved."
_MENDED = "What was lost with it is indexed again; “reelfind doctor” says how things are."


class Session(SessionModels):
    """An open library."""

    def __init__(self, library: Path, model: Path | None = None, *, reading: bool = False) -> None:
        """Open (or make) the library in the folder `library`.

        Args:
            library: the library's folder.
            model: folder of the encoder bundle that answers until another is chosen; the library's setting,
                else the bundled one, where None.
            reading: whether it has to be there and nothing of it is changed; call `follow` now and then.

        Raises:
            LibraryError: it cannot be opened.
            ModelError: the encoder bundle is missing or damaged.
        """
        self.folder = library
        self.catalogue = Catalogue(library, reading=reading)
        try:
            self._engines = Engines(self.catalogue, model)
        except BaseException:
            self.catalogue.close()
            raise
        passes = IndexPasses(self.catalogue, self._engines, self.follow)
        self.indexer = Indexer(
            self.catalogue,
            passes,
            library=library,
            sources=self.line_sources,
            obstacle=Conditions(lambda: stored_settings(self.catalogue)).wait,
        )
        self._removal = Removal(self.catalogue.delete_some)
        self._watch = FolderWatch(self.catalogue, lambda: self.settings, self.indexer.start)
        self._closing = threading.Event()
        self._expects_searches = False
        self._answering = Answering(self.catalogue, self._engines, self._refresh)
        self.kept = Keeping(self.catalogue, self._answering.search_among)
        """Favourites, tags, notes, collections and saved searches."""
        self.upkeep = Upkeep(self.catalogue)
        """Room on disk, and what may be cleared."""
        self.prompts = Prompts(
            self.catalogue, library, lambda text, limit: self._answering.search(text, limit=limit)
        )
        """What helps to fill the search box."""
        self.indexer.subscribe(self._on_indexing)

    @property
    def title(self) -> str:
        """What the library is called: as its folder."""
        return self.folder.name

    @property
    def keeps_history(self) -> bool:
        """Whether what a person searches for is remembered."""
        return self.settings.history

    outages = 0
    """Nothing stands between this library and a window."""

    def impairments(self) -> list[Impairment]:
        """What works less well than it should while the library is open, what matters most first."""
        found = []
        if self.catalogue.read_only:
            reason = self.catalogue.read_only_reason
            found.append(Impairment(reason, f"{_READ_ONLY} {self.catalogue.read_only_advice}".strip()))
        found += [Impairment(sentence, _MENDED) for sentence in self.catalogue.mended]
        found += [Impairment(sentence, meaning) for sentence, meaning in self._watch.troubles()]
        if problem := self._engines.active.build_problem:
            found.append(Impairment(problem, self._engines.active.build_advice))
        return found

    def change_setting(self, name: str, value: str) -> None:
        """Change one setting and keep it; see `change_setting`. A scorer is used from the next search on.

        Raises:
            UsageError, ModelError: as `change_setting`.
        """
        change_setting(self.catalogue, name, value, bundle=self.bundle)
        self.follow()
        if name == "exclude":
            self._watch.exclude(Exclusion(self.settings.exclude))
        self._watch.set_times(settle=self.settings.settle, rescan_every=self.settings.rescan_every)
        self.indexer.look_again()

    def line_sources(self) -> tuple[LineSource, ...]:
        """Where lines come from, as the settings are now."""
        return line_sources(self.settings)

    def source_states(self) -> tuple[SourceState, ...]:
        """The sources of lines and how far each of them is."""
        counts = self.catalogue.line_counts()
        return tuple(SourceState.of(each, counts[each.source]) for each in self.line_sources())

    def forget_words(self, name: str) -> None:
        """Delete what was read of a source, by the name of its setting; while it is on, it is read again."""
        source = next(each.source for each in self.line_sources() if IN_WORDS[each.source] == name)
        self.catalogue.forget_lines(source)

    def note_opened(self, video_id: int) -> None:
        """Note that a result was played: its folder is among the first to be indexed for another model."""
        self.catalogue.note_opened(video_id)

    @property
    def frame_cache_bytes(self) -> int:
        """Size of the kept frames on disk (`keep_frames`)."""
        return frame_cache.size_of(self.folder)

    def warm_up(self) -> None:
        """Load the encoders and the vectors, so that the first search is as quick as the next."""
        with self._engines.in_use() as engine:
            engine.warm_up(self.scorer_name, qb_norm=self.settings.qb_norm)
            self._refresh(engine)
            engine.frame_encoder.release()  # it is known now where it runs; indexing opens it again

    def folders(self, only: Collection[int] | None = None) -> list[Folder]:
        """The watched folders with their counts; only those with these ids where given."""
        return self.catalogue.folders(only)

    def add_folder(self, path: Path) -> Folder:
        """Watch one more folder; indexing it is `indexer.start()`.

        Raises:
            UsageError: it is no folder, or cannot be read.
        """
        folder = self.catalogue.add_folder(path)
        self._watch.follow()
        return folder

    def remove_folder(self, path: Path) -> None:
        """Stop watching a folder; no search finds its videos from now on, and their rows are deleted behind.

        The video files are not touched.

        Raises:
            UsageError: the folder is not watched.
        """
        self.catalogue.remove_folder(path)
        self._removal.start()
        self._watch.follow()

    def finish_removal(self) -> None:
        """Wait until the rows of all videos that left the library are deleted."""
        self._removal.start()
        self._removal.wait()

    def retry(self, video_ids: Collection[int] | None = None) -> int:
        """Look again, in the background, at what failed or was read in part, though no file changed.

        Args:
            video_ids: only these; all where None.

        Returns:
            How many videos will be.
        """
        count = self.catalogue.retry(video_ids)
        self.indexer.start()
        return count

    def index_again(self, video_ids: Collection[int]) -> int:
        """Read these videos anew, in the background, though their files did not change.

        They are found by what is known of them until the new is there.

        Returns:
            How many will be.
        """
        count = self.catalogue.index_again(video_ids)
        self.indexer.start()
        return count

    def presences(self, video_ids: Collection[int]) -> Mapping[int, Presence]:
        """Where the files of some videos are now; those that left the library are `GONE`."""
        videos = self.catalogue.videos_by_id(video_ids)
        return {each: videos[each].presence if each in videos else Presence.GONE for each in video_ids}

    def video(self, moment: Moment) -> None:
        """What reads a video that lies elsewhere; those of a library on this computer do not."""

    def search(
        self,
        text: str,
        *,
        limit: int = 60,
        folder: Path | None = None,
        scorer: str | None = None,
        qb_norm: bool | None = None,
        among: frozenset[int] | None = None,
        person: str = "",
    ) -> SearchOutcome:
        """Find the moments that `text` asks for; see `Answering.search`."""
        return self._answering.search(
            text, limit=limit, folder=folder, scorer=scorer, qb_norm=qb_norm, among=among, person=person
        )

    def match_curve(self, text: str, video_id: int) -> MatchCurve:
        """Where in a video a search for `text` matches: of every frame how well; see `match_curves`."""
        return self.match_curves(text, [video_id])[video_id]

    def match_curves(self, text: str, video_ids: Collection[int]) -> dict[int, MatchCurve]:
        """Where in some videos a search for `text` matches; see `Answering.match_curves`."""
        return self._answering.match_curves(text, video_ids)

    def why(self, text: str, moment: Moment) -> Explanation:
        """Say why a search for `text` found `moment`; see `Answering.why`."""
        return self._answering.why(text, moment)

    def duplicates(
        self, progress: Callable[[float], None] = lambda _: None, stop: Callable[[], bool] = lambda: False
    ) -> "list[DuplicateGroup]":
        """Find videos that share content, and copies; see `find_groups`. Takes up to a minute.

        Args:
            progress: told the share that is done, 0 to 1.
            stop: asked a few times a second; ends the work.

        Raises:
            Cancelled: it was stopped.
            ModelError: the model's files cannot be used.
        """
        from app.engines.duplicate_finder import find_groups

        with self._engines.in_use() as engine:
            self._refresh(engine)
            return find_groups(
                self.catalogue,
                engine.index.gallery,
                progress=progress,
                stop=lambda: stop() or self._closing.is_set(),
            )

    def note_search(self, text: str) -> None:
        """Remember, where the settings say so, that a person searched for `text` and did not only type it."""
        if self.settings.history and text.strip():
            self.catalogue.note_search(text.strip())

    def covering(self, path: Path) -> WatchedFolder | None:
        """The watched folder that `path` is or lies in, None where there is none."""
        return covering(path, self.catalogue.watched())

    def thumbnail(self, frame_id: int) -> bytes | None:
        """WebP of a frame, None where it is gone."""
        return self.catalogue.thumbnail(frame_id)

    def expect_searches(self) -> None:
        """Many will come: from now on a large library's gallery is kept and its search graph answers them.

        One search alone is answered sooner by comparing with every frame than the graph's file is read.
        """
        self._expects_searches = True

    def start_watching(self) -> None:
        """Index new and changed files of the watched folders by themselves from now on.

        What an earlier program removed and could not wholly delete is deleted too.
        """
        self.expect_searches()
        self._removal.start()
        self._watch.start()

    def look_through(self) -> None:
        """Index what is new in all folders, in the background; watching may have begun with that already."""
        if not (self.catalogue.read_only or self._watch.has_begun):  # nothing it finds could be stored
            self.indexer.start()

    def close(self) -> None:
        """Stop watching, indexing and building in stages, keep the search graph, close the catalogue."""
        self._closing.set()
        self._watch.close()
        self.indexer.close()
        self._removal.close()
        self._engines.close()
        self.catalogue.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refresh(self, engine: SearchEngine) -> None:
        engine.refresh(build=self._expects_searches and not self._closing.is_set())

    def _on_indexing(self, event: IndexingEvent) -> None:
        """After a run, on its thread: compare with the query bank, and switch where all is ready."""
        if not isinstance(event, RunFinished) or event.stopped or self._closing.is_set():
            return
        self._removal.start()  # what was gone for long
        try:
            self.follow()
            with self._engines.in_use() as engine:
                engine.update_hubs(self._closing.is_set)
            if title := self._engines.switch_when_ready(self._closing.is_set):
                self.indexer.announce(ModelSwitched(title))
        except ReelfindError as error:  # made up for after the next run, or by who needs it
            logger.warning("a run was not followed up: %s", error)
