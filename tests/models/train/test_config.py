"""Configurations: the paper's numbers by default, and one sentence for every mistake in a file."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

from app.errors import UsageError
from models.heads.stochastic import Prior
from models.heads.tmass import TMassConfig
from models.train.config import DataConfig, HeadConfig, LossConfig, OptimiserConfig, TrainConfig
from models.train.config_file import RunConfig, read_config


def read(folder: Path, text: str) -> RunConfig:
    path = folder / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def test_the_defaults_are_the_released_recipe() -> None:
    config = TrainConfig()
    assert config.seed == 24
    assert asdict(config.head) == {
        "frames": 12, "heads": 1, "dropout": 0.3, "temperature": 1.0, "radius": "linear", "samples": 20,
        "soft_maximum_weight": 0.0, "soft_maximum_gain": 20.0,
    }  # fmt: skip
    assert (config.prior.kind, config.prior.scale) == ("uniform", 1.0)
    assert config.loss == LossConfig(stochastic=True, support=True, plain=False, support_weight=0.8)
    assert asdict(config.optimiser) == {
        "batch": 32, "epochs": 5, "steps": 0, "captions": "every", "head_learning_rate": 3e-5,
        "encoder_learning_rate": 1e-6, "weight_decay": 0.2, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6,
        "warm_up": 0.1, "clip_norm": 1.0,
    }  # fmt: skip
    assert config.average_decay == 0
    assert config.logit_scale.initial == 100


def test_an_empty_file_is_the_default(tmp_path: Path) -> None:
    run = read(tmp_path, "")
    assert run.train == TrainConfig()
    assert (run.data.split, run.test.split) == ("train", "test")


def test_every_table_is_read(tmp_path: Path) -> None:
    run = read(
        tmp_path,
        """
        seed = 7
        [data]
        dataset = "csv"
        annotations = "train.csv"
        videos = "/far/videos"
        [test]
        split = "val"
        [backbone]
        bundle = "model"
        [augment]
        mirror = false
        [head]
        radius = "cos"
        dropout = 0
        [prior]
        kind = "normal"
        scale = 3e-3
        [loss]
        support = false
        [logit_scale]
        learned = false
        [optimiser]
        steps = 12
        [progress]
        report_every = 3
        """,
    )
    assert run.data == DataConfig("csv", "train.csv", "/far/videos", "train")
    assert run.test.split == "val"
    assert run.path(run.data.annotations) == tmp_path / "train.csv"
    assert run.path(run.data.videos) == Path("/far/videos")
    assert run.backbone.bundle == "model"
    assert not run.augment.mirror
    train = run.train
    assert train.head == HeadConfig(radius="cos", dropout=0.0)
    assert isinstance(train.head.dropout, float)
    assert not train.loss.support
    assert not train.logit_scale.learned
    assert train.optimiser == OptimiserConfig(steps=12)
    assert train.progress.report_every == 3
    assert train.head_of(8) == TMassConfig(
        width=8, radius="cos", dropout=0.0, prior=Prior("normal", 3e-3), seed=7
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seeds = 1", "“seeds” is not a setting. Known here: seed, device, average_decay, head, prior"),
        ("[head]\nradios = 'cos'", "“head.radios” is not a setting. Known here: frames, heads"),
        ("[backbones]\nbundle = 'x'", "“backbones” is not a setting"),
        ("[head]\nframes = 12.0", "“head.frames” is 12.0. Give a whole number."),
        ("[head]\nframes = true", "“head.frames” is True. Give a whole number."),
        ("[loss]\nplain = 1", "“loss.plain” is 1. Give true or false."),
        ("[head]\nradius = 'square'", "“head.radius” is 'square'. Choose one of none, cos, scalar, linear."),
        ("[head]\nradius = ['cos']", r"“head.radius” is \['cos'\]"),
        ("[data]\nsplit = 3", "“data.split” is 3. Give a text in quotes."),
        ("[prior]\nscale = 'wide'", "“prior.scale” is 'wide'. Give a number."),
        ("head = 3", "“head” is not a table."),
        ("data = 3", "“data” is not a table."),
        ("test = 3", "“test” is not a table."),
        ("[optimiser]\nbatch = 1", "“optimiser.batch” is 1; 2 to"),
        ("[head]\ndropout = 1.5", "“head.dropout” is 1.5; 0 to 0.99 is possible."),
        ("[head]\ndropout = nan", "“head.dropout” is nan"),
        ("seed = -1", "“seed” is -1"),
        ("[loss]\nstochastic = false\nsupport = false", "Every term of the loss is switched off."),
        ("[head", "cannot be read"),
        ("seed = 1\nseed = 2", "cannot be read"),
    ],
)
def test_a_mistake_gives_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read(tmp_path, text)


def test_files_that_cannot_be_read_give_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_config(tmp_path / "absent.toml")
    (tmp_path / "latin.toml").write_bytes(b'[data]\ndataset = "\xe9"')
    with pytest.raises(UsageError, match="cannot be read"):
        read_config(tmp_path / "latin.toml")


def test_the_identity_follows_what_decides_the_result() -> None:
    config = TrainConfig()
    assert config.identity("a") == TrainConfig().identity("a")
    assert config.identity("a") != config.identity("b")
    assert config.identity() != replace(config, seed=25).identity()
    assert config.identity() != replace(config, loss=LossConfig(plain=True)).identity()
    assert config.identity() == replace(config, device="cpu").identity()
