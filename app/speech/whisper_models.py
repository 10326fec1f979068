"""Models that hear speech: which there are, where they lie, and whether a folder holds one."""

import importlib.util
import stat
import struct
from dataclasses import dataclass
from pathlib import Path

from app.errors import ModelError
from app.extras import install_command
from app.paths import speech_models_folder, typed_path

EXTRA = "faster_whisper"
"""The package that the extra `speech` installs."""
INSTALL = f"Install what hears it: {install_command('speech')}"


@dataclass(frozen=True, slots=True)
class Published:
    """A model that can be downloaded."""

    name: str
    repository: str
    megabytes: int
    """Of the download, about."""
    languages: str


def _published(name: str, megabytes: int) -> Published:
    languages = "English" if name.endswith(".en") else "99 languages"
    return Published(name, f"Systran/faster-whisper-{name}", megabytes, languages)


PUBLISHED = {
    model.name: model
    for model in (
        _published("tiny.en", 78),
        _published("tiny", 78),
        _published("base.en", 148),
        _published("base", 148),
        _published("small.en", 487),
        _published("small", 487),
    )
}
"""By their names, the quickest first; MIT, converted for CTranslate2 from OpenAI's Whisper."""

FILES = {
    "config.json": 1 << 20,
    "model.bin": 8 << 30,
    "tokenizer.json": 32 << 20,
    "vocabulary.json": 32 << 20,
    "vocabulary.txt": 32 << 20,
    "preprocessor_config.json": 1 << 20,
}
"""All that is loaded from a model's folder, with the most bytes that each may have."""
_NEEDED = ("config.json", "model.bin", "tokenizer.json")
_SPEC = b"WhisperSpec\0"
_VERSIONS = range(2, 20)
"""Of CTranslate2's format."""


@dataclass(frozen=True, slots=True)
class SpeechModel:
    """A model on this computer."""

    name: str
    """`tiny.en`, or the name of its folder with its size."""
    folder: Path
    bytes: int
    """Of its weights."""


def is_installed() -> bool:
    """Whether the extra is there; nothing is imported."""
    return importlib.util.find_spec(EXTRA) is not None


def find(chosen: str) -> SpeechModel:
    """The model that a setting names: one of `PUBLISHED`, or a folder.

    Raises:
        ModelError: it is not here, or the folder holds none.
    """
    if chosen in PUBLISHED:
        folder = speech_models_folder() / chosen
        if not folder.is_dir():
            raise ModelError(
                f"The speech model {chosen} is not on this computer.",
                f"Download it with: reelfind sources speech --model {chosen}",
            )
        return SpeechModel(chosen, folder, check(folder))
    folder = typed_path(chosen)
    size = check(folder)
    return SpeechModel(f"{folder.name} ({size / 1e6:.0f} MB)", folder, size)  # folders are called alike


def installed() -> tuple[str, ...]:
    """Names of the published models that are on this computer, the quickest first."""
    return tuple(name for name in PUBLISHED if (speech_models_folder() / name / "model.bin").is_file())


def check(folder: Path) -> int:
    """Bytes of the weights in a folder, which holds what a model needs; nothing of it is loaded.

    Raises:
        ModelError: it is no model for faster-whisper, or a file in it is none that is read.
    """
    try:
        sizes = {name: _size(folder / name, most) for name, most in FILES.items()}
        lacking = [name for name in _NEEDED if sizes[name] is None]
        if sizes["vocabulary.json"] is None and sizes["vocabulary.txt"] is None:
            lacking.append("vocabulary.json")
        if lacking:
            raise ModelError(
                f"“{folder}” holds no speech model: it lacks {', '.join(lacking)}.",
                "Name the folder of a Whisper model that was converted for CTranslate2.",
            )
        with (folder / "model.bin").open("rb") as file:
            head = file.read(6 + len(_SPEC))
    except OSError as error:
        raise ModelError(
            f"“{folder}” cannot be read ({error.strerror or error}).", "Check its permissions and its disk."
        ) from error
    version, letters = struct.unpack("<IH", head[:6].ljust(6, b"\0"))
    if version not in _VERSIONS or letters != len(_SPEC) or head[6:] != _SPEC:
        raise ModelError(
            f"The weights in “{folder}” are not those of a Whisper model for CTranslate2.",
            "Name another folder, or download one: reelfind sources speech --model tiny",
        )
    return sizes["model.bin"] or 0


def _size(path: Path, most: int) -> int | None:
    """Bytes of a file; None where there is none.

    Raises:
        ModelError: it is no regular file, or too large to be what it is called.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return None
    if not stat.S_ISREG(status.st_mode) or status.st_size > most:
        raise ModelError(
            f"“{path}” is not a file that a speech model has.", "Name the folder of another model."
        )
    return status.st_size
