"""What is not answered: problems as RFC 9457 has them, with our sentence and advice."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Cancelled, LibraryError, MediaError, ModelError, ReelfindError
from app.query.query_error import QueryError

PROBLEM = "application/problem+json"
_SHOWN = 200
"""Characters of what a client sent that are said back to it."""


class RefusedError(Exception):
    """A request that is not answered.

    Args:
        status: of HTTP.
        sentence: why, one plain sentence.
        advice: what to do.
        headers: more headers of the answer.
        fields: more fields of the problem.
    """

    def __init__(
        self,
        status: int,
        sentence: str,
        advice: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.advice = status, sentence, advice
        self.headers, self.fields = dict(headers or {}), dict(fields or {})

    def response(self) -> Response:
        """The answer."""
        content = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.sentence,
            "advice": self.advice,
        } | self.fields
        return Response(
            json.dumps(content),
            self.status,
            headers={"Cache-Control": "no-store"} | self.headers,
            media_type=PROBLEM,
        )


def busy(sentence: str, seconds: int = 2) -> RefusedError:
    """Come again in some seconds."""
    return RefusedError(503, sentence, "Try again in a while.", headers={"Retry-After": str(seconds)})


def not_found(sentence: str) -> RefusedError:
    """There is no such thing here."""
    return RefusedError(404, sentence, "It may have left the library; search again.")


def refusal_for(error: Exception) -> RefusedError:
    """What is said of an error of the user's world, or of the request itself."""
    if isinstance(error, RefusedError):
        return error
    for kind, (status, headers) in _OF_KIND.items():
        if isinstance(error, kind):
            at = {"at": error.at} if isinstance(error, QueryError) else {}
            return RefusedError(status, error.sentence, error.advice, headers=headers, fields=at)
    if isinstance(error, RequestValidationError):
        return RefusedError(422, _invalid(error), "See /api/v1/openapi.json.")
    if isinstance(error, HTTPException):
        return RefusedError(error.status_code, f"{error.detail}.", headers=error.headers)
    raise error


_LATER = {"Retry-After": "10"}
_OF_KIND: dict[type[ReelfindError], tuple[int, dict[str, str]]] = {
    QueryError: (422, {}),
    LibraryError: (503, _LATER),
    ModelError: (503, _LATER),
    MediaError: (409, {}),
    Cancelled: (503, _LATER),
    ReelfindError: (422, {}),
}


async def answer_bug(_: Request, __: Exception) -> Response:
    """As the handler of what is our fault; the entrance logs it."""
    return RefusedError(500, "Something went wrong in Reelfind.", "Its log has the details.").response()


async def answer_error(_: Request, error: Exception) -> Response:
    """As an exception handler of Starlette."""
    return refusal_for(error).response()


def _invalid(error: RequestValidationError) -> str:
    first = dict(next(iter(error.errors()), {}))
    where = ".".join(str(part) for part in first.get("loc", ()))[:_SHOWN]
    return f"{where}: {str(first.get('msg', 'it is not valid'))[:_SHOWN]}."
