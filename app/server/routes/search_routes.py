"""Routes that search, and say how the library is."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.query.lexer import LONGEST_QUERY
from app.server.event_hub import EventAnswer
from app.server.library_service import Asking, LibraryService
from app.server.refusals import RefusedError
from app.server.routes.answer_types import (
    CompletionAnswer,
    CompletionsAnswer,
    CurveAnswer,
    CurvesAnswer,
    ExamplesAnswer,
    FoldersAnswer,
    SearchAnswer,
    Status,
)
from app.server.routes.describing import folder_answer

Text = Annotated[
    str,
    Query(max_length=LONGEST_QUERY, description="A query; see the language’s page.", examples=["a dog runs"]),
]
Limit = Annotated[int, Query(ge=1, le=1000, description="Moments at most.")]
Offset = Annotated[int, Query(ge=0, le=2000, description="Of the first moment.")]
Number = Annotated[int | None, Query(ge=1, le=2**53)]


def search_router(service: LibraryService) -> APIRouter:
    """The routes, for one library."""
    router = APIRouter(tags=["search"])

    @router.get("/status")
    async def status(person: Asking) -> Status:
        """How the library is."""
        return await service.read(lambda: service.status(person))

    @router.get("/folders")
    async def folders() -> FoldersAnswer:
        """The watched folders."""
        found = await service.read(service.session.folders)
        return FoldersAnswer(folders=[folder_answer(folder) for folder in found])

    @router.get("/search")
    async def search(
        person: Asking,
        q: Text,
        limit: Limit = 60,
        offset: Offset = 0,
        folder: Number = None,
        scorer: Annotated[str | None, Query(max_length=40)] = None,
    ) -> SearchAnswer:
        """The moments that a query describes, best first."""
        return await service.compute(
            lambda: service.search(q, person, limit=limit, offset=offset, folder=folder, scorer=scorer)
        )

    @router.get("/curves")
    async def curves(
        q: Text, videos: Annotated[str, Query(max_length=1000, description="Ids with commas between.")]
    ) -> CurvesAnswer:
        """Where in some videos a query matches."""
        ids = _ids(videos, service.limits.curves)
        found = await service.compute(lambda: service.curves(q, ids))
        return CurvesAnswer(
            curves={
                str(number): CurveAnswer(times=curve.times.tolist(), strengths=curve.strengths.tolist())
                for number, curve in found.items()
            }
        )

    @router.get("/complete")
    async def complete(q: Text) -> CompletionsAnswer:
        """How the last word of a query may go on."""
        found = await service.read(lambda: service.session.prompts.completions(q))
        return CompletionsAnswer(
            completions=[CompletionAnswer(text=each.text, help=each.help) for each in found[:100]]
        )

    @router.get("/examples")
    async def examples() -> ExamplesAnswer:
        """Queries that find something in this library."""
        found = await service.examples()
        return ExamplesAnswer(examples=list(found or ()), complete=found is not None)

    @router.get(
        "/events",
        response_class=Response,
        responses={
            200: {"content": {"text/event-stream": {}}, "description": "Events, until the client leaves."}
        },
    )
    async def events(person: Asking) -> Response:
        """What happens in the library: changed, progress, indexing, model."""
        return EventAnswer(service.events, lambda: service.event_place(person))

    return router


def _ids(text: str, most: int) -> list[int]:
    words = text.split(",")
    if len(words) > most or not all(word.isascii() and word.isdecimal() and len(word) < 16 for word in words):
        raise RefusedError(422, f"That is no list of up to {most} ids.", "Write them as 1,2,3.")
    return [int(word) for word in words]
