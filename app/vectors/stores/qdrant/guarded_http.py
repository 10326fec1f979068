"""HTTP for a client that would believe its server: every answer has an end, in time and in size.

No proxy is used, no redirect followed, nothing is unpacked.
"""

import ssl
import time
from collections.abc import Callable, Iterator
from functools import partial

import httpx


class UselessAnswerError(httpx.TransportError):
    """What came is no answer to what was asked."""


class GuardedTransport(httpx.BaseTransport):
    """Passes requests on, and ends those that last too long or bring too much."""

    def __init__(self, *, seconds: float, most: int, encrypted: bool) -> None:
        """Nothing is opened yet.

        Args:
            seconds: for a request, from its first byte to the last of its answer; twice as many where it
                hangs at its very end.
            most: bytes of an answer.
            encrypted: whether certificates are to be checked, by those of this computer.
        """
        verify = ssl.create_default_context() if encrypted else False
        self._inner = httpx.HTTPTransport(verify=verify, trust_env=False)
        self._seconds, self._most = seconds, most
        self._closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """See `httpx.BaseTransport`.

        Raises:
            httpx.TransportError: there is no answer that could be used.
        """
        end = time.monotonic() + self._seconds
        request.extensions = {**request.extensions, "timeout": httpx.Timeout(self._seconds).as_dict()}
        answer = self._inner.handle_request(request)
        stream = answer.stream
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            answer.close()
            raise UselessAnswerError("packed, which was not asked for")
        assert isinstance(stream, httpx.SyncByteStream)  # noqa: S101 - of a transport that is not async
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Bounded(stream, end, self._most, partial(self._leave, answer)),
            request=request,
        )

    def close(self) -> None:
        """End the connections; that of a request that is just beginning ends with its answer."""
        self._closed = True
        self._inner.close()

    def _leave(self, answer: httpx.Response) -> None:
        if self._closed and (connection := answer.extensions.get("network_stream")) is not None:
            connection.close()


class _Bounded(httpx.SyncByteStream):
    def __init__(
        self, stream: httpx.SyncByteStream, end: float, most: int, closed: Callable[[], None]
    ) -> None:
        self._stream, self._end, self._most, self._closed = stream, end, most, closed

    def __iter__(self) -> Iterator[bytes]:
        left = self._most
        for part in self._stream:
            left -= len(part)
            if left < 0:
                raise UselessAnswerError("more than was asked for")
            if time.monotonic() > self._end:
                raise httpx.ReadTimeout("the answer lasts too long")
            yield part

    def close(self) -> None:
        self._stream.close()
        self._closed()
