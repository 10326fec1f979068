"""The one test of adding a model that runs the real export; all else about adding is in `model_store`."""

import sys
from pathlib import Path

import pytest

from app.bundle.encoder_bundle import load_bundle
from app.model_store.conversion import add_model, missing_packages
from app.model_store.making_process import AddProgress
from app.model_store.store import ModelStore
from app.runtime.encoders import FrameEncoder, TextEncoder

SMALL = """
import json, tempfile
from pathlib import Path
from models.open_clip_setup import stay_offline
stay_offline()
from models.open_clip_setup import import_open_clip
tower = {"layers": 1, "width": 64}
config = {
    "embed_dim": 48,
    "vision_cfg": tower | {"image_size": 32, "patch_size": 16},
    "text_cfg": tower | {"context_length": 77, "vocab_size": 49408, "heads": 1},
}
with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "Small.json").write_text(json.dumps(config))
    import_open_clip().add_model_config(folder)
from models.export.__main__ import main
main()
"""
"""The real export, in a process that knows one more, very small architecture."""


@pytest.mark.timeout(900)
@pytest.mark.skipif(bool(missing_packages()), reason="the training extra is not installed")
def test_a_real_export_is_adopted_and_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path))
    store = ModelStore(tmp_path / "models")
    reports: list[AddProgress] = []
    added = add_model(
        "Small",
        store,
        random=True,
        licence="none",
        variants=("int8",),
        report=reports.append,
        command=[sys.executable, "-P", "-c", SMALL],
    )
    assert {"load", "export image", "export text", "int8", "check"} <= {now.stage for now in reports}
    assert added.name.startswith("small")
    assert added.problem == ""
    bundle = load_bundle(added.folder)
    assert FrameEncoder(bundle).bundle.identity == added.identity
    assert TextEncoder(bundle).encode_query("a dog").shape == (48,)
