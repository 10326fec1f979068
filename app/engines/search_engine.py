"""One encoder bundle with all that answers queries by it; a session has one that answers.

Whatever belongs to a vector space is in here together: encoders, vectors, hubs, calibration, scorers. Another
model is another engine, so that nothing of two spaces can meet.
"""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.bundle.encoder_bundle import EncoderBundle
from app.bundle.score_calibration import Calibration
from app.catalogue.catalogue import Catalogue
from app.engines.explainer import Explainer
from app.engines.likeness_reader import LikenessReader
from app.engines.scorer_factory import make_scorer
from app.engines.vector_server import VectorServer
from app.errors import ModelError
from app.query.parsed_query import Query
from app.query.parser import read
from app.search.curves import MatchCurve
from app.search.evidence.explanation import Explanation
from app.search.evidence.self_calibration import CalibrationCache
from app.search.outcome import Moment, SearchOutcome
from app.search.scope import Scope
from app.search.scorers.cosine import Scorer
from app.search.scorers.hubness import HubnessCache
from app.search.searcher import Searcher
from app.vectors.vector_index import VectorIndex

if TYPE_CHECKING:
    from app.encoder_service.remote_frames import RemoteFrameEncoder
    from app.runtime.encoders import FrameEncoder, TextEncoder

_SAVED_AT_END = 50_000
"""Vectors that a window which is being closed may still write: half a second."""


