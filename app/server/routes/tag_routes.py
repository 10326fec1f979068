"""Routes about tags: the library's, for everybody who asks."""

from fastapi import APIRouter
from starlette.responses import Response

from app.catalogue.kept.kept_records import MarkKind, Wish
from app.errors import UsageError
from app.keeping.mark_changes import change_target
from app.server.library_service import LibraryService
from app.server.routes.answer_types import TagAnswer, TagChange, TaggedAnswer, TagsAnswer
from app.server.routes.describing import span_of, target_span

MOST_TAGGED = 100_000
"""Videos and moments of one answer."""


def tag_router(service: LibraryService) -> APIRouter:
    """The routes, for one library."""
    router = APIRouter(tags=["tags"])

    @router.get("/tags")
    async def tags() -> TagsAnswer:
        """All tags in order of name, and what has them, in the order in which it got them."""
        return await service.read(lambda: _tags(service))

    @router.put("/tags", status_code=204, response_class=Response)
    async def tag(change: TagChange) -> None:
        """Give a video or a moment a tag."""
        await service.read(lambda: _set(service, change, is_on=True))

    @router.delete("/tags", status_code=204, response_class=Response)
    async def untag(change: TagChange) -> None:
        """Take a tag from it."""
        await service.read(lambda: _set(service, change, is_on=False))

    return router


def _tags(service: LibraryService) -> TagsAnswer:
    kept = service.session.catalogue.kept_overview()
    marks = [each for each in kept.marks if each.mark.kind is MarkKind.TAG]
    return TagsAnswer(
        tags=[TagAnswer(name=each.name, count=each.count) for each in kept.tags],
        tagged=[
            TaggedAnswer(
                video_id=each.video_id,
                start=target_span(each.mark.target)[0],
                end=target_span(each.mark.target)[1],
                name=each.mark.value,
                made=each.mark.made,
            )
            for each in marks[:MOST_TAGGED]
        ],
    )


def _set(service: LibraryService, change: TagChange, *, is_on: bool) -> None:
    span = span_of(change)
    video = service.content(change.video_id).video
    catalogue = service.session.catalogue
    if is_on and catalogue.mark_count(MarkKind.TAG) >= service.limits.tags:
        raise UsageError(
            f"A library that is served has {service.limits.tags:,} tagged videos and moments at most.",
            "Take some tags away first.",
        )
    wish = Wish(MarkKind.TAG, change.name, is_on)
    change_target(catalogue, video, catalogue.target_of(video, span), wish)
