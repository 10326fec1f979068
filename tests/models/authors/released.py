"""A checkpoint laid out as the T-MASS authors' code saves it, small, and what that code computes from it.

Written from the equations of CLIP (as Hugging Face `transformers` lays it out), X-Pool and T-MASS in plain
tensor operations, one text and one clip at a time.
"""

import math
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

WIDTH, EMBEDDING, LAYERS, PATCH, SIZE, CONTEXT, VOCABULARY, FRAMES = 64, 48, 2, 16, 32, 77, 49408, 12
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)

State = dict[str, Tensor]


def released_state() -> State:
    """The `state_dict` of the released model, with numbers large enough for every tensor to matter."""
    draw = torch.Generator().manual_seed(3)

    def normal(*shape: int, scale: float = 0.1) -> Tensor:
        return scale * torch.randn(*shape, generator=draw)

    state: State = {}

    def linear(name: str, out: int, into: int, scale: float = 0.1) -> None:
        state[f"{name}.weight"], state[f"{name}.bias"] = normal(out, into, scale=scale), normal(out)

    def norm(name: str, width: int = WIDTH) -> None:
        state[f"{name}.weight"], state[f"{name}.bias"] = 1 + normal(width), normal(width)

    state["clip.logit_scale"] = torch.tensor(4.6)
    vision, text = "clip.vision_model", "clip.text_model"
    state[f"{vision}.embeddings.class_embedding"] = normal(WIDTH, scale=0.5)
    state[f"{vision}.embeddings.patch_embedding.weight"] = normal(WIDTH, 3, PATCH, PATCH)
    cells = (SIZE // PATCH) ** 2 + 1
    state[f"{vision}.embeddings.position_embedding.weight"] = normal(cells, WIDTH, scale=0.5)
    state[f"{vision}.embeddings.position_ids"] = torch.arange(cells)[None]
    state[f"{text}.embeddings.token_embedding.weight"] = normal(VOCABULARY, WIDTH, scale=0.5)
    state[f"{text}.embeddings.position_embedding.weight"] = normal(CONTEXT, WIDTH, scale=0.3)
    state[f"{text}.embeddings.position_ids"] = torch.arange(CONTEXT)[None]
    for name in (f"{vision}.pre_layrnorm", f"{vision}.post_layernorm", f"{text}.final_layer_norm"):
        norm(name)
    for tower in (vision, text):
        for number in range(LAYERS):
            layer = f"{tower}.encoder.layers.{number}"
            for part in ("q", "k", "v", "out"):
                linear(f"{layer}.self_attn.{part}_proj", WIDTH, WIDTH, scale=0.2)
            norm(f"{layer}.layer_norm1")
            norm(f"{layer}.layer_norm2")
            linear(f"{layer}.mlp.fc1", 4 * WIDTH, WIDTH, scale=0.3)
            linear(f"{layer}.mlp.fc2", WIDTH, 4 * WIDTH, scale=0.3)
    state["clip.visual_projection.weight"] = normal(EMBEDDING, WIDTH)
    state["clip.text_projection.weight"] = normal(EMBEDDING, WIDTH)
    for part in ("q", "k", "v", "out"):
        linear(f"pool_frames.cross_attn.{part}_proj", EMBEDDING, EMBEDDING)
    linear("pool_frames.linear_proj", EMBEDDING, EMBEDDING)
    for number in (1, 2, 3):
        norm(f"pool_frames.layer_norm{number}", EMBEDDING)
    linear("stochastic.std_branch.linear_proj", EMBEDDING, FRAMES, scale=0.5)
    state["stochastic.std_branch.learnable_scalar"] = torch.tensor([0.25])
    return state


def save(state: State, path: Path, **also: object) -> Path:
    """Write a checkpoint as the released trainer does, the optimiser's state beside the model's."""
    optimiser = {
        "state": {0: {"step": 5, "next_m": torch.zeros(3)}},
        "param_groups": [{"lr": 1e-6, "params": [0]}],
    }
    torch.save({"epoch": 3, "state_dict": state, "optimizer": optimiser, **also}, path)
    return path


def layer_norm(state: State, name: str, x: Tensor) -> Tensor:
    centred = x - x.mean(-1, keepdim=True)
    variance = (centred * centred).mean(-1, keepdim=True)
    return centred / torch.sqrt(variance + 1e-5) * state[f"{name}.weight"] + state[f"{name}.bias"]


def linear(state: State, name: str, x: Tensor) -> Tensor:
    return x @ state[f"{name}.weight"].T + state[f"{name}.bias"]


def encoder(state: State, tower: str, x: Tensor, *, causal: bool) -> Tensor:
    """`x` (L, WIDTH): pre-norm blocks with one attention head (of 64) and the quick GELU `x σ(1.702 x)`."""
    mask = torch.full((len(x), len(x)), -torch.inf).triu(1) if causal else torch.zeros(len(x), len(x))
    for number in range(LAYERS):
        layer = f"{tower}.encoder.layers.{number}"
        seen = layer_norm(state, f"{layer}.layer_norm1", x)
        q, k, v = (linear(state, f"{layer}.self_attn.{part}_proj", seen) for part in "qkv")
        mixed = (q @ k.T / math.sqrt(64) + mask).softmax(-1) @ v
        x = x + linear(state, f"{layer}.self_attn.out_proj", mixed)
        inner = linear(state, f"{layer}.mlp.fc1", layer_norm(state, f"{layer}.layer_norm2", x))
        x = x + linear(state, f"{layer}.mlp.fc2", inner * torch.sigmoid(1.702 * inner))
    return x


def image_features(state: State, picture: Tensor) -> Tensor:
    """Raw embedding (EMBEDDING,) of one picture (SIZE, SIZE, 3) in 0..255."""
    tower, rows = "clip.vision_model", [state["clip.vision_model.embeddings.class_embedding"]]
    normalised = (picture.float() / 255 - torch.tensor(MEAN)) / torch.tensor(STD)
    kernel = state[f"{tower}.embeddings.patch_embedding.weight"]
    for top in range(0, SIZE, PATCH):
        for left in range(0, SIZE, PATCH):
            patch = normalised[top : top + PATCH, left : left + PATCH].permute(2, 0, 1)
            rows.append((kernel * patch).sum((1, 2, 3)))
    x = torch.stack(rows) + state[f"{tower}.embeddings.position_embedding.weight"]
    x = encoder(state, tower, layer_norm(state, f"{tower}.pre_layrnorm", x), causal=False)
    return state["clip.visual_projection.weight"] @ layer_norm(state, f"{tower}.post_layernorm", x[0])


def text_features(state: State, tokens: list[int]) -> Tensor:
    """Raw embedding (EMBEDDING,) of one text, its start and end token included."""
    tower, places = "clip.text_model", len(tokens)
    x = state[f"{tower}.embeddings.token_embedding.weight"][torch.tensor(tokens)]
    x = x + state[f"{tower}.embeddings.position_embedding.weight"][:places]
    x = layer_norm(state, f"{tower}.final_layer_norm", encoder(state, tower, x, causal=True))
    return state["clip.text_projection.weight"] @ x[tokens.index(VOCABULARY - 1)]


def pooled(state: State, t: Tensor, frames: Tensor) -> Tensor:
    """X-Pool: the clip's frames (FRAMES, EMBEDDING) as the text `t` (EMBEDDING,) sees them."""
    seen = layer_norm(state, "pool_frames.layer_norm1", frames)
    q = linear(state, "pool_frames.cross_attn.q_proj", layer_norm(state, "pool_frames.layer_norm1", t))
    k, v = (linear(state, f"pool_frames.cross_attn.{part}_proj", seen) for part in "kv")
    weights = (k @ q / math.sqrt(EMBEDDING)).softmax(0)
    h = layer_norm(
        state, "pool_frames.layer_norm2", linear(state, "pool_frames.cross_attn.out_proj", weights @ v)
    )
    return layer_norm(state, "pool_frames.layer_norm3", h + linear(state, "pool_frames.linear_proj", h))


def score(state: State, t: Tensor, frames: Tensor, samples: Tensor) -> float:
    """T-MASS: the best cosine of the stochastic texts, `samples` (S, EMBEDDING) drawn from the prior."""
    s = functional.normalize(frames, dim=-1) @ functional.normalize(t, dim=-1)
    radius = torch.exp(linear(state, "stochastic.std_branch.linear_proj", s))
    clip = pooled(state, t, frames)
    return max(float(functional.cosine_similarity(t + eps * radius, clip, dim=0)) for eps in samples)
