"""Draws the pictures that a model is tried with before it may be used: `python -m models.gate_pictures`.

All are ours, drawn by this program, always the same. They go to `resources/gate/` as small WebP files, with
`captions.json`. About half are far from square, some with what matters near an edge.
"""

from __future__ import annotations

import json
from pathlib import Path

import cv2

from models.gate_pictures.scenes import PICTURES

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "gate"
_QUALITY = 85


def main() -> None:
    """Draw all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    captions = {}
    for name, (draw, caption) in PICTURES.items():
        picture = draw()
        done, packed = cv2.imencode(".webp", picture[:, :, ::-1], [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
        if not done:
            raise RuntimeError(f"{name} cannot be written")
        (FOLDER / f"{name}.webp").write_bytes(packed.tobytes())
        captions[f"{name}.webp"] = caption
    (FOLDER / "captions.json").write_text(json.dumps(captions, indent=2) + "\n", "utf-8")
    print(f"{len(captions)} pictures in {FOLDER.name}/")


if __name__ == "__main__":
    main()
