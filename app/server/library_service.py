"""One open library as the routes ask it: with turns, places and limits for everybody who asks."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.requests import Request

from app import __version__
from app.catalogue.records import Presence, Video
from app.engines.scorer_names import SCORERS
from app.errors import UsageError
from app.query.parsed_query import Query
from app.query.parser import read
from app.query.query_error import QueryError
from app.search.curves import MatchCurve
from app.search.evidence.explanation import Explanation
from app.search.showing import files_to_show
from app.server.access.client_limits import Limits
from app.server.access.entrance import API
from app.server.access.people import ME, People, Person
from app.server.access.rates import Places, Rate
from app.server.event_hub import EventHub
from app.server.refusals import RefusedError, not_found
from app.server.routes.answer_types import ModelAnswer, SearchAnswer, Status
from app.server.routes.describing import search_answer
from app.server.shared_answer import SharedAnswer
from app.server.workers import Workers
from app.session import Session

logger = logging.getLogger(__name__)

OFFERS = ("examples", "why", "tags")
"""What clients of this version can ask for, and servers of earlier ones do not know."""
MOST_WITHIN = 200
"""Moments of one video among which the one is looked for that is to be explained."""
NEAR = 0.5
"""Seconds that a client's time may lie beside a moment: times are rounded on their way."""

Result = TypeVar("Result")


async def asking_person(request: Request) -> Person:
    """Who asks; the entrance found out."""
    person = request.scope["state"]["person"]
    if not isinstance(person, Person):
        raise TypeError(person)
    return person


Asking = Annotated[Person, Depends(asking_person)]


@dataclass(frozen=True, slots=True)
class Content:
    """A content of the library with its files."""

    video: Video
    """Whose frames stand for it."""
    copies: tuple[Video, ...]
    file: Video
    """Of these the one that is shown: one that is here, if any is."""


