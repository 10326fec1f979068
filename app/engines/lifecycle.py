"""The active model and the pending one: the only place where one takes the other's place."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from app.bundle.encoder_bundle import load_bundle
from app.catalogue.catalogue import Catalogue
from app.engines.model_choice import (
    PendingModel,
    activate,
    model_folder,
    real_folder,
    schedule,
    stored_settings,
    switch_status,
    update_settings,
)
from app.engines.scorer_names import scorer_in_use
from app.engines.search_engine import SearchEngine
from app.errors import ModelError
from app.paths import bundled_model
from app.settings import Settings

logger = logging.getLogger(__name__)


class Engines:
    """Holds one engine that answers, and one more while a switch is under way. Thread-safe.

    An engine takes over when it has loaded what a search needs. A query keeps the engine it began with; the
    old one is closed when its last query and its last pass of indexing are done.
    """

    def __init__(self, catalogue: Catalogue, model: Path | None = None) -> None:
        """Load the model that answers.

        Args:
            catalogue: the library's.
            model: folder of the bundle that answers whatever the setting is, until another is chosen;
                the library's setting where None.

        Raises:
            ModelError: the bundle is missing or damaged.
        """
        self._catalogue = catalogue
        self._pinned = None if model is None else real_folder(model)
        self._changing = threading.RLock()  # held while a model is loaded, for seconds
        self._lock = threading.Lock()  # guards the two engines, for moments
        self._stored_model = stored_settings(catalogue).model
        self._settings = self._read()
        self.problem = ""
        """Why the library's model does not answer but the bundled one, in words; empty where it does."""
        self._active = self._make_first()
        self._next: SearchEngine | None = None
        self._unusable = ""

    @property
    def settings(self) -> Settings:
        """The library's settings as they were last read, with the model that answers here."""
        return self._settings

    @property
    def active(self) -> SearchEngine:
        """The engine that answers now."""
        return self._active

    def scorer_of(self, engine: SearchEngine) -> str:
        """Name of the scorer to use: the library's setting where the model can use it, else its default."""
        return scorer_in_use(self._settings.scorer, has_head=engine.bundle.has_head)

    @contextmanager
    def in_use(self) -> Iterator[SearchEngine]:
        """The engine that answers now, for this block; it stays open however long that takes."""
        with ExitStack() as using:
            with self._lock:
                engine = using.enter_context(self._active.in_use())
            yield engine

    def wants(self, engine: SearchEngine) -> bool:
        """Whether an engine answers or is to answer."""
        return engine is self._active or engine is self._next

    def next(self) -> SearchEngine | None:
        """The pending engine, None where there is none.

        Raises:
            ModelError: it cannot be used.
        """
        if self._next is None and self._settings.next_model:
            with self._changing:
                wanted = self._settings.next_model
                if self._next is None and wanted:
                    engine = self._make(Path(wanted))
                    with self._lock:
                        self._next = engine
        engine_now = self._next
        if engine_now is None or engine_now.bundle.identity == self._active.bundle.identity:
            return None
        return engine_now

    def pending_model(self) -> PendingModel | None:
        """How far the pending model is, None where there is none that could be."""
        wanted = self._settings.next_model
        if wanted and wanted == self._unusable:
            return None
        try:
            engine = self.next()
        except ModelError as error:  # said by each indexing run
            logger.warning("the model that is to answer cannot be used: %s", error)
            self._unusable = wanted
            return None
        if engine is None:
            return None
        return switch_status(self._catalogue, engine.bundle, self._active.bundle.identity)

    def use(self, folder: Path, *, now: bool) -> bool:
        """Choose a model; see `choose_model`. Returns whether it answers from now on and did not before.

        Raises:
            ModelError: the model cannot be used; everything stays as it was.
        """
        with self._changing:
            engine = self._make(real_folder(folder))
            bundle, before = engine.bundle, self._active.bundle
            self._unusable = ""
            if bundle.folder == before.folder:
                self._settings = update_settings(self._catalogue, activate(bundle.folder))
                self._pinned, self._stored_model = None, self._settings.model
                self.problem = ""
                self._replace_next(None)
                return False
            if now or self._is_complete(engine) or bundle.identity == before.identity:
                self._take_over(engine, lambda _: True)
                return bundle.identity != before.identity
            self._settings = self._overlaid(update_settings(self._catalogue, schedule(bundle.folder)))
            self._replace_next(engine)
            return False

    def switch_when_ready(self, stop: Callable[[], bool] = lambda: False) -> str:
        """`switch` if no video lacks the pending model; compares with the query bank before.

        Args:
            stop: asked while that is done; nothing is switched then.

        Raises:
            LibraryError, ModelError: as `switch`.
        """
        engine = self.next()
        if engine is None or not self._is_complete(engine):
            return ""
        with engine.in_use():
            engine.update_hubs(stop)
        return "" if stop() else self._switch(engine)

    def switch(self) -> str:
        """Let the pending model answer; nothing where there is none.

        Returns:
            Its title, empty where nothing was switched.

        Raises:
            ModelError: it cannot be used; the other one goes on answering.
        """
        return self._switch()

    def _switch(self, complete: SearchEngine | None = None) -> str:
        """`switch`; only to `complete`, and only while no video lacks it, where that is given: another model
        may have been chosen meanwhile."""
        with self._changing:
            engine = self.next()
            if engine is None:
                return ""
            if complete is not None and not (engine is complete and self._is_complete(engine)):
                return ""
            wanted = self._settings.next_model
            switched = self._take_over(engine, lambda stored: stored.next_model == wanted)
            return engine.bundle.title if switched else ""

    def cancel(self) -> None:
        """Make no other model ready; what was indexed for it stays."""
        with self._changing:
            stored = update_settings(self._catalogue, lambda settings: replace(settings, next_model=""))
            self._settings = self._overlaid(stored)
            self._replace_next(None)

    def follow(self) -> str:
        """Read the settings again: another process may have changed them.

        Returns:
            Title of the model that answers from now on, empty where it is the same as before.
        """
        with self._changing:
            before, self._settings = self._settings, self._read()
            self._unusable = ""
            if self._settings.next_model != before.next_model:
                with self._lock:
                    earlier, self._next = self._next, None
            else:
                earlier = None
            folder, old = model_folder(self._settings), self._active.bundle
            try:
                if folder == old.folder:
                    return ""
                engine = earlier if earlier is not None and earlier.bundle.folder == folder else None
                engine = engine or self._make(folder)
                self._warm_up(engine)
                self._swap(engine)
                return engine.bundle.title if engine.bundle.identity != old.identity else ""
            except ModelError as error:
                logger.warning("the model that was chosen elsewhere cannot be used: %s", error)
                return ""
            finally:
                if earlier is not None and earlier is not self._active:
                    earlier.close()

    def close(self) -> None:
        """Close both."""
        with self._changing:
            self._replace_next(None)
            self._active.close()

    def _is_complete(self, engine: SearchEngine) -> bool:
        return switch_status(self._catalogue, engine.bundle, self._active.bundle.identity).complete

    def _take_over(self, engine: SearchEngine, still: Callable[[Settings], bool]) -> bool:
        """Load, note, swap. Nothing where the stored settings are not as they should be any more."""
        self._warm_up(engine)
        agreed = False

        def change(stored: Settings) -> Settings:
            nonlocal agreed
            agreed = still(stored)
            return activate(engine.bundle.folder)(stored) if agreed else stored

        stored = update_settings(self._catalogue, change)
        if agreed:
            self._settings = stored
            self._pinned, self._stored_model = None, stored.model
            self._swap(engine)
        return agreed

    def _swap(self, engine: SearchEngine) -> None:
        self.problem = ""
        with self._lock:
            old, other = self._active, self._next
            self._active, self._next = engine, None
        for left in (old, other):
            if left is not None and left is not engine:
                left.close()

    def _replace_next(self, engine: SearchEngine | None) -> None:
        with self._lock:
            earlier, self._next = self._next, engine
        if earlier is not None:
            earlier.close()

    def _warm_up(self, engine: SearchEngine) -> None:
        engine.warm_up(self.scorer_of(engine), qb_norm=self._settings.qb_norm)

    def _make(self, folder: Path) -> SearchEngine:
        return SearchEngine(
            self._catalogue,
            self._catalogue.folder,
            load_bundle(folder),
            encoder_url=lambda: self._settings.encoder_url,
            vector_store_url=lambda: self._settings.vector_store_url,
        )

    def _make_first(self) -> SearchEngine:
        """The chosen model; the bundled one where that was removed or damaged, so that the library opens."""
        try:
            return self._make(model_folder(self._settings))
        except ModelError as error:
            if self._pinned is not None or not self._settings.model:
                raise
            engine = self._make(bundled_model())
            self.problem = f"{error.sentence} {engine.bundle.title} answers until another is chosen."
            logger.warning("%s", self.problem)
            return engine

    def _read(self) -> Settings:
        stored = stored_settings(self._catalogue)
        if stored.model != self._stored_model:  # another was chosen, in whichever process
            self._pinned, self._stored_model = None, stored.model
        return self._overlaid(stored)

    def _overlaid(self, stored: Settings) -> Settings:
        return stored if self._pinned is None else replace(stored, model=str(self._pinned))
