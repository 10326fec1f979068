"""The CLIP of a T-MASS checkpoint, in open_clip's classes.

The checkpoint names tensors as Hugging Face `transformers` does for a `CLIPModel`, open_clip as OpenAI did;
the numbers are the same but for the projections, which are transposed, and query, key and value, which lie in
one matrix.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from models.authors.checkpoint import Checkpoint
from models.open_clip_setup import import_open_clip

VOCABULARY = 49_408
HEAD_WIDTH = 64
"""All of OpenAI's ViTs and text towers have heads of this width; the tensors do not tell."""

VISION, TEXT = "clip.vision_model", "clip.text_model"
PATCHES, CELLS, TOKENS, POSITIONS = (
    f"{tower}.embeddings.{kind}_embedding.weight"
    for tower, kind in ((VISION, "patch"), (VISION, "position"), (TEXT, "token"), (TEXT, "position"))
)
PROJECTION, TEXT_PROJECTION = "clip.visual_projection.weight", "clip.text_projection.weight"
_BLOCK = {
    "ln_1": "layer_norm1",
    "attn.out_proj": "self_attn.out_proj",
    "ln_2": "layer_norm2",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}


def take_clip(checkpoint: Checkpoint) -> nn.Module:
    """An `open_clip.CLIP` (ViT, quick GELU) of the tensors' sizes with the checkpoint's numbers.

    Raises:
        ModelError: a tensor is missing or has an impossible shape.
    """
    open_clip = import_open_clip()
    width, channels, patch, _ = checkpoint.shape(PATCHES, 4)
    cells = checkpoint.shape(CELLS, 2)[0] - 1
    side = math.isqrt(max(cells, 0))
    vocabulary, text_width = checkpoint.shape(TOKENS, 2)
    context = checkpoint.shape(POSITIONS, 2)[0]
    embedding = checkpoint.shape(PROJECTION, 2)[0]
    layers, text_layers = (checkpoint.count(f"{tower}.encoder.layers.") for tower in (VISION, TEXT))
    inner, text_inner = (
        checkpoint.shape(f"{tower}.encoder.layers.0.mlp.fc1.weight", 2)[0] for tower in (VISION, TEXT)
    )
    for wrong, why in (
        (channels != 3, f"{PATCHES} takes {channels} channels"),
        (cells < 1 or side * side != cells, f"{CELLS} is for {cells} patches, which make no square"),
        (vocabulary != VOCABULARY, f"its vocabulary has {vocabulary} tokens, not {VOCABULARY}"),
        (width % HEAD_WIDTH or text_width % HEAD_WIDTH, f"a width is no multiple of {HEAD_WIDTH}"),
        (inner % width or text_inner % text_width, "a layer's inner width is no multiple of its width"),
    ):
        if wrong:
            raise checkpoint.unfit(why)
    state = {
        "logit_scale": checkpoint.take("clip.logit_scale"),
        "visual.class_embedding": checkpoint.take(f"{VISION}.embeddings.class_embedding", width),
        "visual.conv1.weight": checkpoint.take(PATCHES, width, 3, patch, patch),
        "visual.positional_embedding": checkpoint.take(CELLS, cells + 1, width),
        "visual.proj": checkpoint.take(PROJECTION, embedding, width).T,
        "token_embedding.weight": checkpoint.take(TOKENS, vocabulary, text_width),
        "positional_embedding": checkpoint.take(POSITIONS, context, text_width),
        "text_projection": checkpoint.take(TEXT_PROJECTION, embedding, text_width).T,
        **_pair(checkpoint, f"{VISION}.pre_layrnorm", "visual.ln_pre", width),
        **_pair(checkpoint, f"{VISION}.post_layernorm", "visual.ln_post", width),
        **_pair(checkpoint, f"{TEXT}.final_layer_norm", "ln_final", text_width),
        **_stack(checkpoint, VISION, "visual.transformer", (layers, width, inner)),
        **_stack(checkpoint, TEXT, "transformer", (text_layers, text_width, text_inner)),
    }
    checkpoint.drop(*(f"{tower}.embeddings.position_ids" for tower in (VISION, TEXT)))
    model: nn.Module = open_clip.CLIP(
        embedding,
        open_clip.CLIPVisionCfg(
            layers=layers,
            width=width,
            head_width=HEAD_WIDTH,
            mlp_ratio=inner // width,
            patch_size=patch,
            image_size=side * patch,
        ),
        open_clip.CLIPTextCfg(
            context_length=context,
            vocab_size=vocabulary,
            width=text_width,
            heads=text_width // HEAD_WIDTH,
            layers=text_layers,
            mlp_ratio=text_inner // text_width,
        ),
        quick_gelu=True,
    )
    model.load_state_dict(state, strict=True)
    return model.eval()


def _stack(checkpoint: Checkpoint, tower: str, target: str, sizes: tuple[int, int, int]) -> dict[str, Tensor]:
    """The transformer blocks of one tower; `sizes` are layers, width and the width inside the MLP."""
    layers, width, inner = sizes
    state = {}
    for number in range(layers):
        source, block = f"{tower}.encoder.layers.{number}", f"{target}.resblocks.{number}"
        for kind, shape in (("weight", (width, width)), ("bias", (width,))):
            mixed = [checkpoint.take(f"{source}.self_attn.{part}_proj.{kind}", *shape) for part in "qkv"]
            state[f"{block}.attn.in_proj_{kind}"] = torch.cat(mixed)
        outputs = {"mlp.c_fc": (inner, width), "mlp.c_proj": (width, inner), "attn.out_proj": (width, width)}
        for ours, theirs in _BLOCK.items():
            shape = outputs.get(ours, (width,))
            state |= _pair(checkpoint, f"{source}.{theirs}", f"{block}.{ours}", *shape)
    return state


def _pair(checkpoint: Checkpoint, source: str, target: str, *shape: int) -> dict[str, Tensor]:
    """`weight` of this shape and `bias` of its first axis."""
    return {
        f"{target}.weight": checkpoint.take(f"{source}.weight", *shape),
        f"{target}.bias": checkpoint.take(f"{source}.bias", shape[0]),
    }
