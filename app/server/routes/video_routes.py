"""Routes about one video, and the pictures of frames."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from app.catalogue.records import Video
from app.server.library_service import Asking, LibraryService
from app.server.refusals import RefusedError, not_found
from app.server.routes.answer_types import (
    ExplanationAnswer,
    FrameAnswer,
    FramesAnswer,
    LineAnswer,
    LinesAnswer,
    SearchAnswer,
    ShotsAnswer,
    VideoAnswer,
)
from app.server.routes.clip_answer import ClipAnswer
from app.server.routes.describing import explanation_answer, shot_answers, video_answer
from app.server.routes.file_answer import FileAnswer
from app.server.routes.search_routes import Limit, Offset, Text
from app.text import shown

Id = Annotated[int, Path(ge=1, le=2**53)]
Seconds = Annotated[float, Query(ge=0, le=1e7, allow_inf_nan=False)]
_BYTES = {
    "description": "The bytes.",
    "content": {"video/*": {}, "image/gif": {}, "application/octet-stream": {}},
}


def video_router(service: LibraryService) -> APIRouter:
    """The routes, for one library."""
    router = APIRouter(tags=["videos"])
    catalogue = service.session.catalogue

    @router.get("/videos/{video_id}")
    async def video(video_id: Id) -> VideoAnswer:
        """A video."""
        found = await service.read(lambda: service.content(video_id))
        return video_answer(found.video, found.copies, found.file)

    @router.get("/videos/{video_id}/moments")
    async def moments(
        person: Asking, video_id: Id, q: Text, limit: Limit = 60, offset: Offset = 0
    ) -> SearchAnswer:
        """What a query finds in one video."""
        return await service.compute(
            lambda: service.search(q, person, limit=limit, offset=offset, within=video_id)
        )

    @router.get("/videos/{video_id}/why")
    async def why(person: Asking, video_id: Id, q: Text, at: Seconds) -> ExplanationAnswer:
        """Why a query found the moment of it that is best at this time, and where in the picture."""
        found = await service.explain(person, lambda: service.why(q, person, video_id, at))
        return explanation_answer(found)

    @router.get("/videos/{video_id}/shots")
    async def shots(video_id: Id) -> ShotsAnswer:
        """Its shots, in order of time."""

        def work() -> ShotsAnswer:
            number = service.content(video_id).video.id
            return ShotsAnswer(shots=shot_answers(catalogue.clips(number), catalogue.frames(number)))

        return await service.read(work)

    @router.get("/videos/{video_id}/frames")
    async def frames(video_id: Id) -> FramesAnswer:
        """Its sampled frames, in order of time."""
        found = await service.read(lambda: catalogue.frames(service.content(video_id).video.id))
        return FramesAnswer(
            frames=[FrameAnswer(id=each.id, time=each.time, key=each.key, shot=each.clip) for each in found]
        )

    @router.get("/videos/{video_id}/lines")
    async def lines(video_id: Id) -> LinesAnswer:
        """What is said and written in it."""
        found = await service.read(lambda: catalogue.lines(service.content(video_id).video.id))
        return LinesAnswer(
            lines=[
                LineAnswer(
                    source=each.source.value,
                    start=each.start,
                    end=each.end,
                    text=each.text,
                    language=each.language,
                )
                for each in found
            ]
        )

    @router.head("/videos/{video_id}/file", include_in_schema=False)
    @router.get(
        "/videos/{video_id}/file",
        response_class=Response,
        responses={200: _BYTES, 206: _BYTES, 304: {"description": "It is the same."}},
    )
    async def file(person: Asking, video_id: Id) -> Response:
        """The file itself, or the range of it that is asked for."""
        found = await service.read(lambda: service.content(video_id))
        _check_here(found.file)
        return FileAnswer(found.file, service.files, lambda: service.file_place(person))

    @router.get("/videos/{video_id}/clip", response_class=Response, responses={200: _BYTES})
    async def clip(
        person: Asking, video_id: Id, start: Seconds, end: Seconds, *, exact: bool = False
    ) -> Response:
        """A part of it as a file: from the key frame before, or exactly, which takes encoding it anew."""
        found = await service.read(lambda: service.content(video_id))
        _check_here(found.file)
        longest = service.limits.clip_seconds
        duration = found.video.facts.duration if found.video.facts else end
        if not start < end <= start + longest or start >= duration:
            raise RefusedError(
                422,
                f"A clip begins within the video and is at most {longest:g} seconds long.",
                f"The video has {duration:.1f} seconds.",
            )
        return ClipAnswer(
            found.file,
            start,
            end,
            exact=exact,
            threads=service.files,
            seconds=service.limits.clip_work_seconds,
            place=lambda: service.clip_place(person),
        )

    @router.get(
        "/frames/{frame_id}/thumbnail",
        response_class=Response,
        responses={
            200: {"description": "WebP.", "content": {"image/webp": {}}},
            304: {"description": "It is the same."},
        },
    )
    async def thumbnail(request: Request, frame_id: Id) -> Response:
        """The picture of a frame."""
        image = await service.read(lambda: service.session.thumbnail(frame_id))
        if image is None:
            raise not_found("There is no such picture in this library.")
        tag = f'"{hashlib.sha256(image).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "private, max-age=604800"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(image, headers=headers, media_type="image/webp")

    return router


def _check_here(file: Video) -> None:
    if not file.is_playable:
        raise RefusedError(
            409, f"“{shown(file.path.name)}” cannot be reached now.", "Connect its disk, then try again."
        )
