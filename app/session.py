"""One open library with its encoder: what the window and the command line both work with.

The only place where the rooms are put together. Opening is quick; the encoder and the vectors are loaded on
first use or by `warm_up`. Every method may be called from any thread.
"""

import logging
import threading
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from app.encoders import EncoderBundle, FrameEncoder, TextEncoder, load_bundle
from app.errors import LibraryError, ModelError, ReelfindError, UsageError
from app.indexing.events import IndexingEvent, RunFinished
from app.indexing.indexer import Indexer
from app.library.catalogue import Catalogue
from app.library.records import Folder, Video
from app.library.vectors import VectorIndex
from app.library.watcher import Watcher
from app.paths import bundled_model
from app.search.choosing import check_scorer, make_scorer
from app.search.hubs import HubKeeper
from app.search.outcome import SearchOutcome
from app.search.scorers import scorer_in_use
from app.search.scoring import Scorer
from app.search.searcher import Scope, Searcher
from app.settings import Settings

log = logging.getLogger(__name__)

_SETTINGS = "settings"
"""Name under which the catalogue keeps them."""


class Session:
    """An open library."""

    def __init__(self, library: Path, model: Path | None = None) -> None:
        """Open (or make) the library in the folder `library`.

        Args:
            library: the library's folder.
            model: folder of the encoder bundle; the library's setting, else the bundled one, where None.

        Raises:
            LibraryError: it cannot be opened.
            ModelError: the encoder bundle is missing or damaged.
        """
        self.folder = library
        self.catalogue = Catalogue(library)
        self._lock = threading.RLock()
        try:
            self.settings = stored_settings(self.catalogue)
            self.bundle: EncoderBundle = load_bundle(model or _model_folder(self.settings))
        except BaseException:
            self.catalogue.close()
            raise
        self.indexer = Indexer(
            self.catalogue,
            lambda: self.frame_encoder,
            library=library,
            max_rate=self.settings.max_rate,
        )
        self._watcher: Watcher | None = None
        self._closing = threading.Event()
        self._graph_builder: threading.Thread | None = None
        self._scorers: dict[str, Scorer] = {}
        self._hubs = HubKeeper(self.catalogue, self.bundle.identity, lambda: self.text_encoder)
        self.indexer.subscribe(self._on_indexing)

    @property
    def model_name(self) -> str:
        """Name of the encoder in use, for people."""
        return self.bundle.title

    @property
    def provider(self) -> str:
        """Execution provider in use, as the session reports it: `CUDA` or `CPU`. Loads the encoder."""
        return self.frame_encoder.provider

    @property
    def frame_encoder(self) -> FrameEncoder:
        """The frame encoder, loaded on first use."""
        with self._lock:
            return self._frame_encoder

    @property
    def text_encoder(self) -> TextEncoder:
        """The text encoder, loaded on first use."""
        with self._lock:
            return self._text_encoder

    @property
    def index(self) -> VectorIndex:
        """The vector index over the library's frames, loaded on first use."""
        with self._lock:
            return self._index

    @property
    def scorer_name(self) -> str:
        """Name of the scorer in use: the library's setting where this model can use it, else its default."""
        return scorer_in_use(self.settings.scorer, has_head=self.bundle.has_head)

    def change_setting(self, name: str, value: str) -> None:
        """Change one setting and keep it; see `change_setting`. A scorer is used from the next search on.

        Raises:
            UsageError, ModelError: as `change_setting`.
        """
        with self._lock:
            self.settings = change_setting(self.catalogue, name, value, bundle=self.bundle)

    def warm_up(self) -> None:
        """Load the encoders and the vectors, so that the first search is as quick as the next."""
        self.text_encoder.encode_query("warm up")
        self.refresh_index()
        with suppress(ModelError):  # a damaged head is told to whoever searches with it
            self.search("warm up", limit=1)
        self.frame_encoder  # noqa: B018 - loading is the point

    def refresh_index(self) -> None:
        """Take in what was committed since.

        While watching, that is in a long-lived session, a large library's search graph is then extended in
        the background; queries stay exact until it is ready.
        """
        self.index.refresh(self.catalogue)
        if self._watcher is None or not self.index.wants_build:
            return
        with self._lock:
            builder = self._graph_builder
            if self._closing.is_set() or (builder is not None and builder.is_alive()):
                return
            self._graph_builder = threading.Thread(
                target=self.index.build_hnsw, args=(self._closing.is_set,), name="reelfind-graph", daemon=True
            )
            self._graph_builder.start()

    def folders(self) -> list[Folder]:
        """The watched folders with their counts."""
        return self.catalogue.folders()

    def add_folder(self, path: Path) -> Folder:
        """Watch one more folder; indexing it is `indexer.start()`.

        Raises:
            UsageError: it is no folder, or cannot be read.
        """
        with self._lock:
            folder = self.catalogue.add_folder(path)
            if self._watcher is not None:
                self._watcher.add(folder.path)
        return folder

    def remove_folder(self, path: Path) -> None:
        """Stop watching a folder and forget its rows; the video files are not touched.

        Raises:
            UsageError: the folder is not watched.
        """
        with self._lock:
            self.catalogue.remove_folder(path)
            if self._watcher is not None:
                self._watcher.remove(path.expanduser().resolve())

    def failures(self) -> list[Video]:
        """The videos that could not be indexed, with reasons."""
        return self.catalogue.failures()

    def problems(self) -> list[Video]:
        """The videos that could not be indexed, then those that could be in part only, with reasons."""
        return self.failures() + self.catalogue.incomplete()

    def search(
        self,
        text: str,
        *,
        limit: int = 60,
        folder: Path | None = None,
        scorer: str | None = None,
        qb_norm: bool | None = None,
    ) -> SearchOutcome:
        """Find the moments that `text` describes; see `Searcher.search`.

        Args:
            text: a description.
            limit: moments at most.
            folder: a watched folder, or one below it, to look in; everywhere where None.
            scorer: name of what ranks the answers; `scorer_name` where None.
            qb_norm: whether clips that answer to everything answer less; the library's setting where None.

        Raises:
            UsageError: the text holds no word, `folder` is not in the library, or there is no such scorer
                for this model.
            ModelError: the model's files cannot be used.
        """
        ranks = self._scorer(scorer or self.scorer_name)
        scope = None if folder is None else self._scope(folder)
        self.refresh_index()
        corrects = self.settings.qb_norm if qb_norm is None else qb_norm
        hubs = self._hubs.hubs if corrects else None
        return self._searcher.search(text, limit=limit, scorer=ranks, hubs=hubs, scope=scope)

    def covering(self, path: Path) -> Folder | None:
        """The watched folder that `path` is or lies in, None where there is none."""
        real = path.expanduser().resolve()
        return next((folder for folder in self.folders() if real.is_relative_to(folder.path)), None)

    def thumbnail(self, frame_id: int) -> bytes | None:
        """WebP of a frame, None where it is gone."""
        return self.catalogue.thumbnail(frame_id)

    def start_watching(self) -> None:
        """Index new and changed files of the watched folders by themselves from now on."""
        with self._lock:
            if self._watcher is None:
                self._watcher = Watcher(
                    [folder.path for folder in self.catalogue.folders()],
                    self._on_change,
                    rescan_every=self.settings.rescan_every,
                )

    def close(self) -> None:
        """Stop watching, indexing and building in stages, keep the search graph, close the catalogue."""
        self._closing.set()
        with self._lock:
            watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.close()
        self.indexer.close()
        if self._graph_builder is not None:
            self._graph_builder.join()
        if "_index" in self.__dict__:
            self._index.save()
        self.catalogue.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _on_change(self, path: Path) -> None:
        try:
            changed = [folder.id for folder in self.catalogue.folders() if folder.path == path]
        except LibraryError as error:  # watching goes on: a full or busy disk may be well again next time
            log.warning("a change in a folder was not looked at: %s", error)
            return
        if changed:
            self.indexer.start(changed)

    def _on_indexing(self, event: IndexingEvent) -> None:
        """Compare what was indexed with the query bank, at the end of a run and on its thread."""
        if isinstance(event, RunFinished) and not event.stopped and not self._closing.is_set():
            try:
                self._hubs.update(self._closing.is_set)
            except ReelfindError as error:  # derived: made up for after the next run, or by who needs it
                log.warning("the query bank was not compared: %s", error)

    def _scope(self, path: Path) -> Scope:
        folder = self.covering(path)
        if folder is None:
            raise UsageError(f"“{path}” is not in this library.", "Add it first: reelfind add FOLDER.")
        real = path.expanduser().resolve()
        if real == folder.path:
            return Scope(folder.id)
        below = (video.id for video in self.catalogue.videos(folder.id) if video.path.is_relative_to(real))
        return Scope(folder.id, frozenset(below))

    def _scorer(self, name: str) -> Scorer:
        with self._lock:
            if name not in self._scorers:
                self._scorers[name] = make_scorer(name, self.bundle)
            return self._scorers[name]

    @cached_property
    def _frame_encoder(self) -> FrameEncoder:
        return FrameEncoder(self.bundle)

    @cached_property
    def _text_encoder(self) -> TextEncoder:
        return TextEncoder(self.bundle)

    @cached_property
    def _index(self) -> VectorIndex:
        return VectorIndex(self.folder, self.bundle.identity, self.bundle.embedding_width)

    @cached_property
    def _searcher(self) -> Searcher:
        return Searcher(self.catalogue, self.index, self.text_encoder)


def stored_settings(catalogue: Catalogue) -> Settings:
    """The settings of a library."""
    return Settings.from_json(catalogue.setting(_SETTINGS, {}))


def change_setting(
    catalogue: Catalogue, name: str, value: str, *, bundle: EncoderBundle | None = None
) -> Settings:
    """Change one setting of a library and keep it.

    Args:
        catalogue: the library's.
        name: of the setting.
        value: as typed, see `Settings.changed`. A model is the folder of a bundle.
        bundle: the model in use where it is not the library's own.

    Returns:
        The settings as they are then.

    Raises:
        UsageError: there is no such setting, or it cannot have this value.
        ModelError: the model in that folder cannot be used.
    """
    settings = stored_settings(catalogue).changed(name, value)
    if name == "model" and settings.model:
        folder = Path(settings.model).expanduser().resolve()
        load_bundle(folder)
        settings = replace(settings, model=str(folder))
    if name == "scorer" and settings.scorer:
        check_scorer(settings.scorer, bundle or load_bundle(_model_folder(settings)))
    catalogue.set_setting(_SETTINGS, settings.to_json())
    return settings


def _model_folder(settings: Settings) -> Path:
    return Path(settings.model) if settings.model else bundled_model()