class LibraryService:
    """What the routes share. For the event loop's thread.

    Args:
        session: the open library.
        people: who may ask.
        limits: what they may cost.
    """

    def __init__(self, session: Session, people: People, limits: Limits) -> None:
        self.session, self.people, self.limits = session, people, limits
        self.events = EventHub(session)
        make = partial(
            Workers,
            waiting=limits.waiting,
            wait_seconds=limits.wait_seconds,
        )
        self._searching = make("search", limits.searches, work_seconds=limits.work_seconds)
        self._reading = make("read", limits.readings, work_seconds=limits.work_seconds)
        self._explaining = make("why", 1, work_seconds=limits.work_seconds)
        self._ending = threading.Event()
        self._examples = SharedAnswer(
            lambda: self.compute(lambda: session.prompts.examples.find(self._ending.is_set)),
            kept_seconds=limits.examples_kept,
            wait_seconds=limits.example_seconds,
        )
        self.files = ThreadPoolExecutor(limits.files, thread_name_prefix="file")
        self._file_places = Places(limits.files, limits.files_of_one, "Many videos are played now.")
        self._event_places = Places(limits.events, limits.events_of_one, "Many listen to events already.")
        self._why_places = Places(limits.explanations, 1, "Many ask why something was found.")
        self._why_rate = Rate(limits.explanation_rate, limits.explanation_burst)
        self._clip_places = Places(limits.clips, 1, "Other clips are being cut.")

    def close(self) -> None:
        """End what runs; the session stays open."""
        self.events.close()
        self._ending.set()
        self._searching.close()
        self._explaining.close()
        self._reading.close()
        self.files.shutdown(wait=True, cancel_futures=True)

    async def read(self, work: Callable[[], Result]) -> Result:
        """Ask the library something that is quick."""
        return await self._reading.run(work)

    async def compute(self, work: Callable[[], Result]) -> Result:
        """Ask it something that takes the processor."""
        return await self._searching.run(work)

    async def examples(self) -> tuple[str, ...] | None:
        """Queries that find something here, looked for once for everybody; None while that is being done."""
        return await self._examples.get()

    async def explain(self, person: Person, work: Callable[[], Result]) -> Result:
        """Ask it what takes a picture to be encoded again and again: one at a time, and not often.

        Raises:
            RefusedError: the person asks for another one already, or too often.
        """
        with self._why_places.one_for(person.name):
            self._why_rate.check(person.name)
            return await self._explaining.run(work)

    def file_place(self, person: Person) -> AbstractContextManager[None]:
        """One of those who play videos."""
        return self._file_places.one_for(person.name)

    def event_place(self, person: Person) -> AbstractContextManager[None]:
        """One of those who listen."""
        return self._event_places.one_for(person.name)

    def clip_place(self, person: Person) -> AbstractContextManager[None]:
        """One of those whose clip is cut."""
        return self._clip_places.one_for(person.name)

    def name_of(self, person: Person, name: str) -> str:
        """The person that a path names, who has to be the one that asks.

        Raises:
            RefusedError: it is somebody else.
        """
        if name not in {ME, person.name}:
            raise RefusedError(403, "That is somebody else’s.", "Ask with that person’s token.")
        return person.name

    def content(self, video_id: int) -> Content:
        """A video by the id of its content, or of any file of it. For a worker.

        Raises:
            RefusedError: there is none.
        """
        catalogue = self.session.catalogue
        video = catalogue.video(video_id)
        if video is not None and video.copy_of is not None:
            video = catalogue.video(video.copy_of)
        if video is None:
            raise not_found("There is no such video in this library.")
        copies = catalogue.copies([video.id]).get(video.id, [])
        file = files_to_show(video, copies, None)[0]
        if file.presence is Presence.GONE:
            raise not_found("The file of that video is gone.")
        return Content(video, tuple(copies), file)

    def search(
        self,
        text: str,
        person: Person,
        *,
        limit: int,
        offset: int,
        folder: int | None = None,
        scorer: str | None = None,
        within: int | None = None,
    ) -> SearchAnswer:
        """One page of what is found; see `Session.search`. For a worker.

        Args:
            text: the query.
            person: who asks.
            limit: moments of the page.
            offset: where it begins.
            folder: id of a watched folder to look in.
            scorer: what ranks.
            within: id of a video to look in.

        Raises:
            RefusedError, ReelfindError: it cannot be answered.
        """
        if offset + limit > self.limits.depth:
            raise RefusedError(
                422,
                f"Only the first {self.limits.depth:,} moments can be asked for.",
                "Describe it more closely.",
            )
        if scorer is not None and scorer not in SCORERS:
            raise UsageError(f"There is no scorer “{scorer[:40]}”.", f"Use one of: {', '.join(SCORERS)}.")
        query = self.checked(text)
        outcome = self.session.search(
            query.text,
            limit=offset + limit + 1,
            folder=None if folder is None else self._folder(folder),
            scorer=scorer,
            among=None if within is None else frozenset([self.content(within).video.id]),
            person=person.name,
        )
        ids = {moment.video_id for moment in outcome.moments[offset : offset + limit]}
        videos = self.session.catalogue.videos_by_id(ids)
        folders = {number: video.folder_id for number, video in videos.items()}
        return search_answer(outcome, offset, limit, folders, self.complete())

    def why(self, text: str, person: Person, video_id: int, at: float) -> Explanation:
        """Why a moment was found; see `Session.why`. For a worker.

        It is searched for again, in its video: what a client says of a moment is not believed.

        Args:
            text: the query.
            person: who asks.
            video_id: the moment's video.
            at: seconds at which the moment is best.

        Raises:
            RefusedError, ReelfindError: it cannot be said.
        """
        query = self.checked(text)
        number = self.content(video_id).video.id
        found = self.session.search(
            query.text, limit=MOST_WITHIN, among=frozenset([number]), person=person.name
        ).moments
        near = [each for each in found if each.start - NEAR <= at <= each.end + NEAR]
        if not near:
            raise not_found("That query finds no such moment.")
        return self.session.why(query.text, min(near, key=lambda each: abs(each.best - at)))

    def curves(self, text: str, ids: list[int]) -> dict[int, MatchCurve]:
        """Where in some videos a query matches. For a worker."""
        known = self.session.catalogue.videos_by_id(ids)
        return self.session.match_curves(self.checked(text).text, list(known))

    def checked(self, text: str) -> Query:
        """A query that names no file of this computer but videos of the library.

        Raises:
            QueryError: it does, or makes no sense.
        """
        query = read(text)
        for step in query.steps:
            for likeness in step.like:
                if not self.session.catalogue.videos_at(Path(likeness.path)):
                    raise QueryError(
                        "No video of the library is called so.",
                        "Only videos of the library can be named here: like:dog.mp4@12.5",
                        at=likeness.place,
                    )
        return query

    def status(self, person: Person) -> Status:
        """How things are. For a worker."""
        session = self.session
        folders = session.folders()
        waiting = session.indexer.waiting
        return Status(
            version=__version__,
            api=int(API),
            title=session.title,
            person=person.name,
            model=ModelAnswer(
                title=session.model_name, identity=session.bundle.identity, scorer=session.scorer_name
            ),
            revision=self.events.revision,
            videos=sum(folder.videos for folder in folders),
            indexed=sum(folder.indexed for folder in folders),
            pending=sum(folder.pending for folder in folders),
            failed=sum(folder.failed for folder in folders),
            offline=sum(not folder.online for folder in folders),
            seconds=sum(folder.seconds for folder in folders),
            complete=self.complete(),
            indexing=session.indexer.running,
            waiting="" if waiting is None else f"Indexing waits for {waiting.reason.value}.",
            read_only=session.catalogue.read_only,
            offers=list(OFFERS),
        )

    def complete(self) -> float:
        """0..1: how much of the library was looked at. For a worker."""
        folders = self.session.folders()
        total = sum(folder.videos for folder in folders)
        done = sum(folder.indexed + folder.failed for folder in folders)
        return round(min(1.0, done / total), 4) if total else 1.0

    def _folder(self, folder_id: int) -> Path:
        for folder in self.session.catalogue.watched():
            if folder.id == folder_id:
                return folder.path
        raise not_found("There is no such folder in this library.")