class SearchEngine:
    """Answers queries with one bundle; everything is loaded on first use. Thread-safe."""

    def __init__(
        self,
        catalogue: Catalogue,
        library: Path,
        bundle: EncoderBundle,
        encoder_url: Callable[[], str] = lambda: "",
        vector_store_url: Callable[[], str] = lambda: "",
    ) -> None:
        """Nothing is loaded yet.

        Args:
            catalogue: the library's.
            library: the library's folder, where gallery and search graph are cached.
            bundle: the model.
            encoder_url: says which other computer encodes frames now; empty where none does.
            vector_store_url: says which server answers for the nearest clips now; empty where none does.
        """
        self.bundle = bundle
        self._encoder_url = encoder_url
        self._vector_server = VectorServer(catalogue, bundle, vector_store_url)
        self._catalogue = catalogue
        self._library = library
        self._lock = threading.RLock()  # guards what searches need while it is loaded
        self._opening_frames = threading.Lock()  # held for seconds: a device may have to be tried first
        self._counting = threading.Lock()  # guards the users and the graph's builder, for moments
        self._scorers: dict[str, Scorer] = {}
        self._hubs = HubnessCache(catalogue, bundle.identity, lambda: self.text_encoder)
        self._meaning = CalibrationCache(bundle)
        self._ending = threading.Event()
        self._builder: threading.Thread | None = None
        self._users = 0

    @property
    def frame_encoder(self) -> "RemoteFrameEncoder":
        """The frame encoder, loaded on first use; no search waits for it."""
        with self._opening_frames:
            return self._frame_encoder

    def _encoder_here(self) -> "FrameEncoder":
        return self.frame_encoder.here

    @property
    def text_encoder(self) -> "TextEncoder":
        """The text encoder, loaded on first use."""
        with self._lock:
            return self._text_encoder

    @property
    def index(self) -> VectorIndex:
        """The vector index over the library's frames, loaded on first use."""
        with self._lock:
            return self._index

    def search(
        self,
        query: Query,
        *,
        limit: int,
        scorer: str,
        qb_norm: bool = False,
        scope: Scope | None = None,
        seen: bool = True,
    ) -> SearchOutcome:
        """Find the moments that match `query` in what the last `refresh` took in; see `Searcher.search`.

        Args:
            query: what to look for.
            limit: moments at most.
            scorer: name of what ranks the answers.
            qb_norm: whether clips that match every query are down-ranked.
            scope: where to look, everywhere where None.
            seen: whether pictures are searched, and not only lines and names.

        Raises:
            UsageError: there is no such scorer for this model.
            ModelError: the model's files cannot be used.
        """
        ranks = self._scorer(scorer)
        hubs = self._hubs.hubs if qb_norm else None
        return self._searcher.search(query, limit=limit, scorer=ranks, hubs=hubs, scope=scope, seen=seen)

    def curves(self, query: Query, video_ids: Collection[int], *, seen: bool = True) -> dict[int, MatchCurve]:
        """How well every frame of some videos matches `query`; see `Searcher.curves`."""
        return self._searcher.curves(query, video_ids, seen=seen)

    def why(self, query: Query, moment: Moment) -> Explanation:
        """Say why a search for `query` found `moment`; see `Explainer.explain`.

        Raises:
            UsageError: the moment is not in the library any more.
            ModelError: the model's files cannot be used.
        """
        explainer = Explainer(self._catalogue, self._encoder_here())
        gallery = self.index.gallery
        return explainer.explain(self._searcher.encoded(query, gallery), moment, gallery, self._calibration())

    def warm_up(self, scorer: str, *, qb_norm: bool = False) -> None:
        """Load what a search needs, so that the first one is as quick as the next.

        Args:
            scorer: name of what will rank the answers.
            qb_norm: as it will be.

        Raises:
            ModelError: the text encoder cannot be used.
        """
        self.text_encoder.encode_query("warm up")
        self.refresh()
        with suppress(ModelError):  # a damaged head is told to whoever searches with it
            self.search(read("warm up"), limit=1, scorer=scorer, qb_norm=qb_norm)

    def refresh(self, *, build: bool = False) -> None:
        """Take in what was committed since; nothing where nothing was.

        Args:
            build: keep a large library's gallery and extend its search graph in the background; queries
                stay exact until then.
        """
        self.index.refresh(self._catalogue)
        if not build or not (self.index.wants_build or self.index.wants_save):
            return
        with self._counting:
            if self._ending.is_set() or (self._builder is not None and self._builder.is_alive()):
                return
            self._builder = threading.Thread(target=self._build, name="reelfind-graph", daemon=True)
            self._builder.start()

    @property
    def build_problem(self) -> str:
        """Why no vector store answers, one sentence; empty where one does, or was not tried."""
        return self._index.build_problem if "_index" in self.__dict__ else ""

    @property
    def build_advice(self) -> str:
        """What can be done about it, or what it means."""
        return self._index.build_advice if "_index" in self.__dict__ else ""

    def test_vector_store(self) -> None:
        """Ask the vector store now, where one is set; see `VectorServer.test`.

        Raises:
            StoreError: it cannot be used.
        """
        self._vector_server.test()

    def update_hubs(self, stop: Callable[[], bool]) -> None:
        """Compare what was indexed with the query bank; see `HubnessCache.update`.

        Raises:
            LibraryError, ModelError: as there.
        """
        self._hubs.update(lambda: stop() or self._ending.is_set())

    @contextmanager
    def in_use(self) -> Iterator["SearchEngine"]:
        """While inside, `close` leaves the engine as it is; the last one out closes it."""
        with self._counting:
            self._users += 1
        try:
            yield self
        finally:
            with self._counting:
                self._users -= 1
                last = self._users == 0 and self._ending.is_set()
            if last:
                self._end()

    def close(self) -> None:
        """Keep gallery and search graph, give memory back; now or when the last user is done."""
        with self._counting:
            self._ending.set()
            idle = self._users == 0
        if idle:
            self._end()

    def _end(self) -> None:
        if self._builder is not None:
            self._builder.join()
        self._scorers.clear()
        if "_index" in self.__dict__:
            # A window has kept what there was in the background: nobody waits for much.
            self._index.save(most=None if self._builder is None else _SAVED_AT_END)
            self._index.close()
        for name in ("_frame_encoder", "_text_encoder"):
            if name in self.__dict__:
                self.__dict__[name].release()

    def _build(self) -> None:
        self.index.save(self._ending.is_set)
        self.index.update_graph()

    def _calibration(self) -> Calibration:
        return self._meaning.calibration(self.index.gallery, self._hubs.bank)

    def _scorer(self, name: str) -> Scorer:
        with self._lock:
            if name not in self._scorers:
                self._scorers[name] = make_scorer(name, self.bundle)
            return self._scorers[name]

    @cached_property
    def _frame_encoder(self) -> "RemoteFrameEncoder":
        from app.encoder_service.remote_frames import RemoteFrameEncoder

        return RemoteFrameEncoder(self.bundle, self._encoder_url)

    @cached_property
    def _text_encoder(self) -> "TextEncoder":
        from app.runtime.encoders import TextEncoder

        return TextEncoder(self.bundle)

    @cached_property
    def _index(self) -> VectorIndex:
        bundle = self.bundle
        store = self._vector_server.store
        return VectorIndex(self._library, bundle.identity, bundle.embedding_width, server=store)

    @cached_property
    def _searcher(self) -> Searcher:
        return Searcher(
            self._catalogue,
            self.index,
            self.text_encoder,
            calibration=self._calibration,
            likenesses=LikenessReader(self._catalogue, self._encoder_here),
            bank=self._hubs.bank,
        )
