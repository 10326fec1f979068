"""Pocket's lessons in a parcel: what is read from it is what was packed, and runs learn from it."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnxscript")

import torch

from models.pocket.networks.efficientnet import CLASSES, POOLED, EfficientNetLite0
from models.pocket.networks.towers import read_towers, write_towers
from models.pocket.parcel import __main__ as command
from models.pocket.parcel.packing import write_parcel
from models.pocket.parcel.unpacking import unpack
from models.pocket.pictures.data import read_encoded
from tests.models.pocket_world import CPU, World


def packed(world: World) -> Path:
    torch.manual_seed(4)
    networks = {"trunk": EfficientNetLite0(), "classes": torch.nn.Linear(POOLED, CLASSES)}
    folder = world.folder / "parcel"
    contents = read_encoded(world.folder / "training", world.pictures)
    write_parcel(world.material(), world.pool(), contents, networks, folder)
    return folder


def test_a_parcel_holds_what_a_run_learns_from(world: World) -> None:
    parcel = unpack(packed(world), 32, CPU)
    lessons, given = parcel.lessons, world.lessons
    assert torch.equal(lessons.pixels, given.pixels)
    assert torch.equal(lessons.sentences.tokens, given.sentences.tokens)
    assert torch.equal(lessons.sentences.lengths, given.sentences.lengths)
    assert torch.equal(lessons.phrase_numbers, given.phrase_numbers)
    assert torch.equal(lessons.classifier.names, given.classifier.names)
    for field in ("numbers", "classes", "told"):
        assert torch.equal(getattr(lessons.general, field), getattr(given.general, field))
    for ours, theirs in (
        (lessons.phrases.of_picture, given.phrases.of_picture),
        (parcel.pool.words.texts_of, world.words.texts_of),
    ):
        assert [row.tolist() for row in ours] == [row.tolist() for row in theirs]
    pool = world.pool()
    for field in ("captioned", "labelled", "odds", "near", "share", "size"):
        assert np.array_equal(getattr(parcel.pool, field), getattr(pool, field)), field
    for field in ("groups", "label_of", "labels_met"):
        assert np.array_equal(getattr(parcel.pool.words, field), getattr(world.words, field)), field
    for name, value in given.teacher.state_dict().items():
        assert torch.allclose(lessons.teacher.state_dict()[name], value, atol=0.02), name


def test_a_parcel_with_a_picture_too_few_is_not_written(world: World) -> None:
    with pytest.raises(ValueError, match="8 pictures are known, 1 were read"):
        write_parcel(world.material(), world.pool(), [b"one"], {}, world.folder / "parcel")
    assert not (world.folder / "parcel" / "words.npz").exists()


@pytest.mark.parametrize(
    ("seconds", "runs", "steps"),
    [(1_060, 2, 500), (1_060, 5, 500), (510, 5, 480), (250, 5, 220), (30, 5, 0), (0, 2, 0)],
)
def test_fewer_runs_share_what_is_too_little_for_all(seconds: float, runs: int, steps: int) -> None:
    assert command.Pace(step=1.0, beside=30.0).steps_of_next(seconds, runs) == steps


def test_runs_are_trained_from_a_parcel_while_time_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "LONG", 4)
    out = world.folder / "out"
    runs = command.train_runs(world.config, packed(world), out, 600.0, 3)
    first = next(runs)
    both = next(runs)
    assert both.image.head.up.out_features == 2 * first.image.head.up.out_features
    kept = read_towers(world.config, out / "merged.pt")
    assert torch.allclose(kept.image.head.up.weight, both.image.head.up.weight, rtol=1e-2, atol=1e-2)
    (out / "seconds").write_text("0")
    assert list(runs) == []
    said = capsys.readouterr().out
    assert f"run 2: {world.config.joint_stage.steps} steps" in said
    assert "run 3: no time left" in said
    assert not (out / "run-3").exists()


def test_trained_runs_are_joined_where_the_parcel_is(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = packed(world), world.folder / "out"
    runs = [world.folder / f"run-{number}.pt" for number in (1, 2)]
    for path in runs:
        write_towers(world.towers(), path)
    joined = command.join_runs(world.config, folder, out, runs)
    assert joined.image.head.up.out_features == 2 * world.config.image.head_width
    kept = read_towers(world.config, out / "joined.pt")
    assert torch.allclose(kept.text.head.up.weight, joined.text.head.up.weight, rtol=1e-2, atol=1e-2)
    assert "images: step 2 of 2" in capsys.readouterr().out
    command.join_runs(world.config, folder, out, runs)
    assert "step" not in capsys.readouterr().out, "what has ended is read from its checkpoint"
