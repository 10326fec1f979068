"""A checkpoint is a stranger's file: nothing in it runs, and what does not fit is named in one sentence."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from app.errors import ModelError
from models.authors.__main__ import main
from models.authors.bundle import ImportSettings, import_checkpoint
from models.authors.checkpoint import read_checkpoint
from models.authors.clip import take_clip
from models.authors.head import take_head
from models.heads.stochastic import Prior
from tests.models.authors.released import (
    EMBEDDING,
    FRAMES,
    State,
    pooled,
    released_state,
    save,
    score,
)


@pytest.fixture(scope="module")
def state() -> State:
    return released_state()


class Intruder:
    """Unpickled the old way, it makes a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (self.target,)


def refused(path: Path, sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence) as caught:
        import_checkpoint(path, path.parent / "bundle", ImportSettings())
    assert caught.value.advice
    assert "\n" not in str(caught.value)
    assert not (path.parent / "bundle" / "manifest.json").exists()


def test_a_program_in_the_file_does_not_run(state: State, tmp_path: Path) -> None:
    target = tmp_path / "ran"
    path = save(state, tmp_path / "model_best.pth", config=Intruder(target))
    refused(path, "reading it could run a program")
    assert not target.exists()
    torch.load(path, weights_only=False)
    assert target.exists()  # it would have


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_a_file_that_was_cut_off_is_refused(state: State, tmp_path: Path, share: float) -> None:
    path = save(state, tmp_path / "model_best.pth")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    refused(path, "its end is missing")


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "model_best.pth", "no such file")
    refused(tmp_path, "no such file")
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "hello")
    refused(other, "it is damaged")
    torch.save([1, 2, 3], tmp_path / "list.pth")
    refused(tmp_path / "list.pth", "no “state_dict” of tensors")
    torch.save({"state_dict": {"a": 1}}, tmp_path / "numbers.pth")
    refused(tmp_path / "numbers.pth", "no “state_dict” of tensors")


def test_a_damaged_pickle_is_refused(state: State, tmp_path: Path) -> None:
    whole, path = save(state, tmp_path / "whole.pth"), tmp_path / "model_best.pth"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(
                entry, content[: len(content) // 2] if entry.filename.endswith(".pkl") else content
            )
    refused(path, "cannot be read|could run")


@pytest.mark.parametrize(
    "key",
    [
        "clip.vision_model.embeddings.patch_embedding.weight",
        "clip.vision_model.pre_layrnorm.bias",
        "clip.text_model.encoder.layers.1.self_attn.k_proj.weight",
        "clip.text_projection.weight",
        "pool_frames.cross_attn.out_proj.bias",
        "pool_frames.layer_norm3.weight",
        "stochastic.std_branch.linear_proj.weight",
    ],
)
def test_a_missing_tensor_is_named(state: State, tmp_path: Path, key: str) -> None:
    path = save({name: value for name, value in state.items() if name != key}, tmp_path / "model_best.pth")
    refused(path, rf"{key} is missing")


def test_a_tower_without_layers_is_refused(state: State, tmp_path: Path) -> None:
    kept = {name: value for name, value in state.items() if "text_model.encoder" not in name}
    refused(save(kept, tmp_path / "model_best.pth"), r"clip\.text_model\.encoder\.layers\.0 is missing")


def test_unknown_tensors_are_named(state: State, tmp_path: Path) -> None:
    one = state | {"clip.adapter.weight": torch.zeros(2)}
    refused(save(one, tmp_path / "one.pth"), r"released them: clip\.adapter\.weight have no place")
    many = state | {f"extra.{number}": torch.zeros(1) for number in range(9)}
    refused(save(many, tmp_path / "many.pth"), r"extra\.0, extra\.1, extra\.2 and 6 more have no place")


@pytest.mark.parametrize(
    ("key", "shape", "sentence"),
    [
        ("clip.vision_model.embeddings.patch_embedding.weight", (64, 3, 16), "has 3 axes, not 4"),
        ("clip.vision_model.embeddings.patch_embedding.weight", (64, 4, 16, 16), "takes 4 channels"),
        ("clip.vision_model.embeddings.position_embedding.weight", (4, 64), "make no square"),
        ("clip.text_model.embeddings.token_embedding.weight", (100, 64), "100 tokens, not 49408"),
        ("clip.text_model.embeddings.token_embedding.weight", (49408, 65), "no multiple of 64"),
        ("clip.vision_model.encoder.layers.0.mlp.fc1.weight", (100, 64), "inner width"),
        ("clip.text_model.encoder.layers.1.mlp.fc1.weight", (100, 64), r"is \(100, 64\), not \(256, 64\)"),
        ("clip.text_projection.weight", (32, 64), r"is \(32, 64\), not \(48, 64\)"),
        ("pool_frames.linear_proj.weight", (48, 64), r"is \(48, 64\), not \(48, 48\)"),
        ("stochastic.std_branch.linear_proj.bias", (1,), r"is \(1,\)"),
    ],
)
def test_a_tensor_of_another_shape_is_named(
    state: State, tmp_path: Path, key: str, shape: tuple[int, ...], sentence: str
) -> None:
    refused(save(state | {key: torch.zeros(shape)}, tmp_path / "model_best.pth"), sentence)


def test_the_sizes_are_those_of_the_tensors(state: State, tmp_path: Path) -> None:
    larger = dict(state)
    larger["clip.vision_model.embeddings.position_embedding.weight"] = torch.zeros(17, 64)
    checkpoint = read_checkpoint(save(larger, tmp_path / "model_best.pth"))
    model = take_clip(checkpoint)
    assert model.visual.image_size == (64, 64)
    assert len(model.visual.transformer.resblocks) == len(model.transformer.resblocks) == 2
    assert float(model.logit_scale.detach()) == pytest.approx(4.6)


def test_the_torch_head_is_the_checkpoints(state: State, tmp_path: Path) -> None:
    checkpoint = read_checkpoint(save(state, tmp_path / "model_best.pth"))
    head = take_head(checkpoint, EMBEDDING, Prior("normal", 0.003), samples=5, seed=1)
    draw = torch.Generator().manual_seed(9)
    t = torch.randn(3, EMBEDDING, generator=draw)
    f = torch.randn(2, FRAMES, EMBEDDING, generator=draw)
    mask = torch.ones(2, FRAMES, dtype=torch.bool)
    with torch.inference_mode():
        torch.testing.assert_close(
            head.xpool(t, f, mask),
            torch.stack([torch.stack([pooled(state, text, clip) for clip in f]) for text in t]),
            rtol=1e-4,
            atol=1e-4,
        )
    samples = head.draw_samples()
    assert float(samples.std()) == pytest.approx(0.003, rel=0.2)
    ours = head.similarities(t, f, mask, samples=samples).numpy()
    wanted = [[score(state, text, clip, samples) for clip in f] for text in t]
    np.testing.assert_allclose(ours, wanted, atol=1e-5)


def test_the_command_says_what_is_wrong_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path / "model_best.pth"), "--out", str(tmp_path / "bundle")])
    assert stopped.value.code == 1
    assert "cannot be read: there is no such file" in capsys.readouterr().err
