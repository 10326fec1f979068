"""The encoder bundle: the one interface between `models/` (training, export) and the program.

A folder with `manifest.json`, `image.onnx`, `text.onnx`, `tokenizer.json` and optionally `tmass.npz` (a
trained re-scoring head, read by `head.py`), `calibration.json`, the towers in fewer bits (`variants.py`) and,
of graphs that are too large for one file, `<graph>.data` with their weights.
Bundles are untrusted: the SHA-256 of every file is checked against the manifest before a file is used, and a
manifest can only name files of the bundle's own folder.
"""

import hashlib
import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from app.bundle.variants import read_parity, read_variants
from app.errors import ModelError

FORMAT = 1
REQUIRED_FILES = ("image.onnx", "text.onnx", "tokenizer.json")
HEAD_FILE = "tmass.npz"
DATA_SUFFIX = ".data"
"""`image.onnx.data` holds weights of `image.onnx`; a graph reads no other file."""

JSON_BYTES = 1 << 20
"""Of a manifest or a calibration: more than this is neither."""

_LONGEST = 200
"""Characters of a name or licence: they are shown, in terminals too."""

_MOST_LANGUAGES = 250

Resize = Literal["squash", "crop"]
Interpolation = Literal["area", "linear", "cubic"]


@dataclass(frozen=True, slots=True)
class ImageSpec:
    """How a frame becomes the encoder's input; must equal what training did."""

    size: int
    """Side of the square input in pixels."""
    resize: Resize
    """`squash`: the whole picture into the square; `crop`: shorter side to `size`, centre crop."""
    interpolation: Interpolation
    """`linear` and `cubic` as Pillow resizes, `area` (linear where it enlarges) as OpenCV does."""


@dataclass(frozen=True, slots=True)
class TextSpec:
    """How words become token ids."""

    context_length: int
    pad_id: int
    lowercase: bool
    language_tokens: Mapping[str, str] = field(default_factory=dict)
    """ISO 639-1 code of a language to the token its texts begin with (NLLB's tokenizers); mostly empty."""


@dataclass(frozen=True, slots=True)
class ScoreCalibration:
    """What one kind of score means, measured on held-out pictures or clips.

    `slope * z + offset` is the log-likelihood ratio of match to no match; `z = (score - mean) / std`, where
    mean and std are those of the query's scores of what does not match it (a logistic regression on pairs in
    which both kinds weigh the same). `unmatched_mean` and `unmatched_std` are those over all queries.
    """

    unmatched_mean: float = 0.0
    unmatched_std: float = 0.1
    slope: float = 2.5
    offset: float = -3.0


@dataclass(frozen=True, slots=True)
class Calibration(ScoreCalibration):
    """What a cosine of a text and a single picture means, and what the scores of scorers do."""

    scorers: Mapping[str, ScoreCalibration] = field(default_factory=dict)
    """By a scorer's name (`app.engines.scorer_names.SCORERS`); not every scorer was measured."""


@dataclass(frozen=True, slots=True)
class EncoderBundle:
    """A verified bundle on disk."""

    folder: Path
    name: str
    version: str
    licence: str
    embedding_width: int
    image: ImageSpec
    text: TextSpec
    calibration: Calibration
    hashes: Mapping[str, str] = field(repr=False)
    variants: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """`int8` and `fp16`: file of each tower that has one."""
    parity: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """What the export measured of each variant, see `variants.read_parity`."""
    manifest_title: str = ""
    normalised: bool = False
    """Whether the float32 graphs give unit vectors: a head trained on raw lengths does not carry over."""
    trained: bool = True
    """False for random weights, to try things out: nothing sensible is found with them, and that is said."""

    @property
    def identity(self) -> str:
        """Names the vector space: embeddings of two bundles with different identities are never compared.

        Weights beside a graph count as the graph does; variants and heads are of the same space.
        """
        named = [*REQUIRED_FILES, *(graph + DATA_SUFFIX for graph in REQUIRED_FILES)]
        digest = hashlib.sha256("".join(self.hashes.get(name, "") for name in named).encode())
        return f"{self.name}-{self.version}-{digest.hexdigest()[:12]}"

    @property
    def has_head(self) -> bool:
        """Whether it has a trained head to re-score clips with; no part of the identity: vectors stay."""
        return HEAD_FILE in self.hashes

    @property
    def title(self) -> str:
        """What a person reads: the manifest's title, else name and version."""
        return self.manifest_title or f"{self.name.capitalize()} {self.version}"

    def data_of(self, graph: str) -> frozenset[str]:
        """Name of the verified file that `graph` may read weights from, where there is one.

        No graph reads another's: the identity would not know whose weights they are.
        """
        return frozenset({graph + DATA_SUFFIX} & self.hashes.keys())

    def check(self, graph: str) -> None:
        """See that a graph and its weights are still the files that were verified.

        Raises:
            ModelError: one is missing or altered.
        """
        for name in (graph, *self.data_of(graph)):
            _verify_file(self.folder, name, self.hashes[name])

    def file(self, name: str) -> Path:
        """Path of a verified file of the bundle."""
        if name not in self.hashes:
            raise KeyError(name)
        return self.folder / name


