"""Licences of published weights, as their publishers state them.

Only what is known for sure; `--licence` overrides it, and everything else is "unknown". A licence of the
weights is none of the pictures they were trained on.
"""

from __future__ import annotations

import re

UNKNOWN = "unknown; see source"
_APPLE = "Apple's own licence, which asks for care: read it at the source"

_KNOWN = (
    (r"\S+:openai", r"timm/.*", "MIT"),
    (r"\S+:(laion|datacomp|commonpool|mscoco_finetuned_laion)\S+", r"laion/.*", "MIT"),
    (r"ViT-\S+:laion400m_e3[12]", r"timm/.*", "MIT"),
    (r"\S+SigLIP\S*:webli", r"timm/.*", "Apache-2.0"),
    (r"PE-Core-\S+:meta", r"timm/.*", "Apache-2.0"),
    (r"(MobileCLIP\S+|\S+:dfn\S+)", r"(apple|timm)/.*", _APPLE),
    (r"\S+:metaclip\S+", r"timm/.*", "CC-BY-NC-4.0"),
)
"""Pattern of `NAME:PRETRAINED`, pattern of the hub's repository, licence; the first that fits counts."""


def licence_of(name: str, repository: str) -> str:
    """Licence of the weights `NAME:PRETRAINED` in a repository of the hub (`owner/name`)."""
    for of_name, of_repository, licence in _KNOWN:
        if re.fullmatch(of_name, name) and re.fullmatch(of_repository, repository):
            return licence
    return UNKNOWN
