"""Asks another computer over HTTP, and believes nothing that it answers.

No proxy is used, no redirect followed, no cookie kept. Each request has an end: also one whose answer arrives
byte by byte. What an answer means is for others to say.
"""

import logging
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace

import httpx2

from app import __version__
from app.connecting.certificates import CertificateFault, certificate_fault, tls_error, trusting
from app.connecting.service_address import ServiceAddress, connect_to

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 3.0
MOST_TOLD = 64 << 10
"""Bytes of an answer that refuses something."""
_BUSY_SECONDS = 0.25
"""Before a service that is busy is asked again."""
_PIECE = 256 << 10


class TransportError(Exception):
    """There is no answer."""


class UnreachableError(TransportError):
    """Nothing answers there."""


class UntrustedCertificateError(TransportError):
    """Its certificate is not trusted on this computer."""

    def __init__(self, message: str, fault: CertificateFault) -> None:
        super().__init__(message)
        self.fault = fault


class NotEncryptedError(TransportError):
    """Encryption was asked for, and what is there does not encrypt."""


class EncryptedOnlyError(TransportError):
    """What is there answers encrypted only."""


class TooSlowError(TransportError):
    """The answer did not arrive in time."""


class UselessAnswerError(TransportError):
    """What came is no answer to what was asked; the message says what it is."""


