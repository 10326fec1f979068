"""Pocket as others would publish it is still Pocket; its faults are faults."""

from pathlib import Path
from typing import Any, get_args

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.model_intake.layouts.detection import describe
from app.model_intake.layouts.published_model import LayoutName, PublishedModel
from app.model_intake.layouts.tokenizer import reference_tokens
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.sessions.onnx_runtime import ort
from tests.model_intake.layout_maker import POCKET, SIZE, Fault, little_as, pocket_as
from tests.runtime.pictures import pictures

TEXTS = ["a dog on the beach", "two people cook", ""]
FRAMES = pictures(2, SIZE, SIZE)
VARIANTS: list[Any] = [
    ("immich", {"weights": "many files"}),
    ("transformers.js", {"weights": "one file", "batch": "declared", "pixels": "uint8 NHWC"}),
    ("qdrant", {"tokens": "int32", "attention_mask": False, "fixed_length": True}),
    pytest.param("immich", {}, marks=pytest.mark.nightly),
    pytest.param("immich", {"pixels": "uint8 NHWC", "batch": "dynamic"}, marks=pytest.mark.nightly),
    pytest.param("transformers.js", {}, marks=pytest.mark.nightly),
]
"""Each value of each option once by day."""


@pytest.fixture(scope="module")
def pocket() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Pocket's own vectors of `FRAMES` and `TEXTS`."""
    bundle = load_bundle(POCKET)
    frames, texts = FrameEncoder(bundle, threads=1), TextEncoder(bundle, threads=1)
    found = frames.encode(FRAMES), texts.encode(TEXTS)
    frames.release()
    texts.release()
    return found


@pytest.mark.parametrize(("layout", "changes"), VARIANTS)
def test_published_graphs_give_pockets_vectors(
    layout: LayoutName,
    changes: dict[str, Any],
    pocket: tuple[NDArray[np.float32], NDArray[np.float32]],
    tmp_path: Path,
) -> None:
    model = describe(pocket_as(layout, tmp_path, **changes), name="pocket", source="a test")
    images, texts = _image_rows(model), _text_rows(model)
    for ours, theirs in zip((images, texts), pocket, strict=True):
        assert (_unit(ours) * _unit(theirs)).sum(1).min() >= 0.9999
    lengths = np.linalg.norm(np.concatenate([images, texts]), axis=1)
    assert np.allclose(lengths, 1, atol=1e-5) is (layout == "immich")


@pytest.mark.parametrize("fault", get_args(Fault))
def test_every_fault_leaves_an_export_that_differs(fault: Fault, tmp_path: Path) -> None:
    beside: dict[str, Any] = {"weights": "one file"} if fault == "missing weights" else {}
    right, wrong = little_as("immich", tmp_path / "right", **beside), tmp_path / "wrong"
    little_as("immich", wrong, fault=fault, **beside)
    assert _contents(right) != _contents(wrong)


def test_a_batch_that_is_fixed_is_so_inside_the_graph_too(tmp_path: Path) -> None:
    pocket_as("immich", tmp_path)
    file = tmp_path / "visual" / "model.onnx"
    model = onnx.load(str(file))
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_value == 1
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_param = "batch"
    onnx.save(model, str(file))
    with pytest.raises(Exception, match=r"(?i)reshape"):
        _session(file).run(None, {"image": np.zeros((2, 3, SIZE, SIZE), np.float32)})


def _image_rows(model: PublishedModel) -> NDArray[np.float32]:
    graph = _session(model.image.graph)
    (wanted,) = graph.get_inputs()
    rows = []
    for frame in FRAMES:
        given = frame[None]
        if wanted.type != "tensor(uint8)":
            given = ((frame / 255 - np.array(model.image.mean)) / np.array(model.image.std)).transpose(
                2, 0, 1
            )
            given = given[None].astype(np.float32)
        rows.append(graph.run(None, {wanted.name: given})[0])
    return np.concatenate(rows)


def _text_rows(model: PublishedModel) -> NDArray[np.float32]:
    graph = _session(model.text.graph)
    rows = []
    for ids in reference_tokens(model.text, TEXTS):
        feed = {}
        for value in graph.get_inputs():
            given = ids != model.text.pad_id if "mask" in value.name else ids
            feed[value.name] = given[None].astype(np.int32 if value.type == "tensor(int32)" else np.int64)
        rows.append(graph.run(None, feed)[0])
    return np.concatenate(rows)


def _session(path: Path) -> Any:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
