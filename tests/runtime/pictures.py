"""Pictures made by the tests: colours, gradients, stripes, discs and grain, no two alike."""

import cv2
import numpy as np
from numpy.typing import NDArray


def pictures(count: int, height: int = 180, width: int = 320) -> NDArray[np.uint8]:
    """(count, height, width, 3) uint8, always the same."""
    rng = np.random.default_rng(0)
    return np.stack([_picture(rng, height, width) for _ in range(count)])


def _picture(rng: np.random.Generator, height: int, width: int) -> NDArray[np.uint8]:
    rough = rng.integers(0, 256, (rng.integers(1, 12), rng.integers(1, 12), 3), dtype=np.uint8)
    how = cv2.INTER_NEAREST if rng.random() < 0.3 else cv2.INTER_CUBIC
    image = np.asarray(cv2.resize(rough, (width, height), interpolation=how), dtype=np.uint8)
    for _ in range(rng.integers(0, 12)):
        colour = [int(value) for value in rng.integers(0, 256, 3)]
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        size = int(rng.integers(5, height // 2))
        match int(rng.integers(0, 4)):
            case 0:
                cv2.circle(image, (x, y), size, colour, -1)
            case 1:
                cv2.rectangle(image, (x, y), (x + 2 * size, y + size), colour, -1)
            case 2:
                cv2.line(image, (x, y), (width - x, height - y), colour, 1 + size // 8)
            case _:
                cv2.putText(image, "Reel", (x // 2, y), cv2.FONT_HERSHEY_SIMPLEX, size / 20, colour, 2)
    grain = rng.normal(0, rng.uniform(0, 25), image.shape)
    return np.asarray(np.clip(image + grain, 0, 255), dtype=np.uint8)