class ConnectionLostError(TransportError):
    """The connection ended in the middle."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""
    content: bytes


class EndlessAnswer:
    """What comes as it happens."""

    def __init__(self, answer: httpx2.Response) -> None:
        """Its head has come."""
        self._answer = answer

    @property
    def status(self) -> int:
        return self._answer.status_code

    def pieces(self) -> Iterator[bytes]:
        """The body as it comes."""
        return self._answer.iter_raw()

    def abort(self) -> None:
        """Have whoever waits for a piece wait no longer; called on any thread."""
        stream = self._answer.extensions.get("network_stream")
        connection = None if stream is None else stream.get_extra_info("socket")
        if connection is not None:
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # TLS' own lets a reader stumble


class HttpTransport:
    """One computer. Thread-safe.

    Args:
        address: where it is.
        token: that it wants.
        seconds: for a request, from its first byte to the last of its answer.
        connect_seconds: for a connection.
        certificate: PEM of those that are trusted besides this computer's own.

    Raises:
        UsageError: nothing may be sent there unencrypted.
        UnreachableError: its name is not known.
    """

    def __init__(
        self,
        address: ServiceAddress,
        token: str,
        *,
        seconds: float,
        connect_seconds: float = CONNECT_SECONDS,
        certificate: str = "",
    ) -> None:
        self.address = address
        self._seconds, self._connect_seconds = seconds, connect_seconds
        try:
            host = connect_to(address)
        except (OSError, UnicodeError) as error:
            raise UnreachableError(str(error)) from error
        self._host = host
        verify = trusting(certificate) if address.scheme == "https" else False
        self._http = httpx2.Client(
            base_url=str(replace(address, host=host)),
            headers={
                "Host": address.place,
                "Authorization": f"Bearer {token}",
                "User-Agent": f"reelfind/{__version__}",
                "Accept-Encoding": "identity",
            },
            timeout=httpx2.Timeout(seconds, connect=connect_seconds),
            transport=httpx2.HTTPTransport(verify=verify, trust_env=False),
            trust_env=False,
            follow_redirects=False,
        )

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        most: int,
        patient: bool = True,
    ) -> Answer:
        """One request's answer; a second try where a kept connection had ended, others where it is busy.

        Args:
            method: of HTTP.
            path: with its query, percent-encoded.
            headers: beside the usual ones.
            body: of the request; None where it has none.
            most: bytes of an answer that grants what was asked.
            patient: whether to ask again, within the time there is, where it is busy.

        Raises:
            TransportError: there is none.
        """
        end = time.monotonic() + self._seconds
        tries = 0
        while True:
            try:
                with _translated(self.address), self._while_open():
                    answer = self._send(method, path, dict(headers or {}), body, most, end)
            except ConnectionLostError:
                tries += 1
                if tries > 1:
                    if self._encrypts_unasked():
                        raise EncryptedOnlyError from None
                    raise
                continue
            wait = _asked_to_wait(answer)
            if wait is None or not patient or time.monotonic() + wait >= end:
                return answer
            time.sleep(wait)

    @contextmanager
    def stream(self, path: str, *, silence: float) -> "Iterator[EndlessAnswer]":
        """An answer that never ends. Leaving ends it.

        Args:
            path: as of `ask`.
            silence: seconds without a byte after which it is over.

        Raises:
            TransportError: there is none, or it ended; also while pieces are taken.
        """
        timeout = httpx2.Timeout(silence, connect=self._connect_seconds)
        with (
            _translated(self.address),
            self._while_open(),
            self._answered(self._http.stream("GET", path, timeout=timeout)) as answer,
        ):
            yield EndlessAnswer(answer)

    def close(self) -> None:
        """End the connections; whoever asks from now on is told that nothing answers."""
        self._http.close()

    @contextmanager
    def _while_open(self) -> Iterator[None]:
        """What runs on beside who closes this, as reading ahead does, learns that there is no answer."""
        try:
            yield
        except RuntimeError as error:
            if not self._http.is_closed:
                raise
            raise UnreachableError("closed") from error

    @contextmanager
    def _answered(self, asked: AbstractContextManager[httpx2.Response]) -> Iterator[httpx2.Response]:
        """The answer; where this was closed before it was connected, its connection ends with it."""
        connection = None
        try:
            with asked as answer:
                connection = answer.extensions.get("network_stream")
                yield answer
        finally:
            if connection is not None and self._http.is_closed:
                connection.close()

    def _encrypts_unasked(self) -> bool:
        """Whether what hangs up on plain requests would answer encrypted ones."""
        if self.address.scheme == "https":
            return False
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is told to it
        try:
            with (
                socket.create_connection((self._host, self.address.port), self._connect_seconds) as plain,
                context.wrap_socket(plain),
            ):
                return True
        except (OSError, ValueError):
            return False

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, most: int, end: float
    ) -> Answer:
        length = {} if body is None else {"Content-Length": str(len(body))}
        pieces = None if body is None else _pieces(body, end)
        asked = self._http.stream(method, path, headers=headers | length, content=pieces)
        with self._answered(asked) as answer:
            content = bytearray()
            limit = most if answer.is_success else MOST_TOLD
            for part in answer.iter_raw():
                content += part
                if len(content) > limit:
                    raise UselessAnswerError("more than was asked for")
                _check_time(end)
            return Answer(answer.status_code, answer.headers, bytes(content))


@contextmanager
def _translated(address: ServiceAddress) -> Iterator[None]:
    """The library's errors as ours."""
    try:
        yield
    except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
        logger.info("%s: %s", address, error)
        if (fault := certificate_fault(error)) is not None:
            raise UntrustedCertificateError(str(error), fault) from error
        if tls_error(error) is not None:
            raise NotEncryptedError(str(error)) from error
        raise UnreachableError(str(error)) from error
    except (httpx2.TimeoutException, TimeoutError) as error:
        raise TooSlowError from error
    except (httpx2.ReadError, httpx2.WriteError, httpx2.CloseError, httpx2.RemoteProtocolError) as error:
        raise ConnectionLostError(str(error)) from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        logger.info("%s: %s", address, error)
        raise UselessAnswerError("something that is not HTTP") from error


def _asked_to_wait(answer: Answer) -> float | None:
    """Seconds after which the same may be granted; None where it is answered."""
    if answer.status == 503:
        return _BUSY_SECONDS
    if answer.status == 429:  # too many requests: it says after how long there may be another
        told = answer.headers.get("retry-after", "")
        return float(told[:6]) if told.isdecimal() else _BUSY_SECONDS
    return None


def _pieces(body: bytes, end: float) -> Iterator[bytes]:
    for first in range(0, len(body), _PIECE):
        _check_time(end)
        yield body[first : first + _PIECE]


def _check_time(end: float) -> None:
    if time.monotonic() > end:
        raise TimeoutError
