"""The head as an encoder bundle carries it, read back by nothing but numpy and the equations."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from app.errors import ModelError
from models.heads.head_file import write_head
from models.heads.radius import Radius
from models.heads.stochastic import Prior
from models.heads.tmass import TMassConfig, TMassHead
from tests.models.heads.batches import clips, shaken
from tests.models.heads.slow import Array, cosine, pool, radius

CONFIG = TMassConfig(
    width=8,
    frames=6,
    temperature=2.5,
    samples=4,
    seed=9,
    prior=Prior("normal", 0.5),
    soft_maximum_weight=0.25,
)
POOLING = {
    f"{name}_{part}"
    for name in ("ln1", "ln2", "ln3", "q", "k", "v", "o", "linear")
    for part in ("weight", "bias")
}
OF_RADIUS: dict[Radius, set[str]] = {
    "none": set(),
    "cos": set(),
    "scalar": {"radius_theta"},
    "linear": {"radius_weight", "radius_bias"},
}


def head(config: TMassConfig = CONFIG) -> TMassHead:
    made = shaken(TMassHead(config), seed=21)
    assert isinstance(made, TMassHead)
    return made.float().eval()


def read(path: Path) -> dict[str, Array]:
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


@pytest.mark.parametrize("kind", OF_RADIUS)
def test_numpy_alone_scores_from_the_file_as_the_head_does(kind: Radius, tmp_path: Path) -> None:
    module = head(replace(CONFIG, radius=kind, soft_maximum_weight=0.0))
    write_head(module, tmp_path / "tmass.npz")
    arrays = read(tmp_path / "tmass.npz")
    assert set(arrays) == POOLING | OF_RADIUS[kind] | {"samples", "config"}
    assert {array.dtype for name, array in arrays.items() if name != "config"} == {np.dtype(np.float32)}
    weights = {
        name.replace("_", "."): array.astype(np.float64) for name, array in arrays.items() if name in POOLING
    }
    of_radius = {
        name.removeprefix("radius_"): array for name, array in arrays.items() if name in OF_RADIUS[kind]
    }
    t, f, mask = clips(seed=1)
    found = module.similarities(t.float(), f.float(), mask, samples=module.draw_samples())
    for query in range(len(t)):
        for clip in range(len(f)):
            text, real = t[query].numpy(), f[clip][mask[clip]].numpy()
            reach = radius(kind, of_radius, text, real, mask[clip].tolist())
            pooled = pool(weights, text, real, heads=1, temperature=1.0)
            best = max(cosine(text + reach * eps, pooled) for eps in arrays["samples"].astype(np.float64))
            assert float(found[query, clip]) == pytest.approx(best, abs=2e-5)


def test_the_shapes_are_those_of_the_format(tmp_path: Path) -> None:
    write_head(head(), tmp_path / "tmass.npz")
    arrays = read(tmp_path / "tmass.npz")
    for name in POOLING:
        square = name.endswith("weight") and not name.startswith("ln")
        assert arrays[name].shape == ((8, 8) if square else (8,))
    assert arrays["radius_weight"].shape == (6, 8)
    assert arrays["radius_bias"].shape == (8,)
    assert arrays["samples"].shape == (4, 8)


def test_the_temperature_is_in_q_alone(tmp_path: Path) -> None:
    module = head()
    write_head(module, tmp_path / "tmass.npz")
    arrays = read(tmp_path / "tmass.npz")
    for name, factor in {"q": 2.5, "k": 1.0, "v": 1.0, "o": 1.0, "linear": 1.0}.items():
        for part in ("weight", "bias"):
            expected = factor * module.xpool.get_submodule(name).get_parameter(part).detach()
            assert np.array_equal(arrays[f"{name}_{part}"], expected)


def test_the_description_is_json_in_bytes(tmp_path: Path) -> None:
    write_head(head(), tmp_path / "tmass.npz")
    config = read(tmp_path / "tmass.npz")["config"]
    assert config.dtype == np.uint8
    assert json.loads(config.tobytes().decode()) == {
        "format": 1,
        "kind": "tmass",
        "width": 8,
        "frames": 6,
        "radius": "linear",
        "prior": {"kind": "normal", "scale": 0.5},
        "seed": 9,
        "soft_maximum": {"weight": 0.25, "gain": 20.0},
    }


def test_a_head_without_samples_has_an_empty_table(tmp_path: Path) -> None:
    write_head(head(replace(CONFIG, samples=0)), tmp_path / "tmass.npz")
    assert read(tmp_path / "tmass.npz")["samples"].shape == (0, 8)


def test_the_same_head_gives_the_same_bytes_and_replaces_the_old_file(tmp_path: Path) -> None:
    first, second = tmp_path / "one" / "tmass.npz", tmp_path / "two" / "tmass.npz"
    second.parent.mkdir()
    second.write_bytes(b"old")
    write_head(head(), first)
    write_head(head(), second)
    assert first.read_bytes() == second.read_bytes()
    assert [path.name for path in second.parent.iterdir()] == ["tmass.npz"]


def test_more_than_one_attention_head_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="2 attention heads"):
        write_head(head(replace(CONFIG, heads=2)), tmp_path / "tmass.npz")
    assert list(tmp_path.iterdir()) == []


def test_square_matrices_can_be_stored_narrow(tmp_path: Path) -> None:
    module = head()
    write_head(module, tmp_path / "whole.npz")
    write_head(module, tmp_path / "narrow.npz", half=True)
    whole, narrow = read(tmp_path / "whole.npz"), read(tmp_path / "narrow.npz")
    assert {name for name, array in narrow.items() if array.dtype == np.float16} == {
        f"{name}_weight" for name in ("q", "k", "v", "o", "linear")
    }
    for name, array in whole.items():
        if name != "config":
            assert np.allclose(array, narrow[name], rtol=2**-10, atol=1e-6), name
