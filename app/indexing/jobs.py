"""What one indexing run does: which videos are indexed for which model, and in which order."""

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass

from app.encoders import EncoderBundle, FrameEncoder
from app.errors import LibraryError
from app.library import frame_cache
from app.library.catalogue import Catalogue
from app.library.frame_cache import FrameCache
from app.library.records import Video
from app.search.choice import stored_settings
from app.search.engine import SearchEngine
from app.search.engines import Engines

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One pass: some videos are indexed for one model."""

    bundle: EncoderBundle
    encoder: Callable[[], AbstractContextManager[FrameEncoder]]
    """Opens the frame encoder for the pass; its memory is given back at the end."""
    videos: Callable[[frozenset[int] | None], list[Video]]
    """Those to do, of the folders with these ids (of all where None), in the order to be done."""
    wanted: Callable[[], bool]
    """Whether the model is still wanted; asked often."""
    max_rate: float
    """Frames per second at most, for videos that are sampled for the first time."""
    cache: FrameCache | None = None
    """Where frames are kept, None where they are not."""
    coming: bool = False
    """Whether the model does not answer yet: new videos for the one that does come first."""


class Jobs:
    """The passes of a run: called by the indexer, which holds the library's indexing lock meanwhile."""

    def __init__(self, catalogue: Catalogue, engines: Engines, follow: Callable[[], None]) -> None:
        """Args:
        catalogue: the library's.
        engines: the model that answers and the one that is made ready.
        follow: reads the settings again, at the start of each run.
        """
        self._catalogue = catalogue
        self._engines = engines
        self._follow = follow

    def __call__(self) -> Generator[Job, None, None]:
        """The passes one by one; each is decided on when its turn comes.

        Raises:
            ModelError: the model that is to come cannot be used; the one that answers was seen to before.
        """
        self._follow()
        with self._frames() as cache:
            answering = self._engines.answering
            yield self._job(answering, cache)
            coming = self._engines.next()
            if coming is not None:
                yield self._job(coming, cache, coming=True)
                # Where a video was sampled in another way than before, the answering model lost it.
                yield self._job(answering, cache)

    def _job(self, engine: SearchEngine, cache: FrameCache | None, *, coming: bool = False) -> Job:
        catalogue, model = self._catalogue, engine.bundle.identity

        def videos(folders: frozenset[int] | None) -> list[Video]:
            if coming:
                cached = cache.fingerprints() if cache is not None else frozenset()
                return catalogue.by_use(catalogue.lacking(model, folders, cached=cached))
            return catalogue.by_use(catalogue.pending(model, folders))

        @contextmanager
        def encoder() -> Iterator[FrameEncoder]:
            with engine.in_use():
                opened = engine.frame_encoder
                try:
                    yield opened
                finally:
                    opened.release()

        return Job(
            bundle=engine.bundle,
            encoder=encoder,
            videos=videos,
            wanted=lambda: self._engines.wants(engine),
            max_rate=self._engines.settings.max_rate,
            cache=cache,
            coming=coming,
        )

    @contextmanager
    def _frames(self) -> Iterator[FrameCache | None]:
        """The frame cache without what left the library, where frames are kept; else it is deleted."""
        library = self._catalogue.folder
        if not self._engines.settings.keep_frames:
            frame_cache.delete(library)
            yield None
            return
        try:
            cache = FrameCache(library)
        except LibraryError as error:  # a cache: indexing goes on without
            log.warning("frames are not kept: %s", error)
            yield None
            return
        try:
            with closing(cache):
                cache.keep_only(self._catalogue.fingerprints())
                yield cache
        finally:
            if not stored_settings(self._catalogue).keep_frames:  # turned off meanwhile
                frame_cache.delete(library)
