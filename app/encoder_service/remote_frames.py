"""A frame encoder that asks another computer, and encodes here wherever that one does not.

Whoever indexes need not know. The address may change at any time. A service is used when it has this very
bundle and, once per connection, gives the vectors of a few frames that this computer gives. When it fails,
this computer takes over within the same batch, says why, and asks again after a while.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle
from app.connecting.service_address import ServiceAddress, read_address
from app.encoder_service.exchange import ServiceIdentity
from app.encoder_service.service_errors import BatchRefusedError, ServiceError, other_model
from app.encoder_service.service_tokens import token_for
from app.errors import ReelfindError, UsageError
from app.runtime.encoders import FrameEncoder
from app.runtime.preprocess import fit_batch
from app.runtime.sessions.providers import ProviderChoice

if TYPE_CHECKING:
    from app.encoder_service.client import ServiceClient

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 600.0
"""Seconds before a service that failed is asked again; twice as many after each failure."""
LEAST_BATCH, MOST_BATCH = 16, 64
"""Frames per request: fewer cost a journey each, more cost memory and make nothing quicker."""
LOWEST_COSINE = 0.999
LOWEST_COSINE_INT8 = 0.98
"""Between the service's vectors and this computer's float32 ones: whole numbers are what they are."""
_COMPARED = 2


def _open_client(address: ServiceAddress, token: str) -> "ServiceClient":
    from app.encoder_service.client import ServiceClient  # noqa: PLC0415 - loads a network's libraries

    return ServiceClient(address, token)


class RemoteFrameEncoder:
    """A `FrameEncoding` of one bundle. Thread-safe.

    Args:
        bundle: a verified bundle.
        url: says where the service is now; empty where none is wanted.
        open_client: makes a client of an address and a token.
        clock: seconds.

    Raises:
        ModelError: the model cannot be used here, where no service is wanted.
    """

    def __init__(
        self,
        bundle: EncoderBundle,
        url: Callable[[], str],
        *,
        open_client: Callable[[ServiceAddress, str], "ServiceClient"] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bundle = bundle
        self._url, self._open_client, self._clock = url, open_client or _open_client, clock
        self._connecting = threading.RLock()  # held for seconds
        self._opening = threading.Lock()  # held for seconds
        self._threads = 0
        self._local: FrameEncoder | None = None
        self._used = ""  # the address that all below is about
        self._client: ServiceClient | None = None
        self._requests = 0
        self._identity: ServiceIdentity | None = None
        self._compared: ServiceIdentity | None = None
        self._problem: ServiceError | None = None
        self._pause, self._again = FIRST_PAUSE, 0.0
        if not url():
            self._here()

    @property
    def provider(self) -> str:
        """Where frames are encoded: the other computer’s name with its provider, else as `FrameEncoder`."""
        remote = self._remote()
        return self._known_here().provider if remote is None else f"{remote.name} ({remote.provider})"

    @property
    def device(self) -> str:
        """As of `FrameEncoder`, of whichever computer encodes."""
        remote = self._remote()
        return self._known_here().device if remote is None else remote.device

    @property
    def variant(self) -> str:
        """As of `FrameEncoder`, of whichever computer encodes."""
        remote = self._remote()
        return self._known_here().variant if remote is None else remote.variant

    @property
    def fallback(self) -> str:
        """Why the other computer does not encode, else as of `FrameEncoder`."""
        if self._remote() is not None:
            return ""
        if (problem := self._problem) is not None:
            return f"{problem.sentence.rstrip('.')}; this computer encodes meanwhile."
        return self._known_here().fallback

    @property
    def problem(self) -> ServiceError | None:
        """Why the other computer does not encode; None where it does, or none is set."""
        self._remote()
        return self._problem

    @property
    def batch(self) -> int:
        """Frames per request, or per run here."""
        remote = self._remote()
        if remote is None:
            return self._known_here().batch
        return min(max(remote.batch, LEAST_BATCH), MOST_BATCH)

    def encode(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """As `FrameEncoder.encode`, with whichever computer can.

        Raises:
            ValueError, EncodingError, ModelError: as there.
        """
        if frames.ndim == 4 and frames.shape[-1] == 3 and frames.dtype == np.uint8 and len(frames):
            client = self._connected()
            if client is not None:
                try:
                    return self._encoded_by(client, fit_batch(frames, self.bundle.image))
                except BatchRefusedError:  # what is wrong with them is found out here
                    pass
                except ServiceError as error:
                    self._leave(client, error)
        return self._here().encode(frames)

    def release(self) -> None:
        """Give memory and connections back; the next use opens them again."""
        with self._opening:
            if self._local is not None:
                self._local.release()
        with self._connecting:
            if self._client is not None and not self._requests:
                self._client.close()
                self._client = None

    def limit_threads(self, most: int) -> None:
        """As of `FrameEncoder`; holds for this computer."""
        with self._opening:
            self._threads = most
            if self._local is not None:
                self._local.limit_threads(most)

    @property
    def here(self) -> FrameEncoder:
        """The one of this computer: what a search encodes does not travel, and waits for no network."""
        return self._here()

    def test(self) -> ServiceIdentity:
        """Ask the service now, however long ago it failed.

        Raises:
            ServiceError: it cannot be used; the next frames are encoded here.
        """
        with self._connecting:
            self._follow()
            if not self._used:
                raise ServiceError("No other computer encodes for this one.", "Set its address first.")
            self._drop()
            try:
                return self._connect()
            except ServiceError as error:
                self._fail(error)
                raise

    def _encoded_by(self, client: "ServiceClient", frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        with self._connecting:
            self._requests += 1
        try:
            parts = [
                client.encode(frames[first : first + MOST_BATCH], self.bundle)
                for first in range(0, len(frames), MOST_BATCH)
            ]
        finally:
            with self._connecting:
                self._requests -= 1
        self._pause = FIRST_PAUSE
        return np.concatenate(parts)

    def _here(self) -> FrameEncoder:
        with self._opening:
            if self._local is None:
                self._local = FrameEncoder(self.bundle)
                self._local.limit_threads(self._threads)
            return self._local

    def _known_here(self) -> FrameEncoder:
        """The one of this computer to be told of: its memory is not kept for that."""
        with self._opening:
            if self._local is not None:
                return self._local
        found = self._here()
        found.release()
        return found

    def _remote(self) -> ServiceIdentity | None:
        """The service that encodes, None where this computer does."""
        with self._connecting:
            self._follow()
            if self._identity is None:
                self._connected()
            return self._identity

    def _connected(self) -> "ServiceClient | None":
        with self._connecting:
            self._follow()
            if self._client is None and self._used and self._clock() >= self._again:
                try:
                    self._connect()
                except ServiceError as error:
                    self._fail(error)
            return self._client

    def _follow(self) -> None:
        """Begin anew where the setting has changed."""
        if (url := self._url()) != self._used:
            self._drop()
            self._used, self._problem = url, None
            self._pause, self._again = FIRST_PAUSE, 0.0

    def _connect(self) -> ServiceIdentity:
        """Open a client, once it is sure that its vectors are ours.

        Raises:
            ServiceError: they are not, or it cannot be opened.
        """
        try:
            address = read_address(self._used)
        except UsageError as error:
            raise ServiceError(error.sentence, error.advice) from error
        token = token_for(address)
        if not token:
            raise ServiceError(
                f"There is no token for {address.place} on this computer.",
                "Set the address again, with the token that the service printed.",
            )
        client = self._open_client(address, token)
        try:
            found = client.identity()
            if not found.check(self.bundle):
                raise other_model(address.place, found.title)
            if found != self._compared:
                self._compare(client, found)
        except BaseException:
            client.close()
            raise
        self._client, self._identity, self._compared = client, found, found
        self._problem = None
        logger.info("frames are encoded by %s (%s, %s)", found.name, found.provider, found.variant)
        return found

    def _compare(self, client: "ServiceClient", found: ServiceIdentity) -> None:
        """See that the service gives this computer's vectors.

        Raises:
            ServiceError: it does not, or that cannot be found out.
        """
        side = self.bundle.image.size
        frames = np.random.default_rng().integers(0, 256, (_COMPARED, 8, 8, 3), dtype=np.uint8)
        place = np.arange(side) * 8 // side
        frames = np.ascontiguousarray(frames[:, place][:, :, place])
        try:
            exact = FrameEncoder(self.bundle, choice=ProviderChoice("CPU"), variant="float32").encode(frames)
        except ReelfindError as error:
            raise ServiceError(error.sentence, error.advice) from error
        given = client.encode(frames, self.bundle)
        products = (exact.astype(np.float64) * given.astype(np.float64)).sum(1)
        lengths = np.linalg.norm(exact, axis=1) * np.linalg.norm(given, axis=1)
        cosine = float((products / np.maximum(lengths, 1e-12)).min())
        if cosine < (LOWEST_COSINE_INT8 if found.variant == "int8" else LOWEST_COSINE):
            raise ServiceError(
                f"The encoder service on {found.name} gives other vectors than this computer "
                f"(cosine {cosine:.3f}).",
                "Update Reelfind and the driver of the graphics card there.",
            )

    def _leave(self, client: "ServiceClient", error: ServiceError) -> None:
        with self._connecting:
            if self._client is client:  # nobody else did
                self._fail(error)

    def _fail(self, error: ServiceError) -> None:
        self._drop()
        self._problem = ServiceError(error.sentence, error.advice)  # the other one holds frames
        self._again = self._clock() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        logger.warning("%s", error)

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = self._identity = None
