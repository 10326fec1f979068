"""What every request passes before anything looks at it: from where, who, how large, how often.

Nobody without a token learns more than that something is here: the page's own files, which say nothing of the
library, and a form that takes a token.
"""

import asyncio
import ipaddress
import logging
import platform
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from typing import Any

from fastapi import HTTPException as FastAPIError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, cookie_parser

from app.server.access.client_limits import Limits
from app.server.access.people import People, Person
from app.server.access.rates import Rate
from app.server.refusals import RefusedError, refusal_for

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

API = "1"
"""Version of the API, in the header `Reelfind-API` of every answer."""
COOKIE = "reelfind"
OPEN_PATHS = ("/page/", "/enter")
"""What is answered without a token."""
_REST_SECONDS = 1.0
"""For the rest of a request that is refused."""

_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Reelfind-API": API,
}


class Entrance:
    """An ASGI application in front of another one.

    Args:
        inside: what answers.
        people: who may ask.
        limits: what one client may cost.
        names: host names by which this computer may be called, besides numbers and its own name.
    """

    def __init__(
        self, inside: Application, people: People, limits: Limits, names: Iterable[str] = ()
    ) -> None:
        self._inside, self._people, self._limits = inside, people, limits
        own = platform.node().lower()
        self._names = {"localhost", own, f"{own}.local", *(name.lower() for name in names)} - {"", ".local"}
        self._rate = Rate(limits.rate, limits.burst)
        self._guesses = Rate(limits.guesses / 60, limits.guesses)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        begun = False
        incoming = _Incoming(receive)

        async def send_safely(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            self._admit(scope)
            body = _Body(incoming.receive, Headers(scope=scope), self._limits)
            await self._inside(scope, body.receive, send_safely)
        except (RefusedError, FastAPIError) as error:
            refusal = refusal_for(error)
            if refusal.status not in {404, 503}:
                logger.info("%s was refused: %s", _address(scope), refusal.sentence)
            if not begun:
                await incoming.take_rest(self._limits.body_bytes)
                await refusal.response()(scope, receive, send_safely)
        except (ClientDisconnect, OSError) as error:
            logger.info("%s left: %r", _address(scope), error)
        except Exception:
            logger.exception("a request could not be answered")
            ours = RefusedError(500, "Something went wrong in Reelfind.", "Its log has the details.")
            if not begun:  # else the server ends the connection, as the answer is not whole
                await ours.response()(scope, receive, send_safely)

    def _admit(self, scope: Scope) -> None:
        """Let a request in, and note who asks.

        Raises:
            RefusedError: it stays outside.
        """
        headers = Headers(scope=scope)
        self._check_host(headers)
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > self._limits.target_bytes:
            raise RefusedError(414, "That address is too long.", "Ask for less at once.")
        person = None if self._is_open(scope["path"]) else self._who(scope, headers)
        scope.setdefault("state", {})["person"] = person
        self._rate.check(_address(scope) if person is None else f"person {person.name}")

    def _is_open(self, path: str) -> bool:
        return path == "/" or path.startswith(OPEN_PATHS)

    def _who(self, scope: Scope, headers: Headers) -> Person:
        address = _address(scope)
        if self._guesses.left(address) < 1:
            raise RefusedError(
                429, "Too many wrong tokens came from there.", "Wait a minute.", headers={"Retry-After": "60"}
            )
        given = headers.get("authorization", "")
        if given:
            kind, _, token = given.partition(" ")
            person = self._people.with_token(token.strip()) if kind.lower() == "bearer" else None
        else:
            person = self.with_cookie(scope, headers)
        if person is None:
            if given:
                self._guesses.take(address)
            raise RefusedError(
                401,
                "A token is needed.",
                "Send it in the header Authorization, behind “Bearer ”.",
                headers={"WWW-Authenticate": "Bearer", "Connection": "close"},
            )
        return person

    def with_cookie(self, scope: Scope, headers: Headers) -> Person | None:
        """Whose browser it is, where its own page asks; a page of somebody else makes it ask in vain."""
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return None
        if scope["method"] not in {"GET", "HEAD"}:
            origin = headers.get("origin", "")
            if origin.partition("://")[2] != headers.get("host", ""):
                return None
        cookies = cookie_parser(headers.get("cookie", ""))
        port = (scope.get("server") or ("", 0))[1]
        return self._people.with_cookie(cookies.get(f"{COOKIE}-{port}", ""))

    def _check_host(self, headers: Headers) -> None:
        """Only what means this computer: a web page elsewhere may let its own name point here."""
        host = headers.get("host", "")
        name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
        if name.lower().rstrip(".") in self._names:
            return
        try:
            ipaddress.ip_address(name)
        except ValueError:
            raise RefusedError(
                421,
                "This computer is not known by that name here.",
                "Use its number, or start the server with --name.",
                headers={"Connection": "close"},
            ) from None


class _Incoming:
    """A request as it comes. What is refused is read to its end all the same, where that is near.

    A connection that ends with bytes unread is reset, and the reset overtakes the answer (RFC 9112, 9.6).
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_whole = False

    async def receive(self) -> Message:
        """The next part."""
        message = await self._receive()
        self._is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def take_rest(self, most: int) -> None:
        """Read what is left, so many bytes at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_REST_SECONDS):
                while not self._is_whole and most > 0:
                    most -= len((await self.receive()).get("body", b""))


class _Body:
    """A request's body, which has to be small and to come soon."""

    def __init__(self, receive: Receive, headers: Headers, limits: Limits) -> None:
        self._receive, self._limits = receive, limits
        self._length, self._is_whole = 0, False
        self._end = asyncio.get_running_loop().time() + limits.body_seconds
        promised = headers.get("content-length", "0")
        if not (promised.isascii() and promised.isdecimal()) or int(promised[:12]) > limits.body_bytes:
            raise self._too_large()

    async def receive(self) -> Message:
        """The next part; once it is whole, that the client left."""
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._end):
                message = await self._receive()
        except TimeoutError:
            raise _bad_body(408, "The body did not arrive in time") from None
        if message["type"] == "http.request":
            self._length += len(message.get("body", b""))
            self._is_whole = not message.get("more_body", False)
            if self._length > self._limits.body_bytes:
                raise self._too_large()
        return message

    def _too_large(self) -> FastAPIError:
        return _bad_body(413, f"A body has {self._limits.body_bytes:,} bytes at most")


def _bad_body(status: int, sentence: str) -> FastAPIError:
    """What FastAPI lets through where it reads a body: all else it takes for a body that makes no sense."""
    return FastAPIError(status, sentence, {"Connection": "close"})


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""
