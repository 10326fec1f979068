"""The head of a T-MASS checkpoint: X-Pool's transformer and the linear radius."""

from __future__ import annotations

from models.authors.checkpoint import Checkpoint
from models.heads.stochastic import Prior
from models.heads.tmass import TMassConfig, TMassHead

POOL, RADIUS = "pool_frames", "stochastic.std_branch"
_POOL = {
    "ln1": "layer_norm1",
    "q": "cross_attn.q_proj",
    "k": "cross_attn.k_proj",
    "v": "cross_attn.v_proj",
    "o": "cross_attn.out_proj",
    "ln2": "layer_norm2",
    "linear": "linear_proj",
    "ln3": "layer_norm3",
}


def take_head(checkpoint: Checkpoint, width: int, prior: Prior, *, samples: int, seed: int) -> TMassHead:
    """The checkpoint's head for embeddings of `width` numbers, one attention head as in all its releases.

    The file does not tell the prior, which is a command-line setting of the released code.

    Raises:
        ModelError: a tensor is missing or has an impossible shape.
    """
    frames = checkpoint.shape(f"{RADIUS}.linear_proj.weight", 2)[1]
    state = {
        "radius.weight": checkpoint.take(f"{RADIUS}.linear_proj.weight", width, frames).T,
        "radius.bias": checkpoint.take(f"{RADIUS}.linear_proj.bias", width),
    }
    for ours, theirs in _POOL.items():
        shape = (width,) if ours.startswith("ln") else (width, width)
        state[f"xpool.{ours}.weight"] = checkpoint.take(f"{POOL}.{theirs}.weight", *shape)
        state[f"xpool.{ours}.bias"] = checkpoint.take(f"{POOL}.{theirs}.bias", width)
    # Declared in the released code, used nowhere in it.
    checkpoint.drop(f"{RADIUS}.learnable_scalar")
    head = TMassHead(TMassConfig(width=width, frames=frames, prior=prior, samples=samples, seed=seed))
    head.load_state_dict(state, strict=True)
    return head.eval()
