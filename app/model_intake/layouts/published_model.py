"""What an export says of itself: the same for every layout."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from app.bundle.encoder_bundle import ImageSpec

LayoutName = Literal["immich", "transformers.js", "qdrant"]
Cleaning = Literal["lower", "canonicalize", "whitespace"]
"""open_clip's ways to clean a text before its tokenizer sees it."""


@dataclass(frozen=True, slots=True)
class PublishedImageTower:
    """The image graph as published, and how a picture becomes its input."""

    graph: Path
    spec: ImageSpec
    """The square it takes, and how a picture is brought to it."""
    mean: tuple[float, float, float]
    """Taken from RGB in 0..1 before it is divided by `std`; not used where pixels are uint8."""
    std: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PublishedTextTower:
    """The text graph as published, and how words become its input."""

    graph: Path
    tokenizer: Path
    """`tokenizer.json`."""
    context_length: int
    pad_id: int
    """What the graph itself is filled up with."""
    cleaning: Cleaning | None
    """What is done with a text before the tokenizer's own normalisers; None where they do all."""
    lowercase: bool
    """Whether texts are put in lower case first (by the program, since a normaliser sees no word whole)."""
    language_tokens: Mapping[str, str] = field(default_factory=dict)
    """ISO 639-1 code of a language to the token that begins its texts (NLLB); empty for most models."""
    silent_id: int | None = None
    """A token that the graph gets 0 for (open_clip's `strip_sep_token`)."""


@dataclass(frozen=True, slots=True)
class PublishedModel:
    """Both towers, and what is known of them."""

    layout: LayoutName
    name: str
    """A slug: lower-case letters, digits, dots and hyphens."""
    title: str
    licence: str
    source: str
    """Repository and commit, or the name of the folder it came from; for people."""
    image: PublishedImageTower
    text: PublishedTextTower
    normalised: bool | None = None
    """Whether both graphs give unit vectors, where the layout says so; found out where None."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by path of what was fetched, for the manifest; empty for folders and archives."""
