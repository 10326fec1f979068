"""Routes about what one person keeps, and how another browser of theirs is let in."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from app.catalogue.kept.kept_records import PersonFavourite
from app.catalogue.records import Video
from app.server.access.people import LINK_SECONDS
from app.server.library_service import Asking, LibraryService
from app.server.routes.answer_types import FavouriteAnswer, FavouriteChange, FavouritesAnswer, LinkAnswer
from app.server.routes.describing import span_of, target_span
from app.text import shown

Name = Annotated[str, Path(max_length=64, description="A person’s name; `me` for whoever asks.")]


def people_router(service: LibraryService) -> APIRouter:
    """The routes, for one library."""
    router = APIRouter(tags=["people"])

    @router.get("/people/{name}/favourites")
    async def favourites(person: Asking, name: Name) -> FavouritesAnswer:
        """A person's favourites, in the order in which they were made."""
        whose = service.name_of(person, name)
        return FavouritesAnswer(favourites=await service.read(lambda: _favourites(service, whose)))

    @router.put("/people/{name}/favourites", status_code=204, response_class=Response)
    async def keep(person: Asking, name: Name, change: FavouriteChange) -> None:
        """Keep a video or a moment."""
        whose = service.name_of(person, name)
        await service.read(lambda: _set(service, whose, change, is_on=True))

    @router.delete("/people/{name}/favourites", status_code=204, response_class=Response)
    async def forget(person: Asking, name: Name, change: FavouriteChange) -> None:
        """Forget it."""
        whose = service.name_of(person, name)
        await service.read(lambda: _set(service, whose, change, is_on=False))

    @router.post("/links", status_code=201)
    async def link(person: Asking) -> LinkAnswer:
        """A link that lets one more browser in, once."""
        return LinkAnswer(path=f"/enter?code={service.people.new_link(person)}", seconds=LINK_SECONDS)

    return router


def _set(service: LibraryService, person: str, change: FavouriteChange, *, is_on: bool) -> None:
    span = span_of(change)
    video = service.content(change.video_id).video
    catalogue = service.session.catalogue
    catalogue.set_favourite(person, video, catalogue.target_of(video, span), is_on=is_on)


def _favourites(service: LibraryService, person: str) -> list[FavouriteAnswer]:
    catalogue = service.session.catalogue
    kept = catalogue.favourites_of(person)
    videos = catalogue.videos_by_id({each.video_id for each in kept if each.video_id is not None})
    wanted = [
        (each.video_id or 0, 0.0 if each.target.span is None else each.target.span.start) for each in kept
    ]
    frames = catalogue.frames_near(wanted)
    return [
        _answer(each, videos.get(each.video_id or 0), 0 if frame is None else frame.id)
        for each, frame in zip(kept, frames, strict=True)
    ]


def _answer(kept: PersonFavourite, video: Video | None, frame_id: int) -> FavouriteAnswer:
    span = target_span(kept.target)
    return FavouriteAnswer(
        video_id=kept.video_id,
        start=span[0],
        end=span[1],
        made=kept.made,
        name="" if video is None else shown(video.path.name),
        frame_id=frame_id,
    )
