"""A head for any bundle out of captioned pictures: `python -m models.train --bundle … --pseudo …`."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("matplotlib")

from app.bundle.encoder_bundle import load_bundle
from app.bundle.sampling_head import load_head
from app.engines.scorer_names import SCORERS
from app.errors import UsageError
from models.datasets.backbones import BundleBackbone
from models.datasets.pseudo_videos import MixtureConfig, PseudoVideos
from models.heads.stochastic import Prior
from models.heads.tmass import TMassConfig, TMassHead
from models.train.__main__ import main
from models.train.outputs.bundle_files import put_files
from models.train.pseudo import CaptionedPictures, PseudoRecipe, films_of, mixed, train_pseudo_head
from tests.bundles import WIDTH, make_bundle
from tests.models.datasets.test_pseudo_videos import made_films
from tests.models.test_pocket_data import record, write_training
from tests.models.train.commands import make_dataset

RECIPE = """
device = "cpu"
[head]
frames = 4
samples = 5
[optimiser]
batch = 4
steps = 3
"""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    records = [
        record(f"{part}{number}.png", captions=[f"a red {part} {number}", "a blue one"])
        | {"split": "heldout" if part == "heldout" else "train", "f8k_split": part}
        for part in ("train", "dev", "heldout")
        for number in range(4)
    ]
    records.append(record("label.png", kind="food", label="pie"))
    return write_training(tmp_path / "pictures", records)


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def bare_bundle(folder: Path, **more: str) -> Path:
    """A bundle without a calibration and with a file of its own, as an exported model has."""
    make_bundle(folder, size=48, **more)
    (folder / "calibration.json").unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"]["calibration.json"]
    manifest["parity"] = {}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    put_files(folder, {"LICENCE.txt": b"free"})
    return folder


def test_a_bundle_gets_a_head_and_what_scores_mean(
    tmp_path: Path, pictures: Path, recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = bare_bundle(tmp_path / "bundle", resize="crop")
    before = load_bundle(bundle)
    command = ["--bundle", str(bundle), "--pseudo", str(pictures), "--config", str(recipe)]
    command += ["--work", str(tmp_path / "work")]
    assert main([*command, "--out", str(tmp_path / "out" / "head.npz")]) == 0
    said = capsys.readouterr().out
    assert "films: 8 of 8 pictures" in said
    assert "step 3 of 3: loss" in said
    after = load_bundle(bundle)
    assert after.identity == before.identity
    assert set(after.hashes) == {*before.hashes, "tmass.npz", "calibration.json"}
    assert set(after.calibration.scorers) == set(SCORERS)
    head = load_head(after)
    assert head is not None
    assert (head.width, head.frames, len(head.samples)) == (WIDTH, 4, 5)
    assert 0 < head.soft_maximum_weight < 1
    assert not list(bundle.glob("*.part"))
    assert (tmp_path / "out" / "head.npz").read_bytes() == (bundle / "tmass.npz").read_bytes()

    written = {path.name: path.read_bytes() for path in bundle.iterdir()}
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "films" not in said  # everything was there
    assert "step" not in said
    assert {path.name: path.read_bytes() for path in bundle.iterdir()} == written


def test_a_real_data_set_trains_a_head_into_a_bundle(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle")
    measured = load_bundle(bundle).calibration
    config = make_dataset(tmp_path / "data")
    lines = config.read_text("utf-8").splitlines()
    config.write_text("\n".join(line for line in lines if "bundle" not in line), "utf-8")
    command = ["--bundle", str(bundle), "--config", str(config), "--work", str(tmp_path / "work")]
    assert main(command) == 0
    after = load_bundle(bundle)
    assert load_head(after) is not None
    assert set(after.calibration.scorers) == set(SCORERS)
    assert after.calibration.unmatched_std == measured.unmatched_std  # what was said of cosines stays

    before, test, rest = config.read_text("utf-8").partition("[test]")
    config.write_text(before + test + rest.replace('dataset = "csv"', "", 1), "utf-8")
    assert main(command) == 0
    left = load_bundle(bundle).calibration.scorers
    assert set(left) == set(SCORERS) - {"t-mass"}


def test_texts_of_any_length_get_the_same_head(tmp_path: Path, pictures: Path) -> None:
    """The prior is a share of the text's length: an encoder of short texts is not drowned in samples."""
    backbone = BundleBackbone(make_bundle(tmp_path / "bundle", size=48), threads=1)
    recipe = PseudoRecipe()
    optimiser = replace(recipe.train.optimiser, batch=4, steps=3)
    recipe = replace(recipe, train=replace(recipe.train, optimiser=optimiser, device="cpu"))
    head = train_pseudo_head(recipe, backbone, CaptionedPictures(pictures), tmp_path / "work")
    films = films_of(
        CaptionedPictures(pictures), tmp_path / "work", backbone, ("train", "dev"), recipe.camera
    )
    length = float(np.median(np.linalg.norm(films.texts, axis=1)))
    assert head.config.prior.scale == pytest.approx(0.05 * length / (0.75 * WIDTH**0.5), rel=1e-5)


