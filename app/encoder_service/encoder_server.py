"""The service: frames of other computers become vectors here. Nothing of them is stored or logged.

Who has no token costs a few hundred bytes: its body is not read. Who has one is believed to be of the
household, and still held to limits: bytes, frames, pixels, bodies at a time, seconds for a body. Batches of
several computers take turns.
"""

import asyncio
import hashlib
import hmac
import logging
import platform
from collections.abc import Awaitable, Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import __version__
from app.encoder_service.exchange import (
    ENCODE,
    FRAMES,
    IDENTITY,
    MODEL,
    MOST_BYTES,
    MOST_PIXELS_TOGETHER,
    PICTURES,
    RAW,
    BadRequestError,
    ServiceIdentity,
    read_shape,
    split_pictures,
)
from app.encoder_service.picture_files import pixels_of, size_of
from app.errors import EncodingError, ModelError
from app.runtime.frame_encoding import FrameEncoding
from app.runtime.preprocess import fit

logger = logging.getLogger(__name__)

MOST_BODIES = 4
"""Requests that are read or encoded at once; others are told to come again."""
BODY_SECONDS = 60.0
"""For a body to arrive."""


Endpoint = Callable[[Request], Awaitable[Response]]


class EncoderServer:
    """Answers requests with one encoder; lives in one event loop.

    Args:
        encoder: of the frames.
        token: which every request has to bring.
        name: of this computer, for people; the system's own where empty.
        body_seconds: for a body to arrive.
    """

    def __init__(
        self,
        encoder: FrameEncoding,
        *,
        token: str,
        name: str = "",
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._encoder = encoder
        self._digest = _digest(f"Bearer {token}")
        self._name = name or platform.node() or "encoder"
        self._patience = body_seconds
        self._turn = asyncio.Lock()
        self._bodies = 0
        self.app = Starlette(
            routes=[
                Route(IDENTITY, self._guarded(self._identity), methods=["GET"]),
                Route(ENCODE, self._guarded(self._encode), methods=["POST"]),
            ]
        )

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        """An endpoint for those with the token; what it refuses becomes an answer."""

        async def answer(request: Request) -> Response:
            given = request.headers.get("authorization", "")
            if not hmac.compare_digest(_digest(given), self._digest):
                ending = {"WWW-Authenticate": "Bearer", "Connection": "close"}  # whatever is still to come
                return _refusal(401, "a token is needed", ending)
            try:
                return await endpoint(request)
            except (HTTPException, BadRequestError, ClientDisconnect, EncodingError, ModelError) as error:
                return _refusal_for(error)

        return answer

    async def _identity(self, _: Request) -> Response:
        bundle, encoder = self._encoder.bundle, self._encoder
        told = ServiceIdentity(
            name=self._name,
            model=bundle.identity,
            title=bundle.title,
            width=bundle.embedding_width,
            provider=encoder.provider,
            device=encoder.device,
            variant=encoder.variant,
            batch=encoder.batch,
            version=__version__,
        )
        return JSONResponse(told.to_json())

    async def _encode(self, request: Request) -> Response:
        if request.headers.get(MODEL, "") != self._encoder.bundle.identity:
            raise HTTPException(409, "this service has another model")
        if self._bodies >= MOST_BODIES:
            raise HTTPException(503, "other batches are encoded now", {"Retry-After": "1"})
        self._bodies += 1
        try:
            frames = await self._frames(request)
            vectors = await self._in_turns(request, frames)
        finally:
            self._bodies -= 1
        return Response(vectors.astype("<f4").tobytes(), media_type="application/octet-stream")

    async def _frames(self, request: Request) -> NDArray[np.uint8]:
        """The frames of a request, (N, H, W, 3)."""
        kind = request.headers.get("content-type", "")
        if kind == RAW:
            shape = (*read_shape(request.headers.get(FRAMES, "")), 3)
            body = await self._body(request, exactly=int(np.prod(shape)))
            return np.frombuffer(body, np.uint8).reshape(shape)
        if kind == PICTURES:
            files = split_pictures(await self._body(request))
            if sum(width * height for width, height in map(size_of, files)) > MOST_PIXELS_TOGETHER:
                raise BadRequestError(f"the pictures have more than {MOST_PIXELS_TOGETHER} pixels together")
            async with self._turn:
                return await run_in_threadpool(self._fitted, files)
        raise HTTPException(415, f"frames are {RAW} or {PICTURES}")

    def _fitted(self, files: list[bytes]) -> NDArray[np.uint8]:
        """Pictures at the size of the model, one after the other: they may be large."""
        spec = self._encoder.bundle.image
        return np.stack([fit(pixels_of(file), spec) for file in files])

    async def _body(self, request: Request, exactly: int | None = None) -> bytes:
        """The body, once its promised length is known to be one that is taken."""
        length = request.headers.get("content-length", "")
        if not (length.isascii() and length.isdecimal()):
            raise HTTPException(411, "the length of the body is needed")
        promised = int(length[:12])
        if promised > MOST_BYTES:
            raise HTTPException(413, f"a body has {MOST_BYTES} bytes at most")
        if exactly is not None and promised != exactly:
            raise BadRequestError(f"so many frames have {exactly} bytes")
        body = bytearray()
        try:
            async with asyncio.timeout(self._patience):
                async for part in request.stream():
                    body += part
        except TimeoutError:
            raise HTTPException(408, "the body did not arrive in time") from None
        if len(body) != promised:
            raise BadRequestError("the body has another length")
        return bytes(body)

    async def _in_turns(self, request: Request, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Encode a batch at a time, so that several computers take turns and one that left costs no more."""
        parts, step = [], self._encoder.batch
        for first in range(0, len(frames), step):
            async with self._turn:
                if await request.is_disconnected():
                    raise ClientDisconnect
                parts.append(await run_in_threadpool(self._encoder.encode, frames[first : first + step]))
        return np.concatenate(parts)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def _refusal_for(error: Exception) -> Response:
    match error:
        case HTTPException():
            return _refusal(error.status_code, error.detail, error.headers)
        case BadRequestError():
            return _refusal(400, str(error))
        case EncodingError():
            return _refusal(422, error.reason)
        case ModelError():
            logger.warning("a batch could not be encoded: %s", error)
            return _refusal(500, "the model cannot be used")
        case _:
            return _refusal(400, "the body did not arrive")


def _refusal(status: int, reason: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": reason}, status_code=status, headers=dict(headers or {}))