def load_bundle(folder: Path) -> EncoderBundle:
    """Read and verify the bundle in `folder`.

    Raises:
        ModelError: the folder is no bundle, is of a newer format, or a file is missing or altered.
    """
    manifest = _read_json(folder / "manifest.json")
    if manifest.get("format") != FORMAT:
        form = repr(manifest.get("format"))[:20]
        raise ModelError(
            f"The model in “{printable(folder.name)}” has format {form}, not {FORMAT}.",
            "Update Reelfind, or export the model again.",
        )
    hashes = _verify_files(folder, _mapping(manifest, "files"))
    return describe(folder, manifest, hashes, _calibration(folder, hashes))


def describe(
    folder: Path, manifest: Mapping[str, Any], hashes: Mapping[str, str], calibration: Calibration
) -> EncoderBundle:
    """The bundle as its manifest describes it; none of its files are looked at.

    Raises:
        ModelError: the manifest lacks something, or something in it cannot be.
    """
    image, text = _mapping(manifest, "image"), _mapping(manifest, "text")
    return EncoderBundle(
        folder=folder,
        name=_string(manifest, "name"),
        version=_string(manifest, "version"),
        licence=_string(manifest, "licence"),
        embedding_width=_integer(manifest, "embedding_width", 1, 8192),
        image=ImageSpec(
            size=_integer(image, "size", 16, 1024),
            resize=_choice(image, "resize", get_args(Resize)),  # type: ignore[arg-type]
            interpolation=_choice(image, "interpolation", get_args(Interpolation)),  # type: ignore[arg-type]
        ),
        text=TextSpec(
            context_length=_integer(text, "context_length", 4, 4096),
            pad_id=_integer(text, "pad_id", 0, 1 << 30),
            lowercase=bool(text.get("lowercase", False)),
            language_tokens=_language_tokens(text),
        ),
        calibration=calibration,
        hashes=hashes,
        variants=read_variants(manifest, hashes),
        parity=read_parity(manifest),
        manifest_title=_string(manifest, "title") if "title" in manifest else "",
        normalised=manifest.get("normalised") is True,
        trained=manifest.get("trained") is not False,
    )


def _language_tokens(text: Mapping[str, Any]) -> dict[str, str]:
    """The manifest's `language_tokens`.

    Raises:
        ModelError: it is no object of short strings by codes of two letters.
    """
    tokens = text.get("language_tokens", {})
    if not isinstance(tokens, dict) or len(tokens) > _MOST_LANGUAGES:
        raise _no_languages()
    for code, token in tokens.items():
        if not re.fullmatch("[a-z]{2}", code) or not isinstance(token, str):
            raise _no_languages()
        if not 0 < len(token) <= _LONGEST or not token.isprintable():
            raise _no_languages()
    return dict(tokens)


def _no_languages() -> ModelError:
    return ModelError(
        "The model's description has no tokens of languages where it should.",
        "Export or install the model again.",
    )


def _verify_files(folder: Path, files: Mapping[str, Any]) -> dict[str, str]:
    hashes: dict[str, str] = {}
    for name in (*REQUIRED_FILES, *(set(files) - set(REQUIRED_FILES))):
        if name not in files:
            raise damaged(folder, f"its manifest does not list {name}")
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", name):
            raise damaged(folder, f"its manifest names a file outside the bundle: {name!r:.80}")
        expected = _string(files[name] if isinstance(files[name], dict) else {}, "sha256")
        _verify_file(folder, name, expected)
        hashes[name] = expected
    return hashes