def test_both_parts_of_the_score_spread_alike_whatever_the_scale_of_the_cosines() -> None:
    films = made_films(60)
    draw = np.random.default_rng(0)
    frames = draw.normal(size=films.frames.shape).astype(np.float16)
    texts = draw.normal(size=films.texts.shape).astype(np.float32)
    found = []
    for common in (0.0, 6.0):  # a common direction squeezes the cosines together
        shift = np.zeros(films.frames.shape[2], np.float32)
        shift[0] = common
        some = replace(films, frames=(frames + shift).astype(np.float16), texts=texts + shift)
        head = TMassHead(TMassConfig(films.frames.shape[2], dropout=0.0, prior=Prior("normal", 0.01))).eval()
        found.append(mixed(head, PseudoRecipe(), PseudoVideos(some, MixtureConfig())).config)
    wide, narrow = found
    assert narrow.soft_maximum_gain > 2 * wide.soft_maximum_gain
    assert all(0.2 < config.soft_maximum_weight < 0.95 for config in found)
    fixed = mixed(TMassHead(wide), PseudoRecipe(soft_maximum=0.5), PseudoVideos(films, MixtureConfig()))
    assert fixed.config.soft_maximum_weight == 0.5


def test_fewer_pictures_are_spread_over_all(pictures: Path) -> None:
    everything = CaptionedPictures(pictures).of(("train", "dev"))
    assert len(everything) == 8  # none that is held out, none without captions
    some = CaptionedPictures(pictures, most=3).of(("train", "dev"))
    assert [picture.name for picture in some] == [everything[row].name for row in (0, 3, 7)]
    with pytest.raises(UsageError, match="has 0 captioned pictures"):
        CaptionedPictures(pictures, source="elsewhere").of(("heldout",))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "There is nothing to train on."),
        (["--pseudo", "x"], "No bundle is named"),
        (["--bundle", "BUNDLE", "--pseudo", "nowhere"], "“nowhere” holds no captioned pictures"),
        (["--bundle", "nowhere", "--pseudo", "x"], "There is no search model"),
        (["--bundle", "BUNDLE", "--config", "DATA"], "The configuration names a backbone"),
    ],
)
def test_a_mistake_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    config = tmp_path / "own.toml"
    config.write_text("[backbone]\nopen_clip = 'x'\n", encoding="utf-8")
    named = {"BUNDLE": str(make_bundle(tmp_path / "bundle")), "DATA": str(config)}
    given = [named.get(argument, argument) for argument in arguments]
    assert main([*given, "--work", str(tmp_path / "work")]) != 0
    said = capsys.readouterr()
    assert said.err.startswith(message)
    assert said.err.count("\n") == 1
