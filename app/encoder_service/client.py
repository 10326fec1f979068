"""Asks one encoder service: who it is, and for the vectors of frames. Believes nothing that it answers.

No proxy is used, no redirect followed, no cookie kept. Each request has an end: also one whose answer arrives
byte by byte.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle
from app.connecting import http_transport
from app.connecting.http_transport import CONNECT_SECONDS, MOST_TOLD, HttpTransport
from app.connecting.service_address import ServiceAddress
from app.encoder_service.exchange import (
    ENCODE,
    FRAMES,
    IDENTITY,
    MODEL,
    PICTURES,
    RAW,
    ServiceIdentity,
    join_pictures,
)
from app.encoder_service.service_errors import BatchRefusedError, ServiceError, other_model
from app.errors import UsageError

logger = logging.getLogger(__name__)

BATCH_SECONDS = 30.0
"""From the first byte of a batch to the last of its vectors."""
_LARGEST = float(np.finfo(np.float16).max)
"""Of a vector's numbers: a library keeps float16."""
QUALITY = 95
"""Of JPEG, where that is sent."""

Form = Literal["raw", "jpeg"]


class ServiceClient:
    """One service. Thread-safe.

    Args:
        address: where it is.
        token: that it wants.
        form: how frames travel: as they are, or as JPEG, a tenth of that and not quite the same vectors.
        connect_seconds: for a connection.
        batch_seconds: for a request.

    Raises:
        ServiceError: nothing may be sent there, or its name is not known.
    """

    def __init__(
        self,
        address: ServiceAddress,
        token: str,
        *,
        form: Form = "raw",
        connect_seconds: float = CONNECT_SECONDS,
        batch_seconds: float = BATCH_SECONDS,
    ) -> None:
        self.address = address
        self._form = form
        try:
            with self._translated():
                self._http = HttpTransport(
                    address, token, seconds=batch_seconds, connect_seconds=connect_seconds
                )
        except UsageError as error:
            raise ServiceError(error.sentence, error.advice) from error

    def identity(self) -> ServiceIdentity:
        """What the service says of itself.

        Raises:
            ServiceError: it cannot be asked, does not take the token, or is no such service.
        """
        content = self._ask("GET", IDENTITY, {}, None, MOST_TOLD)
        try:
            return ServiceIdentity.from_json(content)
        except ValueError as error:
            logger.info("%s: %s", self.address, error)
            raise ServiceError(
                f"What answers at {self.address.place} is not an encoder service of this Reelfind’s kind.",
                "See that both computers have the same version of Reelfind.",
            ) from error

    def encode(self, frames: NDArray[np.uint8], bundle: EncoderBundle) -> NDArray[np.float32]:
        """The vectors of frames.

        Args:
            frames: (N, H, W, 3) uint8 RGB, at least one.
            bundle: whose vectors are wanted.

        Returns:
            (N, D) float32, finite also as float16.

        Raises:
            BatchRefusedError: there are none for these frames.
            ServiceError: the service cannot be used.
        """
        count, height, width, _ = frames.shape
        headers = {MODEL: bundle.identity}
        if self._form == "raw":
            headers |= {"Content-Type": RAW, FRAMES: f"{count}x{height}x{width}"}
            body = np.ascontiguousarray(frames).tobytes()
        else:
            headers["Content-Type"] = PICTURES
            body = join_pictures([_as_jpeg(frame) for frame in frames])
        shape = (count, bundle.embedding_width)
        content = self._ask("POST", ENCODE, headers, body, 4 * shape[0] * shape[1])
        if len(content) != 4 * shape[0] * shape[1]:
            raise self._useless("vectors of another size")
        vectors = np.frombuffer(content, "<f4").reshape(shape).astype(np.float32)
        if not np.isfinite(vectors).all() or np.abs(vectors).max(initial=0) > _LARGEST:
            raise self._useless("numbers that are not finite")
        return vectors

    def close(self) -> None:
        """End the connections; the next request opens one again."""
        self._http.close()

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None, most: int) -> bytes:
        with self._translated():
            answer = self._http.ask(method, path, headers=headers, body=body, most=most)
        if answer.status == 200:
            return answer.content
        raise self._refused(answer.status)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """What keeps an answer from coming, as a sentence."""
        try:
            yield
        except http_transport.UntrustedCertificateError as error:
            raise ServiceError(
                f"The certificate of {self.address.place} is not trusted here.",
                "Add it to this computer’s certificates, or name its file in SSL_CERT_FILE.",
            ) from error
        except http_transport.NotEncryptedError as error:
            raise ServiceError(
                f"What answers at {self.address.place} is not encrypted.",
                "Set its address again, with http:// before it.",
            ) from error
        except http_transport.EncryptedOnlyError as error:
            raise ServiceError(
                f"The encoder service at {self.address.place} answers encrypted only.",
                "Set its address again, with https:// before it.",
            ) from error
        except (http_transport.UnreachableError, http_transport.ConnectionLostError) as error:
            raise self._unreachable() from error
        except http_transport.TooSlowError as error:
            raise ServiceError(
                f"The encoder service at {self.address.place} is too slow.",
                "It is tried again in a while; see what else that computer does.",
            ) from error
        except http_transport.UselessAnswerError as error:
            raise self._useless(str(error)) from error

    def _refused(self, status: int) -> ServiceError:
        place = self.address.place
        match status:
            case 401 | 403:
                return ServiceError(
                    f"The encoder service at {place} does not take the token.",
                    "Set its address again, with the token that it printed.",
                )
            case 409:
                return other_model(place)
            case 413 | 422:
                return BatchRefusedError(f"The encoder service at {place} has no vectors for some frames.")
            case 503:
                return ServiceError(
                    f"The encoder service at {place} is busy.", "It is tried again in a while."
                )
            case _:
                return ServiceError(
                    f"The encoder service at {place} answers with an error ({status}).",
                    "Its log on that computer may say more.",
                )

    def _unreachable(self) -> ServiceError:
        return ServiceError(
            f"The encoder service at {self.address.place} cannot be reached.",
            "See that it runs there (reelfind serve-encoder) and that no firewall is between.",
        )

    def _useless(self, what: str) -> ServiceError:
        logger.warning("%s gave %s", self.address, what)
        return ServiceError(
            f"The encoder service at {self.address.place} gives answers that cannot be used.",
            "See that both computers have the same version of Reelfind.",
        )


def _as_jpeg(frame: NDArray[np.uint8]) -> bytes:
    options = [cv2.IMWRITE_JPEG_QUALITY, QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111]
    _, file = cv2.imencode(".jpg", frame[..., ::-1], options)
    return bytes(file)
