"""A trained head is somebody else's file: what it holds is looked at, and nothing of it is run."""

import io
import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.bundle.encoder_bundle import load_bundle
from app.bundle.sampling_head import Radius, SamplingHead, load_head
from app.errors import ModelError
from tests.bundles import WIDTH, make_bundle, write_manifest
from tests.search.heads import config_array, head_arrays, head_config, random_head, write_head

Arrays = dict[str, NDArray[np.generic]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "bundle")


def head(**knobs: Any) -> SamplingHead:
    return random_head(WIDTH, 4, samples=5, **knobs)


def save(folder: Path, arrays: Arrays) -> None:
    np.savez(folder / "tmass.npz", **arrays)  # type: ignore[arg-type]
    write_manifest(folder)


def same(one: object, other: object) -> bool:
    if is_dataclass(one):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other  # type: ignore[arg-type]


@pytest.mark.parametrize("radius", ["none", "cos", "scalar", "linear"])
def test_a_head_comes_back_as_it_was_written(folder: Path, radius: Radius) -> None:
    written = head(radius=radius, soft_weight=0.3)
    write_head(written, folder)
    read = load_head(load_bundle(folder))
    assert read is not None
    assert same(read, written)
    assert not read.samples.flags.writeable
    assert read.key.weight.dtype == np.float32


def test_a_bundle_without_a_head_says_so(folder: Path) -> None:
    bundle = load_bundle(folder)
    assert not bundle.has_head
    assert load_head(bundle) is None


def test_the_identity_does_not_follow_the_head(folder: Path) -> None:
    """Vectors do not depend on it: a new head must not mean indexing again."""
    before = load_bundle(folder).identity
    write_head(head(), folder)
    assert load_bundle(folder).identity == before
    assert load_bundle(folder).has_head


def test_an_altered_head_is_refused_before_it_is_read(folder: Path) -> None:
    write_head(head(), folder)
    with (folder / "tmass.npz").open("ab") as stream:
        stream.write(b" ")
    with pytest.raises(ModelError, match=r"tmass\.npz is not the file that was exported"):
        load_bundle(folder)


def test_half_precision_and_packed_files_are_read(folder: Path) -> None:
    made = head()
    arrays = head_arrays(made)
    arrays["q_weight"] = made.query.weight.astype(np.float16)
    arrays["k_weight"] = np.asfortranarray(made.key.weight)
    np.savez_compressed(folder / "tmass.npz", **arrays)  # type: ignore[arg-type]
    write_manifest(folder)
    read = load_head(load_bundle(folder))
    assert read is not None
    assert read.query.weight.dtype == np.float32
    np.testing.assert_allclose(read.query.weight, made.query.weight, atol=1e-3)
    np.testing.assert_array_equal(read.key.weight, made.key.weight)
    assert read.key.weight.flags.c_contiguous


def test_no_samples_are_a_head_too(folder: Path) -> None:
    write_head(random_head(WIDTH, 4, samples=0), folder)
    read = load_head(load_bundle(folder))
    assert read is not None
    assert read.samples.shape == (0, WIDTH)


Change = Callable[[Arrays], object]


def with_config(**changes: Any) -> Change:
    def change(arrays: Arrays) -> None:
        arrays["config"] = config_array(head_config(head()) | changes)

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda a: a.pop("v_bias"), "lacks v_bias"),
        (lambda a: a.pop("radius_weight"), "lacks radius_weight"),
        (lambda a: a.pop("config"), "lacks config"),
        (lambda a: a.update(q_weight=np.eye(WIDTH + 1, dtype=np.float32)), "q_weight has the shape"),
        (lambda a: a.update(q_bias=np.zeros((1, WIDTH), np.float32)), "q_bias has the shape"),
        (lambda a: a.update(samples=np.zeros((2000, WIDTH), np.float32)), "samples has the shape"),
        (lambda a: a.update(radius_weight=np.zeros((5, WIDTH), np.float32)), "radius_weight has the shape"),
        (lambda a: a.update(ln1_bias=np.full(WIDTH, np.nan, np.float32)), "ln1_bias holds numbers"),
        (lambda a: a.update(ln1_bias=np.full(WIDTH, np.inf, np.float16)), "ln1_bias holds numbers"),
        (lambda a: a.update(ln1_bias=np.full(WIDTH, 1e30, np.float32)), "ln1_bias holds numbers"),
        (lambda a: a.update(ln1_bias=np.zeros(WIDTH)), "float64, not float32"),
        (lambda a: a.update(ln1_bias=np.zeros(WIDTH, np.uint8)), "uint8, not float32"),
        (lambda a: a.update(ln1_bias=np.zeros(WIDTH, ">f4")), "not float32"),
        (lambda a: a.update(ln1_bias=np.array(["a"] * WIDTH)), "not float32"),
        (lambda a: a.update(config=np.zeros(4, np.float32)), "no text"),
        (lambda a: a.update(config=np.frombuffer(b"\xff{", np.uint8)), "not valid JSON"),
        (lambda a: a.update(config=np.frombuffer(b"[" * 60_000, np.uint8)), "not valid JSON"),
        (lambda a: a.update(config=config_array([1])), "not a JSON object"),
        (with_config(format=2), "does not know"),
        (with_config(kind="other"), "does not know"),
        (with_config(width=WIDTH + 1), "made for 4 numbers per embedding, not 3"),
        (with_config(frames=0), "frames"),
        (with_config(frames=10_000), "frames"),
        (with_config(frames=True), "frames"),
        (with_config(frames=3), "radius_weight has the shape"),
        (with_config(radius="square"), "radius"),
        (with_config(radius=["linear"]), "radius"),
        (with_config(prior="uniform"), "prior"),
        (with_config(prior={"kind": "uniform", "scale": float("nan")}), "scale"),
        (with_config(prior={"kind": "cauchy", "scale": 1.0}), "kind"),
        (with_config(seed=-1), "seed"),
        (with_config(soft_maximum={"weight": 1.5, "gain": 20.0}), "weight"),
        (with_config(soft_maximum={"weight": 0.5, "gain": 0}), "gain"),
        (with_config(soft_maximum={"weight": "much", "gain": 20.0}), "weight"),
    ],
)
def test_a_head_that_cannot_be_is_refused_with_a_sentence(
    folder: Path, change: Change, sentence: str
) -> None:
    arrays = head_arrays(head())
    change(arrays)
    save(folder, arrays)
    with pytest.raises(ModelError, match=sentence) as caught:
        load_head(load_bundle(folder))
    assert caught.value.advice


