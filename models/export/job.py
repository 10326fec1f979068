"""One export, from a name to a bundle."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.bundle.encoder_bundle import load_bundle
from app.errors import ModelError, UsageError
from app.model_intake.graphs.saving import LARGEST_FILE
from app.model_intake.hub.download import RETRY, RetryPolicy
from app.model_intake.hub.hub_files import Hub
from app.model_intake.hub.repository import default_hub
from app.model_intake.making.bundle_spec import WeightsFile
from app.model_intake.making.bundle_writer import OtherVariant, Report
from app.model_intake.making.parity import Parity
from app.model_intake.making.sample_pictures import Pictures, read_pictures
from models.export.bundle import export_bundle
from models.export.spec import open_clip_spec
from models.export.weights.licences import licence_of
from models.export.weights.loading import (
    TEXT_CONFIG_FILE,
    TOKENIZER_FILE,
    TOKENIZER_FILES,
    build_model,
    load_tokenizer,
    load_weights,
)
from models.export.weights.registry import Architecture, look_up, slug

VERSION = "1"
_LONGEST_LICENCE = 200


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be exported; see `python -m models.export --help`."""

    name: str
    """`NAME[:PRETRAINED]` of open_clip's registry."""
    out: Path
    cache: Path
    checkpoint: Path | None = None
    seed: int | None = None
    """Random weights; no checkpoint then."""
    variants: Sequence[OtherVariant] = ()
    pictures: Path | None = None
    licence: str = ""
    tokenizer: Path | None = None
    """Folder with the tokenizer's files, and the text tower's `config.json` where it needs one; the
    checkpoint's own where they lie beside it, else the hub's."""
    hub: str = ""
    """Address of the hub; the usual one where empty."""
    largest: int = LARGEST_FILE
    patience: RetryPolicy = RETRY


@dataclass(frozen=True, slots=True)
class Exported:
    """What came out."""

    name: str
    parity: Parity


def export_model(request: Request, report: Report) -> Exported:
    """Fetch, load, export and check.

    Raises:
        UsageError: the request makes no sense as it stands.
        DownloadError: something cannot be fetched.
        ModelError: the model cannot be loaded, or cannot be exported as it is.
    """
    if request.seed is not None and request.checkpoint is not None:
        raise UsageError("Random weights and a checkpoint are asked for at once.", "Leave out one of them.")
    if len(request.licence) > _LONGEST_LICENCE or not request.licence.isprintable():
        raise UsageError(
            "The licence is no short line of text.", f"Give its name, at most {_LONGEST_LICENCE} characters."
        )
    fetched = request.seed is None and request.checkpoint is None
    architecture = look_up(request.name, needs_tag=fetched)
    pictures: Pictures | None = None if request.pictures is None else read_pictures(request.pictures)
    hub = Hub(request.hub or default_hub(), request.cache, report, request.patience)

    weights = _fetch_weights(architecture, hub) if fetched else request.checkpoint
    tokenizer_files, text_config = _text_files(architecture, request, hub)
    report("load", 0, 1)
    tokenizer = load_tokenizer(architecture, tokenizer_files)
    model = build_model(architecture, seed=request.seed or 0, text_config=text_config)
    if weights is not None:
        load_weights(model, weights, architecture.name)
    report("load", 1, 1)

    name, source, told = _names(architecture, request, weights)
    spec = open_clip_spec(
        model,
        name=name,
        version=VERSION,
        licence=request.licence or _licence(architecture, request),
        source=source,
        description=f"{architecture.full_name} of open_clip",
        title=f"{architecture.name} ({told})",
        weights_file=None if weights is None else WeightsFile(_sha256(weights), told),
        trained=weights is not None,
    )
    parity = export_bundle(
        model,
        spec,
        tokenizer,
        request.out,
        pictures=pictures,
        variants=request.variants,
        largest=request.largest,
        report=report,
    )
    load_bundle(request.out)
    return Exported(name, parity)


def _fetch_weights(architecture: Architecture, hub: Hub) -> Path:
    published = architecture.published
    if published is not None and published.repository:
        path = hub.fetch_first(published.repository, published.files)
        if path is not None:
            return path
    elif published is not None and published.url:
        return hub.fetch_url(published.url, published.sha256)
    raise ModelError(
        f"The weights of “{architecture.full_name}” are not where open_clip says.",
        "Choose other weights, or give a file with --checkpoint.",
    )


def _text_files(architecture: Architecture, request: Request, hub: Hub) -> tuple[Path | None, Path | None]:
    """Folders of the tokenizer's files and of the text tower's configuration, as far as they are needed."""
    needed = (
        (architecture.tokenizer_repository, TOKENIZER_FILE, TOKENIZER_FILES),
        (architecture.text_repository, TEXT_CONFIG_FILE, (TEXT_CONFIG_FILE,)),
    )
    beside = [request.tokenizer, request.checkpoint.parent if request.checkpoint else None]
    folders: list[Path | None] = []
    for repository, first, names in needed:
        local = next((folder for folder in beside if folder is not None and (folder / first).is_file()), None)
        if not repository or local is not None:
            folders.append(local if repository else None)
        elif (folder := hub.fetch_folder(repository, names)) is not None:
            folders.append(folder)
        else:
            raise ModelError(
                f"The hub has no {first} in “{repository}”, which “{architecture.name}” needs.",
                "Name a folder that has it with --tokenizer, or choose another model.",
            )
    return folders[0], folders[1]


def _names(architecture: Architecture, request: Request, weights: Path | None) -> tuple[str, str, str]:
    """The bundle's name, its source for people, and what its weights are called."""
    if weights is None:
        told = f"random {request.seed}"
        return slug(architecture.name, told), f"{architecture.name} of open_clip, {told} (for tests)", told
    if request.checkpoint is not None:
        told = weights.name[:80]
        return slug(architecture.name, weights.stem[:80]), f"{architecture.name} of open_clip, {told}", told
    published = architecture.published
    place = (published.repository or published.url) if published is not None else ""
    source = f"{architecture.full_name} of open_clip, {place}"[:200]
    return slug(architecture.name, architecture.tag), source, architecture.tag


def _licence(architecture: Architecture, request: Request) -> str:
    if request.seed is not None:
        return "CC0-1.0 (random numbers)"
    published = architecture.published
    if request.checkpoint is not None or published is None:
        return "unknown; see source"
    return licence_of(architecture.full_name, published.repository)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
