"""A typed query becomes an answer: read, limited to where to look, searched with the active model."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.catalogue.catalogue import Catalogue
from app.catalogue.kept.kept_filters import NOT_HIDDEN, asks_for_hidden
from app.catalogue.kept.kept_records import MarkKind
from app.catalogue.records import WatchedFolder
from app.engines.lifecycle import Engines
from app.engines.readability import notice_about
from app.engines.search_engine import SearchEngine
from app.errors import UsageError
from app.paths import real_path
from app.query.filters import FAVOURITE
from app.query.parsed_query import Filter, FilterName, Query
from app.query.parser import read
from app.query.query_error import QueryError
from app.search.curves import MatchCurve
from app.search.evidence.explanation import Explanation
from app.search.listing import list_all
from app.search.outcome import Moment, SearchOutcome
from app.search.scope import Scope


class Answering:
    """Answers queries in one library. Every method may be called from any thread."""

    def __init__(
        self, catalogue: Catalogue, engines: Engines, refresh: Callable[[SearchEngine], None]
    ) -> None:
        """Make what answers.

        Args:
            catalogue: the library's rows.
            engines: give the model that answers.
            refresh: brings an engine up to date with the library.
        """
        self._catalogue = catalogue
        self._engines = engines
        self._refresh = refresh

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
        """Find the moments that `text` asks for; see `Searcher.search` and docs/language.md.

        Args:
            text: a query.
            limit: moments at most.
            folder: a watched folder, or one below it, to look in; everywhere where None.
            scorer: name of what ranks the answers; the settings' where None.
            qb_norm: whether clips that match every query are down-ranked; the library's setting where None.
            among: ids of the contents to look in; all where None.
            person: whose favourites `is:favourite` means; the library's own where empty.

        Raises:
            QueryError: the text says nothing, something that makes no sense in this library, or all of it in
                letters that the model does not read.
            UsageError: `folder` is not in the library, or there is no such scorer for this model.
            ModelError: the model's files cannot be used.
        """
        query = _asked_by(person, read(text))
        corrects = self._engines.settings.qb_norm if qb_norm is None else qb_norm
        with self._engines.in_use() as engine:
            ranks = scorer or self._engines.scorer_of(engine)
            scope = self._scope(query, folder, among)
            if query.is_listing and scope is not None:
                return list_all(query, self._catalogue, scope, limit=limit, model=engine.bundle.identity)
            unread: QueryError | None = None
            notice = ""
            try:
                with _about(query):
                    notice = notice_about(query, engine.text_encoder, _other_model)
            except QueryError as error:  # lines may hold what the model does not read
                unread = error
                notice = f"{error.sentence} Only what is said and written, and names, were searched."
            self._refresh(engine)
            with _about(query):
                outcome = engine.search(
                    query, limit=limit, scorer=ranks, qb_norm=corrects, scope=scope, seen=unread is None
                )
        if unread is not None and not outcome.moments:
            raise unread
        return replace(outcome, notice=notice) if notice else outcome

    def search_among(self, text: str, limit: int, among: frozenset[int] | None) -> SearchOutcome:
        """`search` in these contents."""
        return self.search(text, limit=limit, among=among)

    def match_curves(self, text: str, video_ids: Collection[int]) -> dict[int, MatchCurve]:
        """How well every frame of some videos matches a query, by the videos' ids; see `Searcher.curves`.

        Raises:
            QueryError: as `search`.
            ModelError: the model's files cannot be used.
        """
        query = read(text)
        with self._engines.in_use() as engine:
            seen = True
            try:
                notice_about(query, engine.text_encoder, _other_model)
            except QueryError:  # lines may hold what the model does not read
                seen = False
            self._refresh(engine)
            return engine.curves(query, video_ids, seen=seen)

    def why(self, text: str, moment: Moment) -> Explanation:
        """Say why a search for `text` found `moment`: what each part of it has to do with that, and where.

        Its picture is decoded and encoded again: some tenths of a second.

        Args:
            text: the query.
            moment: of its outcome.

        Raises:
            QueryError: as `search`.
            UsageError: the moment is not in the library any more, or the query lists and compares nothing.
            ModelError: the model's files cannot be used.
        """
        query = read(text)
        if query.is_listing:
            raise UsageError(
                "This lists what meets the filters: nothing was compared.", "Describe a moment beside them."
            )
        with self._engines.in_use() as engine:
            self._refresh(engine)
            return engine.why(query, moment)

    def _scope(self, query: Query, path: Path | None, among: frozenset[int] | None) -> Scope | None:
        """Where to look for a query, in a folder and these contents or not; None for everywhere."""
        below: Path | None = None
        filters = self._filters(query)
        if path is not None:
            folder = covering(path, self._catalogue.watched())
            if folder is None:
                raise UsageError(f"“{path}” is not in this library.", "Add it first: reelfind add FOLDER.")
            below = real_path(path)
            if not filters and among is None:
                return Scope.below(below, folder, self._catalogue)
        if not filters and below is None:
            return None if among is None else Scope(among)
        with _about(query):
            scope = Scope.of(self._catalogue.filtered(filters, below))
        return scope if among is None else scope.among(among)

    def _filters(self, query: Query) -> tuple[Filter, ...]:
        """Those of a query, and that what is hidden is no answer; where nothing is hidden, nobody filters."""
        if asks_for_hidden(query.filters) or not self._catalogue.mark_count(MarkKind.HIDDEN):
            return query.filters
        return (*query.filters, NOT_HIDDEN)


def covering(path: Path, folders: Iterable[WatchedFolder]) -> WatchedFolder | None:
    """The watched folder that `path` is or lies in, None where there is none."""
    real = real_path(path)
    return next((folder for folder in folders if real.is_relative_to(folder.path)), None)


def _asked_by(person: str, query: Query) -> Query:
    """A query whose favourites are this person's."""
    if not person:
        return query
    filters = (
        replace(each, person=person) if each.value == FAVOURITE and each.name is FilterName.IS else each
        for each in query.filters
    )
    return replace(query, filters=tuple(filters))


@contextmanager
def _about(query: Query) -> Iterator[None]:
    """What is wrong with a query inside is told with its text."""
    try:
        yield
    except QueryError as error:
        error.query = query.text
        raise


def _other_model() -> str:
    """What to do where the active model does not read a query; see `multilingual_advice`."""
    from app.model_store.multilingual import multilingual_advice

    return multilingual_advice()
