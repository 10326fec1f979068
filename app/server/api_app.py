"""The application: the API, the page, and the entrance before both."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

from app import __version__
from app.errors import ReelfindError
from app.server.access.entrance import Entrance
from app.server.library_service import LibraryService
from app.server.refusals import PROBLEM, RefusedError, answer_bug, answer_error
from app.server.routes.answer_types import Problem
from app.server.routes.page_routes import page_router
from app.server.routes.people_routes import people_router
from app.server.routes.search_routes import search_router
from app.server.routes.tag_routes import tag_router
from app.server.routes.video_routes import video_router

PREFIX = "/api/v1"

_REFUSED = {
    400: "The request cannot be read.",
    401: "No token, or a wrong one.",
    403: "Somebody else’s.",
    404: "There is no such thing.",
    405: "It cannot be asked for so.",
    408: "The body did not arrive in time.",
    409: "Its file is away, or another one by now.",
    412: "The file is another one by now.",
    413: "The body is too large.",
    414: "The address is too long.",
    416: "The file is not as long.",
    421: "This computer is not known by that name.",
    422: "It makes no sense.",
    429: "Too often.",
    503: "Busy: come again.",
}

_SCHEMA = {"schema": {"$ref": "#/components/schemas/Problem"}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": sentence, "content": {PROBLEM: _SCHEMA}} for status, sentence in _REFUSED.items()
}


def build(service: LibraryService, names: Iterable[str] = ()) -> Entrance:
    """The ASGI application.

    Args:
        service: the open library.
        names: host names by which this computer may be called.
    """
    app = FastAPI(
        title="Reelfind",
        version=__version__,
        description="Moments of the videos of one library, found by description. See docs/server.md.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    token = HTTPBearer(auto_error=False, description="A person’s token; the entrance has looked at it.")
    api = APIRouter(prefix=PREFIX, dependencies=[Depends(token)], responses=_RESPONSES)
    for router in (search_router, video_router, people_router, tag_router):
        api.include_router(router(service))
    app.include_router(api)
    app.include_router(page_router(service.people))
    for kind in (RefusedError, ReelfindError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, answer_error)
    app.add_exception_handler(Exception, answer_bug)
    _add_problem(app)
    return Entrance(app, service.people, service.limits, names)


def _add_problem(app: FastAPI) -> None:
    """Describe what is refused: no route returns it, so that nothing else would."""
    made = app.openapi

    def described() -> dict[str, Any]:
        content = made()
        content["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        return content

    app.openapi = described  # type: ignore[method-assign]
