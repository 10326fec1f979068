"""Backbones give raw embeddings: of a bundle as the program does it, of open_clip as open_clip does it."""

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch")
if find_spec("open_clip") is None:  # not imported here: that is what the setup module is for
    pytest.skip("open_clip is not installed", allow_module_level=True)

import torch
from PIL import Image

from app.bundle.encoder_bundle import ImageSpec, load_bundle
from app.errors import ModelError
from app.model_intake.making.parity import lowest_cosine
from app.runtime.encoders import FrameEncoder, TextEncoder
from models.datasets.backbones import Backbone, BundleBackbone, OpenClipBackbone
from models.export.spec import open_clip_spec
from models.open_clip_setup import image_input, import_open_clip, own_transform
from tests.bundles import make_bundle

SIZE = 32
CONFIG = {
    "embed_dim": 24,
    "vision_cfg": {"image_size": SIZE, "layers": 2, "width": 32, "patch_size": 8, "head_width": 16},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2},
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("configs") / "tiny-backbone.json"
    path.write_text(json.dumps(CONFIG))
    import_open_clip().add_model_config(path)
    return "tiny-backbone"


def pictures(count: int, height: int = SIZE, width: int = SIZE) -> NDArray[np.uint8]:
    return np.random.default_rng(5).integers(0, 255, (count, height, width, 3), dtype=np.uint8)


def test_open_clip_is_imported_once_whether_or_not_torchvision_brings_its_operators() -> None:
    assert import_open_clip() is import_open_clip()
    for name in ("nms", "qnms"):
        schema = str(getattr(torch.ops.torchvision, name).default._schema)
        assert schema == f"torchvision::{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def test_frames_are_embedded_as_open_clip_does_it_but_not_normalised(tiny: str) -> None:
    torch.manual_seed(1)
    backbone: Backbone = OpenClipBackbone(tiny, None)
    assert isinstance(backbone, OpenClipBackbone)
    frames = pictures(35)
    found = backbone.encode_frames(frames)
    assert found.shape == (35, backbone.width) == (35, 24)
    assert found.dtype == np.float32
    transform = import_open_clip().image_transform(
        SIZE, is_train=False, mean=backbone.input.mean, std=backbone.input.std
    )
    batch = torch.stack([transform(Image.fromarray(frame)) for frame in frames])
    with torch.no_grad():
        expected = backbone.model.encode_image(batch).numpy()  # type: ignore[operator]
        unit = backbone.model.encode_image(batch, normalize=True).numpy()  # type: ignore[operator]
    assert np.allclose(found, expected, atol=1e-5)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    assert np.abs(lengths - 1).max() > 0.1
    assert np.allclose(found / lengths, unit, atol=1e-5)


def test_texts_are_embedded_as_open_clip_does_it_but_not_normalised(tiny: str) -> None:
    backbone = OpenClipBackbone(tiny, None)
    texts = [f"a photo of {number} dogs" for number in range(40)] + ["long " * 100]
    found = backbone.encode_texts(texts)
    tokens = import_open_clip().get_tokenizer(tiny)(texts)
    with torch.no_grad():
        expected = backbone.model.encode_text(tokens).numpy()  # type: ignore[operator]
    assert found.dtype == np.float32
    assert np.allclose(found, expected, atol=1e-5)
    assert np.abs(np.linalg.norm(found, axis=1) - 1).max() > 0.1


def test_nothing_to_embed_gives_no_rows(tiny: str) -> None:
    backbone = OpenClipBackbone(tiny, None)
    assert backbone.encode_texts([]).shape == (0, 24)
    assert backbone.encode_frames(pictures(0)).shape == (0, 24)


def test_a_frame_of_another_shape_is_cropped_and_resized_as_open_clip_does_it(tiny: str) -> None:
    backbone = OpenClipBackbone(tiny, None)
    wide = np.repeat(np.repeat(pictures(1), 2, axis=1), 3, axis=2)
    with torch.inference_mode():
        wanted = backbone.model.encode_image(own_transform(backbone.input)(wide[0])[None]).numpy()
    assert lowest_cosine(backbone.encode_frames(wide), wanted) >= 0.9999


def test_the_identity_follows_the_weights(tiny: str, tmp_path: Path) -> None:
    torch.manual_seed(2)
    one = OpenClipBackbone(tiny, None)
    torch.manual_seed(2)
    same = OpenClipBackbone(tiny, None)
    torch.manual_seed(3)
    other = OpenClipBackbone(tiny, None)
    assert one.identity == same.identity
    assert one.identity.startswith("tiny-backbone-random-")
    assert one.identity != other.identity
    torch.save(one.model.state_dict(), tmp_path / "weights.pt")
    loaded = OpenClipBackbone(tiny, str(tmp_path / "weights.pt"))
    assert loaded.identity.rsplit("-", 1)[1] == one.identity.rsplit("-", 1)[1]
    assert np.allclose(loaded.encode_frames(pictures(2)), one.encode_frames(pictures(2)), atol=1e-6)


def test_an_unknown_model_or_weights_are_told_in_a_sentence(tiny: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="“no-such-model” with the weights “None” cannot be loaded"):
        OpenClipBackbone("no-such-model", None)
    with pytest.raises(ModelError, match="cannot be loaded"):
        OpenClipBackbone(tiny, str(tmp_path / "absent.pt"))
    hostile = tmp_path / "hostile.pt"
    torch.save({"state_dict": Path("x")}, hostile)  # an object that only pickle can bring back
    with pytest.raises(ModelError, match="cannot be loaded"):
        OpenClipBackbone(tiny, str(hostile))


def test_pictures_are_prepared_as_the_model_says_and_an_exported_bundle_does(tiny: str) -> None:
    model = import_open_clip().create_model(tiny)
    for settings in ({}, {"resize_mode": "squash", "interpolation": "bilinear", "mean": (0.5, 0.4, 0.3)}):
        model.visual.preprocess_cfg.update(settings)
        found = image_input(model)
        exported = open_clip_spec(model, name="tiny", version="1", licence="MIT", source="made")
        assert (found.spec, found.mean, found.std) == (exported.image, exported.mean, exported.std)
    assert found.spec == ImageSpec(SIZE, "squash", "linear")
    assert found.mean == (0.5, 0.4, 0.3)
    sound = dict(model.visual.preprocess_cfg)
    for change in ({"resize_mode": "longest"}, {"size": (32, 48)}, {"interpolation": "random"}):
        model.visual.preprocess_cfg = {**sound, **change}
        with pytest.raises(ModelError, match="which Reelfind does not do"):
            image_input(model)


def test_a_bundle_is_embedded_as_the_program_does_it(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "bundle")
    backbone: Backbone = BundleBackbone(folder)
    bundle = load_bundle(folder)
    assert (backbone.identity, backbone.width) == (bundle.identity, bundle.embedding_width)
    assert backbone.image_size == bundle.image.size
    frames = pictures(3, 40, 60)
    assert np.array_equal(backbone.encode_frames(frames), FrameEncoder(bundle).encode(frames))
    texts = ["red green", "blue"]
    assert np.array_equal(backbone.encode_texts(texts), TextEncoder(bundle).encode(texts))
    with pytest.raises(ModelError):
        BundleBackbone(tmp_path)
