"""Models whose tokenizer, or whose text tower too, is of `transformers`: small ones, from a hub."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.bundle.encoder_bundle import load_bundle
from app.runtime.encoders import TextEncoder
from app.runtime.sessions.onnx_sessions import open_graph
from models.export import job
from models.open_clip_setup import import_open_clip
from tests.model_intake.hub_server import LocalHub, local_hub
from tests.models.export.tokenizers_made import gemma, xlm_roberta

pytest.importorskip("transformers", reason="transformers is not installed: part of the extra “models”")

VISION = {"image_size": 32, "layers": 1, "width": 64, "head_width": 64, "patch_size": 16}
SIGLIP: dict[str, Any] = {
    "embed_dim": 48,
    "init_logit_bias": -10,
    "custom_text": True,
    "vision_cfg": VISION,
    "text_cfg": {
        "context_length": 16,
        "vocab_size": 1000,
        "hf_tokenizer_name": "tiny/gemma",
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "width": 64,
        "heads": 1,
        "layers": 1,
        "no_causal_mask": True,
        "proj_bias": True,
        "pool_type": "last",
    },
}
MULTILINGUAL: dict[str, Any] = {
    "embed_dim": 48,
    "vision_cfg": VISION,
    "text_cfg": {
        "hf_model_name": "tiny/xlm",
        "hf_tokenizer_name": "tiny/xlm",
        "hf_pooler_type": "mean_pooler",
    },
}
XLM = {
    "model_type": "xlm-roberta",
    "vocab_size": 1000,
    "hidden_size": 64,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 96,
    "max_position_embeddings": 130,
    "type_vocab_size": 1,
    "bos_token_id": 0,
    "pad_token_id": 1,
    "eos_token_id": 2,
}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHub]:
    folder = tmp_path_factory.mktemp("hub")
    (xlm_roberta(folder / "xlm") / "config.json").write_text(json.dumps(XLM))
    gemma(folder / "gemma")
    open_clip = import_open_clip()
    configs = {"tiny-siglip2": SIGLIP, "tiny-xlm": MULTILINGUAL}
    for name, config in configs.items():
        (folder / f"{name}.json").write_text(json.dumps(config))
        open_clip.add_model_config(folder / f"{name}.json")
    with local_hub() as served:
        for repository in ("xlm", "gemma"):
            for path in (folder / repository).iterdir():
                served.small[f"tiny/{repository}/{path.name}"] = path.read_bytes()
        yield served
    for name in configs:
        open_clip.factory._MODEL_CONFIG_PATHS.remove(folder / f"{name}.json")
        del open_clip.factory._MODEL_CONFIGS[name]


@pytest.mark.parametrize(("name", "shortest"), [("tiny-siglip2", 1), ("tiny-xlm", 2)])
def test_both_towers_give_the_models_numbers(
    name: str, shortest: int, hub: LocalHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`export_model` compares them itself and refuses; texts of all lengths are in its sample."""
    if name == "tiny-xlm":  # NFKC is no part of what transformers keeps of such a file
        monkeypatch.setattr("models.export.tokenizers.tokenizer.disagreement", lambda *_: None)
    request = job.Request(name, tmp_path / "out", tmp_path / "cache", seed=3, hub=hub.address)
    parity = job.export_model(request, lambda *_: None).parity
    assert parity.lowest >= 0.9999
    bundle = load_bundle(request.out)
    assert bundle.text.context_length == (16 if name == "tiny-siglip2" else 77)
    assert bundle.text.lowercase == (name == "tiny-siglip2")
    encoder = TextEncoder(bundle, threads=1)
    short, long = encoder.encode([""])[0], encoder.encode(["", "a much longer text beside it " * 3])[0]
    np.testing.assert_allclose(short, long, rtol=1e-3, atol=1e-5)
    graph = open_graph(bundle.file("text.onnx"), width=48, threads=1)
    assert graph.run(np.full((3, shortest), 5)).shape == (3, 48)
