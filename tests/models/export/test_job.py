"""The command, from a name to a bundle: from a hub on this computer, from files, with random weights."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save as to_safetensors
from torch import nn

from app.bundle.encoder_bundle import ImageSpec, load_bundle
from app.errors import ModelError, ReelfindError, UsageError
from app.model_intake.making.parity import Parity, lowest_cosine
from app.model_intake.making.sample_pictures import read_pictures, sample_pictures
from app.runtime.encoders import FrameEncoder, TextEncoder
from models.export import __main__ as command
from models.export import job
from models.export.weights.loading import build_model, load_weights
from models.export.weights.registry import look_up
from models.open_clip_setup import import_open_clip
from tests.model_intake.hub_server import LocalHub, local_hub

NAME, REPOSITORY = "tiny-export", "somebody/tiny"
CONFIG = {
    "embed_dim": 48,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "head_width": 64, "patch_size": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 1, "layers": 1},
}
TAG = {"hf_hub": f"{REPOSITORY}/", "quick_gelu": True, "mean": (0.5, 0.4, 0.3), "resize_mode": "squash"}


@pytest.fixture(scope="module", autouse=True)
def registered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """open_clip knows `tiny-export:made` for as long as these tests run."""
    open_clip = import_open_clip()
    path = tmp_path_factory.mktemp("configs") / f"{NAME}.json"
    path.write_text(json.dumps(CONFIG))
    open_clip.add_model_config(path)
    open_clip.pretrained._PRETRAINED[NAME] = {"made": TAG}
    yield
    open_clip.factory._MODEL_CONFIG_PATHS.remove(path)
    del open_clip.factory._MODEL_CONFIGS[NAME], open_clip.pretrained._PRETRAINED[NAME]


@pytest.fixture(scope="module")
def model() -> nn.Module:
    """The published one, with weights that are large enough to matter."""
    made = build_model(look_up(f"{NAME}:made", needs_tag=True), seed=4)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return made


@pytest.fixture(scope="module")
def hub(model: nn.Module) -> Iterator[LocalHub]:
    state = {key: tensor.contiguous() for key, tensor in model.state_dict().items()}
    with local_hub() as served:
        served.large[f"{REPOSITORY}/open_clip_model.safetensors"] = to_safetensors(state)
        yield served


@pytest.fixture
def request_(tmp_path: Path) -> job.Request:
    return job.Request(NAME, tmp_path / "out", tmp_path / "cache", hub="http://localhost:1")


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[tuple[nn.Module, Any]]:
    """What would have been exported, where the graphs do not matter."""
    models: list[tuple[nn.Module, Any]] = []

    def keep(model: nn.Module, spec: Any, *_others: Any, **_more: Any) -> Parity:
        models.append((model, spec))
        return Parity(1.0, 1.0, 1, 1)

    monkeypatch.setattr(job, "export_bundle", keep)
    monkeypatch.setattr(job, "load_bundle", lambda folder: None)
    return models


def silent(_stage: str, _done: int, _total: int | None) -> None:
    pass


@torch.inference_mode()
def test_from_the_hub_to_a_bundle_that_gives_the_models_numbers(
    hub: LocalHub, model: nn.Module, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for number, picture in enumerate(sample_pictures(40, 12)):
        Image.fromarray(picture).save(photos / f"{number:02}.png")
    out = tmp_path / "bundle"
    arguments = [f"{NAME}:made", "--out", out, "--cache", tmp_path / "cache", "--pictures", photos]
    arguments += ["--hub", hub.address, "--variants", "int8", "--progress"]
    command.main([str(argument) for argument in arguments])

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[-1] == {"stage": "done", "name": "tiny-export-made"}
    stages = list(dict.fromkeys(line["stage"] for line in lines))
    assert stages == ["download", "load", "export image", "export text", "check", "int8", "done"]
    ends = {line["stage"]: line["done"] == line["total"] for line in lines[:-1]}
    assert all(ends.values())

    bundle = load_bundle(out)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (bundle.name, bundle.licence, bundle.title) == (
        "tiny-export-made",
        "unknown; see source",
        "tiny-export (made)",
    )
    assert REPOSITORY in manifest["source"]
    assert manifest["weights"]["source"] == "made"
    assert bundle.image == ImageSpec(32, "squash", "cubic")
    assert bundle.parity["float32"]["pictures"] == 12
    assert "int8" in bundle.parity

    pictures = read_pictures(photos)
    own = import_open_clip().image_transform(
        32, is_train=False, mean=TAG["mean"], resize_mode="squash", interpolation="bicubic"
    )
    wanted = model.encode_image(torch.stack([own(Image.fromarray(picture)) for picture in pictures])).numpy()
    encoder = FrameEncoder(bundle, threads=1, variant="float32")
    ours = np.concatenate([encoder.encode(picture[None]) for picture in pictures])
    assert lowest_cosine(ours, wanted) >= 0.9999
    texts = ["a dog on a beach", "", "кот"]
    said = model.encode_text(import_open_clip().SimpleTokenizer()(texts)).numpy()
    assert lowest_cosine(TextEncoder(bundle, threads=1, variant="float32").encode(texts), said) >= 0.9999


@pytest.mark.parametrize("ending", ["safetensors", "pt"])
def test_a_checkpoint_is_loaded_with_what_the_tag_says(
    ending: str, model: nn.Module, request_: job.Request, kept: list[tuple[nn.Module, Any]], tmp_path: Path
) -> None:
    path = tmp_path / f"My weights.{ending}"
    if ending == "pt":
        torch.save({"epoch": 3, "state_dict": model.state_dict()}, path)
    else:
        state = {key: tensor.contiguous() for key, tensor in model.state_dict().items()}
        path.write_bytes(to_safetensors(state))
    wanted = replace(request_, name=f"{NAME}:made", checkpoint=path, licence="CC-BY-4.0")
    assert job.export_model(wanted, silent).name == "tiny-export-my-weights"
    ((loaded, spec),) = kept
    assert all(torch.equal(tensor, model.state_dict()[key]) for key, tensor in loaded.state_dict().items())
    assert (spec.licence, spec.mean, spec.image.resize) == ("CC-BY-4.0", TAG["mean"], "squash")
    assert spec.weights_file.source == path.name
    assert len(spec.weights_file.sha256) == 64


def test_random_weights_are_those_of_their_seed(
    request_: job.Request, kept: list[tuple[nn.Module, Any]]
) -> None:
    for seed in (1, 1, 2):
        job.export_model(replace(request_, seed=seed), silent)
    first, again, other = (model.state_dict()["visual.proj"] for model, _ in kept)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert [spec.name for _, spec in kept] == [f"tiny-export-random-{seed}" for seed in (1, 1, 2)]
    assert kept[0][1].weights_file is None


class Opaque:
    """What only pickle can bring back."""


def test_files_that_are_no_plain_weights_are_refused(model: nn.Module, tmp_path: Path) -> None:
    fresh = build_model(look_up(NAME, needs_tag=False))
    hostile, cut, other = (tmp_path / f"{name}.pt" for name in ("hostile", "cut", "other"))
    torch.save({"state_dict": Opaque()}, hostile)
    torch.save(model.state_dict(), cut)
    cut.write_bytes(cut.read_bytes()[:5000])
    torch.save({"state_dict": {"visual.proj": torch.zeros(3)}}, other)
    for path, sentence in (
        (hostile, "holds more than numbers"),
        (cut, "does not give the weights"),
        (other, "does not give the weights of “tiny-export”"),
    ):
        with pytest.raises(ModelError, match=sentence):
            load_weights(fresh, path, NAME)
    for path in (tmp_path / "absent.pt", tmp_path):
        with pytest.raises(UsageError, match="no file of weights"):
            load_weights(fresh, path, NAME)


def test_a_torchscript_program_is_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "ViT-B-32.pt"
    path.write_bytes(b"program")
    said = "Cannot use ``weights_only=True`` with TorchScript archives passed to ``torch.load``."

    def refuse(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr(torch, "load", refuse)
    with pytest.raises(ModelError, match="TorchScript program"):
        load_weights(build_model(look_up(NAME, needs_tag=False)), path, NAME)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "no-such"}, "no model “no-such”"),
        ({"name": f"{NAME}:other"}, "no weights “other”"),
        ({"seed": 1, "checkpoint": Path("x.pt")}, "at once"),
        ({"seed": 1, "licence": "x" * 201}, "licence"),
        ({"seed": 1, "licence": "two\nlines"}, "licence"),
        ({"seed": 1, "pictures": Path("nowhere")}, "no picture"),
    ],
)
def test_requests_that_make_no_sense_are_refused(
    changes: dict[str, Any], sentence: str, request_: job.Request
) -> None:
    with pytest.raises(UsageError, match=sentence):
        job.export_model(replace(request_, **changes), silent)


def test_weights_that_are_gone_are_named(request_: job.Request) -> None:
    with local_hub() as empty, pytest.raises(ModelError, match="not where open_clip says"):
        job.export_model(replace(request_, name=f"{NAME}:made", hub=empty.address), silent)


def test_an_error_is_a_line_of_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        command.main(["no-such", "--out", str(tmp_path), "--progress"])
    assert left.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert "no-such" in told["error"]
    assert told["advice"]
    with pytest.raises(SystemExit) as left:
        command.main(["no-such", "--out", str(tmp_path), "--variants", "int4"])
    assert left.value.code == UsageError.exit_code
    assert "int4" in capsys.readouterr().err


def test_without_torch_a_sentence_says_what_to_install() -> None:
    """In a process of its own, which cannot import torch."""
    program = (
        "import sys, importlib.util as u; real = u.find_spec\n"
        "sys.modules['torch'] = None\n"
        "u.find_spec = lambda name, *more: None if name == 'torch' else real(name, *more)\n"
        "from models.export.__main__ import main; main(['ViT-B-32', '--out', 'x', '--progress'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert "torch" in told["error"]
    assert "reelfind[models]" in told["advice"]


def test_reports_of_a_download_are_few_but_its_end_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = command._Told(sys.stdout, as_json=True)
    for done in range(0, 1001):
        told("download", done, 1000)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["done"] == 0
    assert lines[-1]["done"] == 1000
    assert len(lines) < 100


def test_pictures_are_read_by_name_and_broken_ones_left_out(tmp_path: Path) -> None:
    for number in (2, 1):
        Image.new("RGB", (4, 3), (number, 0, 255)).save(tmp_path / f"{number}.png")
    (tmp_path / "0.jpg").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("no picture")
    first, second = read_pictures(tmp_path)
    assert first.shape == (3, 4, 3)
    assert (first[0, 0].tolist(), second[0, 0].tolist()) == ([1, 0, 255], [2, 0, 255])
    assert len(read_pictures(tmp_path, 1)) == 1
    with pytest.raises(ReelfindError):
        read_pictures(tmp_path / "absent")
