"""What a service and who asks it say to each other, and how much of it: HTTP/1.1, two requests.

`GET /v1/identity` gives `ServiceIdentity` as JSON. `POST /v1/encode` takes frames and gives their vectors,
(N, D) float32 little-endian. Both need `Authorization: Bearer TOKEN`; the second needs `Reelfind-Model`, the
identity of the bundle. Frames are either

- `application/x-raw-frames`: uint8 RGB, with `Reelfind-Frames: NxHxW`, N·H·W·3 bytes; or
- `application/x-pictures`: JPEG, PNG or WebP files, each behind its length as 4 bytes, little-endian.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from app.bundle.encoder_bundle import EncoderBundle

IDENTITY, ENCODE = "/v1/identity", "/v1/encode"
MODEL, FRAMES = "Reelfind-Model", "Reelfind-Frames"
RAW, PICTURES = "application/x-raw-frames", "application/x-pictures"
PROTOCOL = 1

MOST_BYTES = 64 << 20
"""Of one request."""
MOST_FRAMES = 256
MOST_SIDE = 4096
"""Pixels of a frame's longer side."""
MOST_PIXELS = 16 << 20
"""Of one picture: what a small file may become."""
MOST_PIXELS_TOGETHER = 128 << 20
"""Of the pictures of one request."""

_MOST_LETTERS = 80
_SHAPE = re.compile(r"(\d{1,4})x(\d{1,4})x(\d{1,4})")


class BadRequestError(ValueError):
    """A request is not as it has to be; the text says how, for whoever writes a client."""


@dataclass(frozen=True, slots=True)
class ServiceIdentity:
    """What a service says of itself."""

    name: str
    """Of its computer, for people."""
    model: str
    """Identity of its bundle."""
    title: str
    """Of its model, for people."""
    width: int
    """D of its vectors."""
    provider: str
    device: str
    variant: str
    """As `FrameEncoder` has them."""
    batch: int
    """Frames that it encodes at once."""
    version: str
    """Of its Reelfind."""

    def to_json(self) -> dict[str, Any]:
        """As it is sent."""
        return {"service": "reelfind-encoder", "protocol": PROTOCOL, **asdict(self)}

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """As it was received; words of others are cut and printable.

        Raises:
            ValueError: it is something else.
        """
        try:
            told = json.loads(content)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        if not isinstance(told, dict) or told.get("service") != "reelfind-encoder":
            raise ValueError("no encoder service")
        if told.get("protocol") != PROTOCOL:
            raise ValueError("another protocol")
        words = {
            name: _words(told, name)
            for name in ("name", "model", "title", "provider", "device", "variant", "version")
        }
        return cls(**words, width=_number(told, "width"), batch=_number(told, "batch"))

    def check(self, bundle: EncoderBundle) -> bool:
        """Whether its vectors are those of this bundle."""
        return self.model == bundle.identity and self.width == bundle.embedding_width


def read_shape(text: str) -> tuple[int, int, int]:
    """N, H and W of raw frames, as the header has them.

    Raises:
        BadRequestError: it does not say them, or there are too many frames, or too large ones.
    """
    found = _SHAPE.fullmatch(text.strip())
    if found is None:
        raise BadRequestError(f"{FRAMES} says how many frames of which size, like 16x256x256")
    count, height, width = (int(number) for number in found.groups())
    if not 1 <= count <= MOST_FRAMES:
        raise BadRequestError(f"one request holds 1 to {MOST_FRAMES} frames")
    if not (1 <= height <= MOST_SIDE and 1 <= width <= MOST_SIDE):
        raise BadRequestError(f"a frame has 1 to {MOST_SIDE} pixels a side")
    return count, height, width


def join_pictures(files: Sequence[bytes]) -> bytes:
    """Files of pictures as one body."""
    return b"".join(len(file).to_bytes(4, "little") + file for file in files)


def split_pictures(body: bytes) -> list[bytes]:
    """The files of a body.

    Raises:
        BadRequestError: the lengths do not fit, or there are too many.
    """
    files: list[bytes] = []
    at = 0
    while at < len(body):
        end = at + 4 + int.from_bytes(body[at : at + 4], "little")
        if at + 4 > len(body) or end > len(body):
            raise BadRequestError("a picture's length does not fit")
        files.append(body[at + 4 : end])
        at = end
        if len(files) > MOST_FRAMES:
            raise BadRequestError(f"one request holds 1 to {MOST_FRAMES} frames")
    if not files:
        raise BadRequestError(f"one request holds 1 to {MOST_FRAMES} frames")
    return files


def _words(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise ValueError(f"no {name}")
    return "".join(letter if letter.isprintable() else " " for letter in value[:_MOST_LETTERS]).strip()


def _number(told: Mapping[str, Any], name: str) -> int:
    value = told.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1 << 20:
        raise ValueError(f"no {name}")
    return value
