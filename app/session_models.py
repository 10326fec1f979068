"""The models of an open library: which one answers, what it runs on, which one is to answer next."""

from pathlib import Path
from typing import TYPE_CHECKING

from app.bundle.encoder_bundle import EncoderBundle
from app.encoder_service.exchange import ServiceIdentity
from app.encoder_service.service_errors import ServiceError
from app.engines.lifecycle import Engines
from app.engines.model_choice import PendingModel
from app.indexing.events import ModelSwitched
from app.indexing.indexer import Indexer
from app.runtime.frame_encoding import FrameEncoding
from app.settings import Settings
from app.vectors.stores.store_error import StoreError
from app.vectors.vector_index import VectorIndex

if TYPE_CHECKING:
    from app.runtime.encoders import TextEncoder


class SessionModels:
    """The part of a `Session` that is about its models. Every method may be called from any thread."""

    indexer: Indexer
    """Told where another model answers, and started where videos lack it."""
    _engines: Engines

    @property
    def settings(self) -> Settings:
        """The library's settings."""
        return self._engines.settings

    @property
    def bundle(self) -> EncoderBundle:
        """The model that answers."""
        return self._engines.active.bundle

    @property
    def model_name(self) -> str:
        """Name of the model that answers, for people."""
        return self.bundle.title

    @property
    def model_identity(self) -> str:
        """Of the model that answers: `EncoderBundle.identity`."""
        return self.bundle.identity

    @property
    def has_head(self) -> bool:
        """Whether the model that answers has a trained head to re-score with."""
        return self.bundle.has_head

    @property
    def provider(self) -> str:
        """Execution provider in use, as the session reports it. Loads the encoder."""
        return self.frame_encoder.provider

    @property
    def fallback(self) -> str:
        """Why nothing faster runs, one sentence; empty where the best does. Loads the encoder."""
        return self.frame_encoder.fallback

    @property
    def model_problem(self) -> str:
        """Why not the library's own model answers but the bundled one; empty where it does."""
        return self._engines.problem

    @property
    def frame_encoder(self) -> FrameEncoding:
        """The frame encoder of the model that answers, loaded on first use."""
        return self._engines.active.frame_encoder

    @property
    def text_encoder(self) -> "TextEncoder":
        """The text encoder of the model that answers, loaded on first use."""
        return self._engines.active.text_encoder

    def test_encoder(self) -> ServiceIdentity:
        """Ask the other computer that is to encode frames now; returns what it says of itself.

        Raises:
            ServiceError: it does not encode for this one, or none is set.
        """
        return self._engines.active.frame_encoder.test()

    @property
    def encoder_problem(self) -> ServiceError | None:
        """Why the other computer that is to encode frames does not; None where it does, or none is set."""
        return self._engines.active.frame_encoder.problem

    @property
    def vector_store_problem(self) -> StoreError | None:
        """Why the vector store that is set cannot be used; None where it can, or none is set. Asks it."""
        try:
            self._engines.active.test_vector_store()
        except StoreError as error:
            return error
        return None

    @property
    def index(self) -> VectorIndex:
        """The vectors of the model that answers, loaded on first use."""
        return self._engines.active.index

    @property
    def scorer_name(self) -> str:
        """Name of the scorer in use: the library's setting where this model can use it, else its default."""
        return self._engines.scorer_of(self._engines.active)

    @property
    def pending_model(self) -> PendingModel | None:
        """The pending model and how far it is, None where there is none."""
        return self._engines.pending_model()

    def use_model(self, folder: Path, *, now: bool = False) -> None:
        """Choose a model: it answers once every video is indexed for it (at once where none lacks it).

        Args:
            folder: of the bundle.
            now: let it answer at once; what lacks cannot be found until it is indexed.

        Raises:
            ModelError: it cannot be used.
        """
        if self._engines.use(folder, now=now):
            self.indexer.announce(ModelSwitched(self.model_name))
        self.indexer.start()

    def switch_now(self) -> None:
        """Let the pending model answer at once; what lacks cannot be found until it is indexed.

        Raises:
            ModelError: it cannot be used; the other one goes on answering.
        """
        if title := self._engines.switch():
            self.indexer.announce(ModelSwitched(title))
            self.indexer.start()

    def cancel_switch(self) -> None:
        """Stay with the model that answers; what was indexed for the pending one is kept."""
        self._engines.cancel()

    def follow(self) -> None:
        """Read the settings again: another process may have changed them, or chosen another model."""
        if title := self._engines.follow():
            self.indexer.announce(ModelSwitched(title))
