"""The pictures that come with a bundle are somebody else's numbers; what queries reach is arithmetic."""

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.bundle.arrays import stored_array
from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.bundle.picture_bank import LEAST_PICTURES, MOST_PICTURES, PICTURE_BANK_FILE, PictureBank, reaches
from app.errors import ModelError
from tests.bundle.manifests import add_files
from tests.bundles import WIDTH, make_bundle

REACH = {"usual": 0.25, "slope": -4.0}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "bundle")


def pictures(count: int = 40, width: int = WIDTH, dtype: Any = np.float16) -> NDArray[Any]:
    return np.random.default_rng(1).normal(size=(count, width)).astype(dtype)


def array_bytes(array: NDArray[Any], **how: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **how)
    return stream.getvalue()


def packed(content: bytes, name: str = "pictures.npy", how: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def written(array: NDArray[Any]) -> bytes:
    """A bank as the export writes one."""
    stream = io.BytesIO()
    np.savez(stream, pictures=array)
    return stream.getvalue()


def put(folder: Path, content: bytes, reach: object = REACH) -> EncoderBundle:
    """The bundle with these bytes as its bank."""
    (folder / PICTURE_BANK_FILE).write_bytes(content)
    path = folder / "calibration.json"
    calibration = json.loads(path.read_text())
    path.write_text(json.dumps(calibration | ({} if reach is None else {"reach": reach})))
    return load_bundle(add_files(folder, PICTURE_BANK_FILE))


def test_a_bank_comes_back_as_directions(folder: Path) -> None:
    stored = pictures()
    calibration = put(folder, written(stored)).calibration
    bank = calibration.bank
    assert bank is not None
    assert (bank.usual_reach, calibration.reach_slope) == (0.25, -4.0)
    assert bank.pictures.dtype == np.float32
    assert not bank.pictures.flags.writeable
    lengths = np.linalg.norm(stored.astype(np.float32), axis=1, keepdims=True)
    assert np.allclose(bank.pictures, stored / lengths, atol=1e-6)


def test_a_bundle_without_a_bank_knows_nothing_of_reach(folder: Path) -> None:
    calibration = load_bundle(folder).calibration
    assert (calibration.bank, calibration.reach_slope) == (None, 0.0)


def test_every_scorer_has_a_slope_of_its_own(folder: Path) -> None:
    path = folder / "calibration.json"
    calibration = json.loads(path.read_text())
    of_max = {"max": calibration | {"reach": {"usual": 0.25, "slope": -2.5}}, "mean": calibration}
    path.write_text(json.dumps(calibration | {"scorers": of_max}))
    scorers = put(folder, written(pictures())).calibration.scorers
    assert (scorers["max"].reach_slope, scorers["mean"].reach_slope) == (-2.5, 0.0)


class Trap:
    """Would leave a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self._path,)


def _with(row: object, where: tuple[int, int]) -> NDArray[np.float32]:
    made = pictures(dtype=np.float32)
    made[where] = row
    return made


HOSTILE = {
    "empty": b"",
    "no archive": b"PK\x03\x04" + bytes(200),
    "cut off": written(pictures())[:-30],
    "another array's": packed(array_bytes(pictures()), "words.npy"),
    "no array": packed(b"PK\x03\x04" + bytes(200)),
    "an array cut off": packed(array_bytes(pictures())[:-1]),
    "longer than it says": packed(array_bytes(pictures()) + b"\0"),
    "packed as nobody packs": packed(array_bytes(pictures()), how=zipfile.ZIP_LZMA),
    "a bomb": packed(bytes(1 << 26), how=zipfile.ZIP_DEFLATED),
    "too few": written(pictures(LEAST_PICTURES - 1)),
    "too many": written(pictures(MOST_PICTURES + 1)),
    "another width": written(pictures(width=WIDTH + 1)),
    "one row": written(pictures()[0]),
    "three axes": written(pictures()[np.newaxis]),
    "whole numbers": written(pictures().astype(np.uint8)),
    "float64": written(pictures(dtype=np.float64)),
    "not a number": written(_with(np.nan, (3, 0))),
    "infinite": written(_with(np.inf, (3, 0))),
    "huge": written(_with(1e30, (3, 0))),
    "a picture of nothing": written(_with(0, (3, slice(None)))),  # type: ignore[arg-type]
    "larger than it may be": written(np.zeros((4, 1 << 20), np.float32)),
    "says it is vast": packed(array_bytes(pictures()).replace(b"(40, ", b"(99, ")),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_bank_is_refused_in_one_sentence(folder: Path, content: bytes) -> None:
    with pytest.raises(ModelError, match=r"picture_bank\.npz holds no embeddings of pictures") as caught:
        put(folder, content)
    assert caught.value.advice == "Install the model again."


def test_nothing_in_a_bank_is_ever_run(folder: Path, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    rows = np.array([[Trap(sprung)] * WIDTH] * 20, dtype=object)
    with pytest.raises(ModelError):
        put(folder, packed(array_bytes(rows, allow_pickle=True)))
    assert not sprung.exists()


def test_an_altered_bank_is_refused(folder: Path) -> None:
    put(folder, written(pictures()))
    (folder / PICTURE_BANK_FILE).write_bytes(written(pictures(41)))
    with pytest.raises(ModelError, match="is not the file that was exported"):
        load_bundle(folder)


@pytest.mark.parametrize("reach", [None, "far", {}, {"usual": "far"}, {"usual": float("nan")}])
def test_a_bank_needs_to_know_what_is_usual(folder: Path, reach: object) -> None:
    with pytest.raises(ModelError):
        put(folder, written(pictures()), reach)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_an_array_or_none(content: bytes) -> None:
    for each in (content, b"\x93NUMPY\x01\x00" + content):
        with suppress(ValueError):
            assert stored_array(each).nbytes <= len(each)


def test_reach_is_how_far_the_highest_stand_above_all() -> None:
    """Of 500 pictures the two highest count."""
    cosines = np.linspace(-0.5, 0.5, 500, dtype=np.float32)
    bank = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1)
    text = np.array([[1, 0], [0, 1]], np.float32)
    of_first = cosines[-2:].mean() - cosines.mean()
    of_second = np.sort(bank[:, 1])[-2:].mean() - bank[:, 1].mean()
    assert reaches(text, bank) == pytest.approx([of_first, of_second], abs=1e-6)
    assert PictureBank(bank, 0.2).above_usual(text[0]) == pytest.approx(of_first - 0.2, abs=1e-6)


def test_of_a_small_bank_the_highest_counts() -> None:
    bank = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
    assert reaches(np.array([[1, 0]], np.float32), bank) == pytest.approx([1.0])
