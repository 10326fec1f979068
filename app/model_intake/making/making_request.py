"""What the task `make-bundle` is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class MakingRequest:
    """What is to be made."""

    source: str
    """`owner/name`, `owner/name@commit`, or the absolute path of a folder or an archive."""
    out: str
    """Folder of the bundle; made."""
    cache: str
    """Folder of what was downloaded."""
    name: str
    """Of the bundle."""
    variants: tuple[str, ...] = ()
    trained: bool = True
    licence: str = ""
    """Of the weights, where the repository does not say."""
    title: str = ""
    """For people; by the source's name where empty."""
    pins: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by path that what is fetched must have; nothing is pinned where empty."""
    hub: str = ""

    def to_text(self) -> str:
        """As the child's argument."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` wrote."""
        content = json.loads(text)
        return cls(**{**content, "variants": tuple(content["variants"])})