def _verify_file(folder: Path, name: str, expected: str) -> None:
    path = folder / name
    if path.is_symlink() or not path.is_file():
        raise damaged(folder, f"{name} is missing")
    try:
        with path.open("rb") as stream:
            actual = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise damaged(folder, f"{name} cannot be read ({error.strerror})") from error
    if actual != expected:
        raise damaged(folder, f"{name} is not the file that was exported")


def _calibration(folder: Path, hashes: Mapping[str, str]) -> Calibration:
    if "calibration.json" not in hashes:
        return Calibration()
    content = _read_json(folder / "calibration.json")
    plain = _score_calibration(folder, content)
    scorers = content.get("scorers", {})
    if not isinstance(scorers, dict) or not all(isinstance(entry, dict) for entry in scorers.values()):
        raise damaged(folder, "calibration.json has no numbers for its scorers")
    measured = {name: _score_calibration(folder, entry) for name, entry in scorers.items()}
    return Calibration(plain.unmatched_mean, plain.unmatched_std, plain.slope, plain.offset, scorers=measured)


def _score_calibration(folder: Path, content: Mapping[str, Any]) -> ScoreCalibration:
    unmatched, fit = _mapping(content, "unmatched"), _mapping(content, "logistic")
    try:
        calibration = ScoreCalibration(
            unmatched_mean=float(unmatched["mean"]),
            unmatched_std=float(unmatched["std"]),
            slope=float(fit["a"]),
            offset=float(fit["b"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise damaged(folder, f"calibration.json lacks a number ({error})") from error
    if not all(map(math.isfinite, astuple(calibration))) or calibration.unmatched_std <= 0:
        raise damaged(folder, "calibration.json holds a number that cannot be")
    return calibration


def _read_json(path: Path) -> dict[str, Any]:
    try:
        if not path.is_file():  # nor a pipe, which nobody may ever write to
            raise FileNotFoundError(path)
        with path.open("rb") as stream:
            raw = stream.read(JSON_BYTES + 1)
        content = json.loads(raw) if len(raw) <= JSON_BYTES else None
    except OSError as error:
        raise ModelError(
            f"There is no search model in “{printable(path.parent.name)}”: {path.name} cannot be read.",
            "Choose a folder that holds an exported model, or reinstall Reelfind.",
        ) from error
    except (ValueError, RecursionError) as error:  # no UTF-8, no JSON, absurdly long numbers, absurdly deep
        raise damaged(path.parent, f"{path.name} is not valid JSON") from error
    if not isinstance(content, dict):
        raise damaged(path.parent, f"{path.name} is not a JSON object")
    return content


def printable(name: str) -> str:
    """A file's name as it can be shown: it need be neither UTF-8 nor free of control characters."""
    readable = os.fsencode(name).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "�" for sign in readable)


def _mapping(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key)
    if not isinstance(value, dict):
        raise ModelError(f"The model's description lacks “{key}”.", "Export or install the model again.")
    return value


def _string(content: Mapping[str, Any], key: str) -> str:
    value = content.get(key)
    if not isinstance(value, str) or not value or not value.isprintable() or len(value) > _LONGEST:
        raise ModelError(f"The model's description lacks “{key}”.", "Export or install the model again.")
    return value


def _integer(content: Mapping[str, Any], key: str, low: int, high: int) -> int:
    value = content.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ModelError(
            f"The model's description gives {value!r:.40} for “{key}”; {low} to {high} is possible.",
            "Export or install the model again.",
        )
    return value


def _choice(content: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str:
    value = content.get(key)
    if value not in allowed:
        known = ", ".join(allowed)
        raise ModelError(
            f"The model's description gives {str(value)!r:.40} for “{key}”; this Reelfind knows {known}.",
            "Update Reelfind, or export the model again.",
        )
    return str(value)


def damaged(folder: Path, what: str) -> ModelError:
    """What to say of a bundle that is not as it was exported; `what` is the rest of the sentence."""
    return ModelError(
        f"The model in “{printable(folder.name)}” is damaged: {what}.", "Install the model again."
    )
