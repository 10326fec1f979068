"""What one indexing run does: which videos are indexed for which model, and in which order."""

import logging
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace

from app.bundle.encoder_bundle import EncoderBundle
from app.catalogue import frame_cache
from app.catalogue.catalogue import Catalogue
from app.catalogue.frame_cache import FrameCache
from app.catalogue.records import Video
from app.engines.lifecycle import Engines
from app.engines.model_choice import stored_settings
from app.engines.search_engine import SearchEngine
from app.errors import LibraryError
from app.indexing.events import Stage
from app.runtime.frame_encoding import FrameEncoding

logger = logging.getLogger(__name__)

MANY, MUCH = 24, 2 << 30
"""New videos, or bytes of them, from which a first look at all of them comes before the rest of any."""

MOST_LOST = 8
"""Videos that the active model may lose, before a pass for the pending one ends to let it catch up."""


@dataclass(frozen=True, slots=True)
class IndexPass:
    """One pass: some videos are indexed for one model."""

    bundle: EncoderBundle
    encoder: Callable[[], AbstractContextManager[FrameEncoding]]
    """Opens the frame encoder for the pass; its memory is given back at the end."""
    videos: Callable[[frozenset[int] | None], list[Video]]
    """Those to do, of the folders with these ids (of all where None), in the order to be done."""
    wanted: Callable[[], bool]
    """Whether the model is still wanted; asked often."""
    more: Callable[[], bool]
    """Whether another video may be begun; those under way are finished."""
    committed: Callable[[int], None]
    """Told the id of every video whose rows were written."""
    given_up: Callable[[int], None]
    """Told the id of every video that was waited for in vain: once is enough in a run."""
    max_rate: float
    """Frames per second at most, for videos that are sampled for the first time."""
    cores: int = 0
    """Of the processor, that decoding may use; all where 0."""
    cache: FrameCache | None = None
    """Where frames are kept, None where they are not."""
    pending_model: bool = False
    """Whether the model does not answer yet: new videos for the one that does come first."""
    stage: Stage = Stage.WHOLE
    """Whether key frames are enough for now."""


