"""What open_clip knows about a name: the architecture, where its weights are, how they want pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from app.errors import UsageError
from models.open_clip_setup import import_open_clip

WEIGHTS = "open_clip_pytorch_model.bin"
SAFE_WEIGHTS = "open_clip_model.safetensors"


@dataclass(frozen=True, slots=True)
class Published:
    """Where the weights of a tag are."""

    repository: str = ""
    """Of the hub, `owner/name`; empty where they are somewhere else."""
    files: tuple[str, ...] = ()
    """Names in the repository, the best first."""
    url: str = ""
    sha256: str | None = None
    """Of the file at `url`, where the address carries it."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """A model of open_clip's registry, with or without a tag."""

    name: str
    tag: str
    config: dict[str, Any] = field(repr=False)
    """open_clip's own: `embed_dim`, `vision_cfg`, `text_cfg`, ..."""
    preprocess: dict[str, Any] = field(default_factory=dict)
    """What the tag says of pictures: `mean`, `std`, `interpolation`, `resize_mode`; it may leave out any."""
    quick_gelu: bool = False
    """Whether the tag's weights want it where the configuration does not say so."""
    published: Published | None = None

    @property
    def full_name(self) -> str:
        """`NAME:PRETRAINED`, or `NAME`."""
        return f"{self.name}:{self.tag}" if self.tag else self.name

    @property
    def tokenizer_repository(self) -> str:
        """Repository of the tokenizer; empty where open_clip brings it along."""
        return str(self.config["text_cfg"].get("hf_tokenizer_name", ""))

    @property
    def text_repository(self) -> str:
        """Repository of the text tower's configuration, where that is of `transformers`."""
        return str(self.config["text_cfg"].get("hf_model_name", ""))


def look_up(wanted: str, *, needs_tag: bool) -> Architecture:
    """Find `NAME[:PRETRAINED]` in open_clip's registry.

    Args:
        wanted: as the user wrote it; “/” may stand for “-”.
        needs_tag: the weights are to be fetched. A name with one tag needs none.

    Raises:
        UsageError: open_clip has no such name or tag, or a tag is missing.
    """
    open_clip = import_open_clip()
    name, _, tag = wanted.partition(":")
    name = name.replace("/", "-")
    config = open_clip.get_model_config(name) if name in open_clip.list_models() else None
    if config is None:
        raise UsageError(f"open_clip has no model “{name}”.", _advice(name, open_clip.list_models()))
    tags = open_clip.list_pretrained_tags_by_model(name)
    if not tag and needs_tag:
        if len(tags) != 1:
            raise UsageError(f"“{name}” needs the name of its weights.", _choices(name, tags))
        tag = tags[0]
    if not tag:
        return Architecture(name, "", config)
    found = dict(open_clip.get_pretrained_cfg(name, tag))
    if not found:
        raise UsageError(f"open_clip knows no weights “{tag}” of “{name}”.", _choices(name, tags))
    return Architecture(
        name=name,
        tag=tag,
        config=config,
        preprocess={
            key: found[key] for key in ("mean", "std", "interpolation", "resize_mode") if key in found
        },
        quick_gelu=bool(found.get("quick_gelu", False)),
        published=_published(found),
    )


def slug(*parts: str) -> str:
    """A name for a bundle: lower-case letters, digits, dots and hyphens."""
    joined = "-".join(part for part in parts if part).lower()
    return re.sub(r"[^a-z0-9.]+", "-", joined).strip("-.") or "model"


def _published(found: dict[str, Any]) -> Published:
    """As `open_clip.pretrained.download_pretrained` resolves an entry: the hub first, plain tensors first."""
    if place := found.get("hf_hub", ""):
        repository, _, file = place.rpartition("/")
        if not file:
            return Published(repository, (SAFE_WEIGHTS, WEIGHTS))
        stem, dot, ending = file.rpartition(".")
        safe = (f"{stem}.safetensors",) if dot and ending in ("bin", "pth") else ()
        return Published(repository, (*safe, file))
    url = str(found.get("url", ""))
    carried = re.search(r"/([0-9a-f]{64})/", url)
    return Published(url=url, sha256=carried[1] if carried else None)


def _choices(name: str, tags: list[str]) -> str:
    if not tags:
        return "open_clip publishes none for it: give a file with --checkpoint."
    shown = ", ".join(tags[:8]) + (", …" if len(tags) > 8 else "")
    return f"Write {name}:TAG, where TAG is one of {shown}."


def _advice(name: str, known: list[str]) -> str:
    wanted = set(re.findall(r"[a-z]+|\d+", name.lower()))
    near = sorted(known, key=lambda other: -len(wanted & set(re.findall(r"[a-z]+|\d+", other.lower()))))
    return f"Names that come near: {', '.join(near[:4])}."
