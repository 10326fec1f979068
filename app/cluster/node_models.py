"""Which model a node uses: its own copy of the one that is asked for, by its identity."""

from functools import cache

from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.cluster.cluster_errors import ClusterError
from app.model_store.store import ModelStore
from app.runtime.encoders import FrameEncoder
from app.runtime.sessions.providers import ProviderChoice


@cache
def bundle_of(identity: str) -> EncoderBundle:
    """The model with this identity on this computer, verified.

    Raises:
        ClusterError: it is not here.
        ModelError: it is damaged.
    """
    for model in ModelStore().installed():
        if model.identity == identity and not model.problem:
            return load_bundle(model.folder)
    raise ClusterError(
        "the model is not on it", "Install the same model there: reelfind models list says which it is."
    )


@cache
def processor_encoder(identity: str) -> FrameEncoder:
    """A frame encoder on one core of the processor; a task is counted as one by Ray."""
    return FrameEncoder(bundle_of(identity), threads=1, choice=ProviderChoice("CPU"))