class IndexPasses:
    """The passes of a run: called by the indexer, which holds the library's indexing lock meanwhile."""

    def __init__(self, catalogue: Catalogue, engines: Engines, follow: Callable[[], None]) -> None:
        """Plan the passes of a run.

        Args:
            catalogue: the library's.
            engines: the active model and the pending one.
            follow: reads the settings again, at the start of each run.
        """
        self._catalogue = catalogue
        self._engines = engines
        self._follow = follow

    def __call__(self) -> Generator[IndexPass, None, None]:
        """The passes one by one; each is decided on when its turn comes.

        Raises:
            ModelError: the model that is to come cannot be used; the one that answers was seen to before.
        """
        self._follow()
        with self._frames() as cache:
            active = self._engines.active
            tried: set[int] = set()
            yield self._first_look(active, cache, tried)
            whole = self._active_pass(active, cache, frozenset(), tried)
            yield replace(whole, stage=self._stage(active.bundle.identity))
            pending_model = self._engines.next()
            # Where a video gives other frames than are stored, the active model loses it: it catches up.
            lost: set[int] = set()
            before = -MOST_LOST
            while pending_model is not None and len(lost) - before >= MOST_LOST:
                before = len(lost)
                yield self._pending_pass(pending_model, cache, active.bundle.identity, lost)
                yield self._active_pass(active, cache, lost, tried)

    def _first_look(self, engine: SearchEngine, cache: FrameCache | None, tried: set[int]) -> IndexPass:
        """A pass over the key frames of videos of which nothing is known yet, the newest first.

        Only where there is much to do: reading them costs a sixth of the time that reading everything does
        (1080p, a key frame every two seconds), on top of it. `tried` takes ids of those given up.
        """
        catalogue, model = self._catalogue, engine.bundle.identity

        def videos(folders: frozenset[int] | None) -> list[Video]:
            pending = catalogue.pending(model, folders)
            known = catalogue.embedded(model) if pending else {}
            new = [video for video in pending if video.id not in known and not video.will_be_retried]
            if len(new) < MANY and sum(video.size for video in new) < MUCH:
                return []
            return sorted(new, key=lambda video: (video.folder_id, video.mtime_ns), reverse=True)

        return replace(self._pass_for(engine, cache, videos), stage=Stage.FIRST_LOOK, given_up=tried.add)

    def _stage(self, model: str) -> Stage:
        """Of a pass that reads everything: whether some of it is known from a first look."""
        new = {video.id for video in self._catalogue.pending(model) if video.fingerprint is None}
        return Stage.REFINING if new and new & self._catalogue.embedded(model).keys() else Stage.WHOLE

    def _active_pass(
        self, engine: SearchEngine, cache: FrameCache | None, lost: Collection[int], tried: set[int]
    ) -> IndexPass:
        """A pass for the model that answers; over the videos it lost in whatever folder.

        Args:
            engine: the model's.
            cache: where frames are kept.
            lost: ids of the videos that the model lost in this run.
            tried: takes the ids of the videos that were tried in this run: once each, unless they are lost.
        """
        catalogue, model = self._catalogue, engine.bundle.identity

        def wanted(video: Video, folders: frozenset[int] | None) -> bool:
            if video.id in lost:
                return True
            return video.id not in tried and (folders is None or video.folder_id in folders)

        def videos(folders: frozenset[int] | None) -> list[Video]:
            found = catalogue.by_use([v for v in catalogue.pending(model) if wanted(v, folders)])
            tried.update(video.id for video in found)
            # What failed before may take its time to fail again: what never did comes first.
            return sorted(found, key=lambda video: video.will_be_retried)

        return self._pass_for(engine, cache, videos)

    def _pending_pass(
        self, engine: SearchEngine, cache: FrameCache | None, active: str, lost: set[int]
    ) -> IndexPass:
        """A pass for the model that does not answer yet, until `MOST_LOST` videos were lost.

        Args:
            engine: the model's.
            cache: where frames are kept.
            active: identity of the model that answers.
            lost: takes the ids of the videos that it lost; those in there are left out, so that a run ends
                also where a video gives other frames each time.
        """
        catalogue, model, before = self._catalogue, engine.bundle.identity, len(lost)

        def videos(folders: frozenset[int] | None) -> list[Video]:
            cached = cache.fingerprints() if cache is not None else frozenset()
            lacking = catalogue.lacking(model, folders, cached=cached)
            return catalogue.by_use([video for video in lacking if video.id not in lost])

        def committed(video_id: int) -> None:
            if not catalogue.is_embedded(active, video_id):
                lost.add(video_id)

        index_pass = self._pass_for(engine, cache, videos)
        return replace(
            index_pass, pending_model=True, committed=committed, more=lambda: len(lost) - before < MOST_LOST
        )

    def _pass_for(
        self,
        engine: SearchEngine,
        cache: FrameCache | None,
        videos: Callable[[frozenset[int] | None], list[Video]],
    ) -> IndexPass:

        @contextmanager
        def encoder() -> Iterator[FrameEncoding]:
            with engine.in_use():
                opened = engine.frame_encoder
                opened.limit_threads(self._engines.settings.cores)
                try:
                    yield opened
                finally:
                    opened.release()

        return IndexPass(
            bundle=engine.bundle,
            encoder=encoder,
            videos=videos,
            wanted=lambda: self._engines.wants(engine),
            max_rate=self._engines.settings.max_rate,
            cores=self._engines.settings.cores,
            cache=cache,
            more=lambda: True,
            committed=lambda _: None,
            given_up=lambda _: None,
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
            logger.warning("frames are not kept: %s", error)
            yield None
            return
        try:
            with closing(cache):
                cache.keep_only(self._catalogue.fingerprints())
                yield cache
        finally:
            if not stored_settings(self._catalogue).keep_frames:  # turned off meanwhile
                frame_cache.delete(library)