class Trap:
    """Whoever unpickles it writes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_a_pickle_is_not_opened(folder: Path, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    arrays: dict[str, Any] = head_arrays(head())
    arrays["q_weight"] = np.array([Trap(sprung)], dtype=object)
    save(folder, arrays)
    with pytest.raises(ModelError, match="q_weight"):
        load_head(load_bundle(folder))
    (folder / "tmass.npz").write_bytes(pickle.dumps(Trap(sprung)))
    write_manifest(folder)
    with pytest.raises(ModelError, match="cannot be unpacked"):
        load_head(load_bundle(folder))
    assert not sprung.exists()


def members_of(folder: Path) -> dict[str, bytes]:
    write_head(head(), folder)
    with zipfile.ZipFile(folder / "tmass.npz") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(folder: Path, members: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(folder / "tmass.npz", "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    write_manifest(folder)


def test_a_file_that_unpacks_to_too_much_is_never_unpacked(folder: Path) -> None:
    members = members_of(folder)
    pack(folder, members | {"bomb.npy": b"\0" * (64 << 20)}, zipfile.ZIP_DEFLATED)
    assert (folder / "tmass.npz").stat().st_size < 1 << 17
    with pytest.raises(ModelError, match="unpacks to more"):
        load_head(load_bundle(folder))
    pack(folder, members | {f"{number}.npy": b"" for number in range(100)})
    with pytest.raises(ModelError, match="unpacks to more"):
        load_head(load_bundle(folder))
    pack(folder, members | {"bomb.npy": b"\0" * (64 << 20)})
    with pytest.raises(ModelError, match="larger than"):
        load_head(load_bundle(folder))


def test_an_array_that_claims_to_be_larger_than_it_is_gets_no_memory(folder: Path) -> None:
    members = members_of(folder)
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        stream, {"descr": "<f4", "fortran_order": False, "shape": (1 << 40, 3)}
    )
    pack(folder, members | {"q_weight.npy": stream.getvalue()})
    with pytest.raises(ModelError, match="q_weight is not as large as it says"):
        load_head(load_bundle(folder))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no array",
        b"\x93NUMPY\x03\x00" + struct.pack("<I", 2) + b"{}",
        b"\x93NUMPY\x01\x00" + struct.pack("<H", 2) + b"{}",
        b"\x93NUMPY\x01\x00" + struct.pack("<H", 60_000) + b"(" * 60_000,
    ],
)
def test_a_member_that_is_no_array_is_refused(folder: Path, content: bytes) -> None:
    pack(folder, members_of(folder) | {"q_weight.npy": content})
    with pytest.raises(ModelError, match="q_weight"):
        load_head(load_bundle(folder))


def test_another_packing_is_refused(folder: Path) -> None:
    pack(folder, members_of(folder), zipfile.ZIP_LZMA)
    with pytest.raises(ModelError, match="packed in a way"):
        load_head(load_bundle(folder))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_to_the_file_is_an_error_of_ours(folder: Path, data: st.DataObject) -> None:
    """Whatever byte is wrong: a head, or a sentence."""
    write_head(head(), folder)
    content = bytearray((folder / "tmass.npz").read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content))) if data.draw(st.booleans()) else len(content)
    (folder / "tmass.npz").write_bytes(bytes(content[:cut]))
    write_manifest(folder)
    with suppress(ModelError):
        load_head(load_bundle(folder))


def test_the_calibration_of_scorers_is_read(folder: Path) -> None:
    content = json.loads((folder / "calibration.json").read_text())
    assert load_bundle(folder).calibration.scorers == {}
    content["scorers"] = {
        "t-mass": {"unmatched": {"mean": 0.2, "std": 0.05}, "logistic": {"a": 2.0, "b": -3.0}}
    }
    (folder / "calibration.json").write_text(json.dumps(content))
    write_manifest(folder)
    calibration = load_bundle(folder).calibration
    measured = calibration.scorers["t-mass"]
    assert (measured.unmatched_mean, measured.unmatched_std) == (0.2, 0.05)
    assert (measured.slope, measured.offset) == (2.0, -3.0)
    assert calibration.slope == 3.0


@pytest.mark.parametrize(
    "scorers",
    [
        [],
        {"t-mass": 1},
        {"t-mass": {"unmatched": {"mean": 0.2}, "logistic": {"a": 2.0, "b": 0.0}}},
        {"t-mass": {"unmatched": {"mean": 0.2, "std": 0.0}, "logistic": {"a": 2.0, "b": 0.0}}},
    ],
)
def test_a_calibration_of_scorers_that_cannot_be_is_refused(folder: Path, scorers: object) -> None:
    content = json.loads((folder / "calibration.json").read_text()) | {"scorers": scorers}
    (folder / "calibration.json").write_text(json.dumps(content))
    write_manifest(folder)
    with pytest.raises(ModelError):
        load_bundle(folder)
