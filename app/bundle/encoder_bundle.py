"""The encoder bundle: the one interface between `models/` (training, export) and the program.

A folder with `manifest.json`, `image.onnx`, `text.onnx`, `tokenizer.json` and optionally `tmass.npz` (a
trained re-scoring head, `sampling_head.py`), what scores mean (`score_calibration.py`), the towers in fewer
bits (`variants.py`) and, of graphs that are too large for one file, `<graph>.data` with their weights.
Bundles are untrusted: the SHA-256 of every file is checked against the manifest before a file is used, and a
manifest can only name files of the bundle's own folder.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from app.bundle.description import LONGEST, choice, damaged, integer, mapping, printable, read_json, string
from app.bundle.score_calibration import Calibration, read_calibration
from app.bundle.variants import read_parity, read_variants
from app.errors import ModelError

FORMAT = 1
REQUIRED_FILES = ("image.onnx", "text.onnx", "tokenizer.json")
HEAD_FILE = "tmass.npz"
DATA_SUFFIX = ".data"
"""`image.onnx.data` holds weights of `image.onnx`; a graph reads no other file."""

MOST_WIDTH = 8192
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
    manifest = read_json(folder / "manifest.json")
    if manifest.get("format") != FORMAT:
        form = repr(manifest.get("format"))[:20]
        raise ModelError(
            f"The model in “{printable(folder.name)}” has format {form}, not {FORMAT}.",
            "Update Reelfind, or export the model again.",
        )
    hashes = _verify_files(folder, mapping(manifest, "files"))
    width = integer(manifest, "embedding_width", 1, MOST_WIDTH)
    return describe(folder, manifest, hashes, read_calibration(folder, hashes, width))


def describe(
    folder: Path, manifest: Mapping[str, Any], hashes: Mapping[str, str], calibration: Calibration
) -> EncoderBundle:
    """The bundle as its manifest describes it; none of its files are looked at.

    Raises:
        ModelError: the manifest lacks something, or something in it cannot be.
    """
    image, text = mapping(manifest, "image"), mapping(manifest, "text")
    return EncoderBundle(
        folder=folder,
        name=string(manifest, "name"),
        version=string(manifest, "version"),
        licence=string(manifest, "licence"),
        embedding_width=integer(manifest, "embedding_width", 1, MOST_WIDTH),
        image=ImageSpec(
            size=integer(image, "size", 16, 1024),
            resize=choice(image, "resize", get_args(Resize)),  # type: ignore[arg-type]
            interpolation=choice(image, "interpolation", get_args(Interpolation)),  # type: ignore[arg-type]
        ),
        text=TextSpec(
            context_length=integer(text, "context_length", 4, 4096),
            pad_id=integer(text, "pad_id", 0, 1 << 30),
            lowercase=bool(text.get("lowercase", False)),
            language_tokens=_language_tokens(text),
        ),
        calibration=calibration,
        hashes=hashes,
        variants=read_variants(manifest, hashes),
        parity=read_parity(manifest),
        manifest_title=string(manifest, "title") if "title" in manifest else "",
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
        if not 0 < len(token) <= LONGEST or not token.isprintable():
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
        expected = string(files[name] if isinstance(files[name], dict) else {}, "sha256")
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
