"""Names of the files beside the catalogue in a library's folder."""

import hashlib
from pathlib import Path

FRAMES = "frames.db"
INDEXING_LOCK = "indexing.lock"


def graph_file(folder: Path, model: str) -> Path:
    """Where the search graph over a model's vectors is kept; a cache.

    Args:
        folder: the library's.
        model: identity of the encoder bundle.
    """
    name = hashlib.sha256(model.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return folder / f"vectors-{name}.hnsw"
