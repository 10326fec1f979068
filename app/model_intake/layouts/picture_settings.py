"""How a picture becomes the input of a published image graph, in the two ways that this is written down."""

from __future__ import annotations

from dataclasses import dataclass

from app.bundle.encoder_bundle import ImageSpec, Interpolation, Resize
from app.model_intake.layouts.configuration import Configuration, not_done

SMALLEST, LARGEST = 16, 1024
"""Side of the square in pixels, as in a bundle's manifest."""

_RESIZE: dict[str, Resize] = {"shortest": "crop", "squash": "squash"}
_INTERPOLATION: dict[str, Interpolation] = {"bicubic": "cubic", "bilinear": "linear"}
_RESAMPLE: dict[int, str] = {0: "nearest", 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "box", 5: "hamming"}
"""Pillow's numbers."""
_SHORTEST, _WHOLE = ("CLIP", "ChineseCLIP"), ("ViT", "Siglip")
"""Processors to which a size that is one number is the shorter side; and the side of a square."""

Channels = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """`spec` brings a picture to its square; `mean` and `std` are of R, G, B in 0..1."""

    spec: ImageSpec
    mean: Channels
    std: Channels


def open_clip_picture(config: Configuration) -> PictureSettings:
    """What a `preprocess_cfg` of open_clip says (`resize_mode`: “shortest” where it says nothing).

    Raises:
        ModelError: it says something absurd, or something that Reelfind does not do.
    """
    side = _square(config, "size", config.values.get("size"))
    mode = config.text("mode", "RGB")
    if mode != "RGB":
        raise not_done(f"pictures in the colours “{mode:.20}”")
    resize = config.text("resize_mode", "shortest")
    if resize not in _RESIZE:
        raise not_done(f"the resizing “{resize:.20}”")
    interpolation = _interpolation(config.text("interpolation", "bicubic"))
    spec = ImageSpec(side, _RESIZE[resize], interpolation)
    return PictureSettings(spec, config.channels("mean"), _deviations(config, "std"))


def transformers_picture(config: Configuration) -> PictureSettings:
    """What a `preprocessor_config.json` of `transformers` says; of its image processors those for squares.

    Raises:
        ModelError: as of `open_clip_picture`.
    """
    if "resize_mode" in config.values:  # written by open_clip's words (jina-clip)
        return open_clip_picture(config)
    kind = config.text("image_processor_type", config.text("feature_extractor_type", ""))
    if "max_num_patches" in config.values or kind.startswith("Siglip2"):
        raise not_done("pictures in their own proportions (NaFlex)")
    if not config.flag("do_resize", True):
        raise not_done("pictures that were brought to its size by someone else")
    side, resize = _side_and_resize(config, kind)
    resample = config.integer("resample", 0, 5, 3)
    spec = ImageSpec(side, resize, _interpolation(_RESAMPLE[resample]))
    mean, std = _normalisation(config)
    return PictureSettings(spec, mean, std)


def _side_and_resize(config: Configuration, kind: str) -> tuple[int, Resize]:
    """Side of the square, and how it comes about; a size that is one number means the shorter side where a
    processor of the given kind says so."""
    size = config.values.get("size")
    of_clip = kind.startswith(_SHORTEST)
    crops = config.flag("do_center_crop", of_clip or "crop_size" in config.values)
    shortest = of_clip or (crops and not kind.startswith(_WHOLE))
    by_side = isinstance(size, dict) and "shortest_edge" in size
    if not by_side and (isinstance(size, dict) or not shortest):
        side = _square(config, "size", size)
        if crops and _square(config, "crop_size", config.values.get("crop_size", size)) != side:
            raise not_done("a smaller part of each picture than it was resized to")
        return side, "squash"
    value = size["shortest_edge"] if isinstance(size, dict) else size
    side = config.as_integer("size", value, SMALLEST, LARGEST)
    if not crops:
        raise not_done("pictures that are not squares")
    cut = _square(config, "crop_size", config.values.get("crop_size", side))
    if cut != side:
        raise not_done(f"pictures of {side} pixels of which {cut} are cut out")
    return side, "crop"


def _square(config: Configuration, key: str, value: object) -> int:
    """The side of a square that is written as a number, as two, or as height and width."""
    if isinstance(value, dict):
        value = [value.get("height"), value.get("width")]
    if not isinstance(value, list):
        value = [value, value]
    if len(value) != 2:
        raise config.wrong(key, value)
    height, width = (config.as_integer(key, side, SMALLEST, LARGEST) for side in value)
    if height != width:
        raise not_done(f"pictures of {width} × {height} pixels, not squares")
    return height


def _interpolation(name: str) -> Interpolation:
    if name not in _INTERPOLATION:
        raise not_done(f"the interpolation “{name:.20}”")
    return _INTERPOLATION[name]


def _normalisation(config: Configuration) -> tuple[Channels, Channels]:
    """Mean and deviation of values in 0..1, whatever the processor multiplies pixels with first."""
    mean: Channels = (0.0, 0.0, 0.0)
    std: Channels = (1.0, 1.0, 1.0)
    if config.flag("do_normalize", True):
        mean, std = config.channels("image_mean"), _deviations(config, "image_std")
    factor = config.number("rescale_factor", 1 / 255) if config.flag("do_rescale", True) else 1.0
    if not 1e-4 <= factor <= 1:
        raise config.wrong("rescale_factor", factor)
    whole = 255 * factor
    if abs(whole - 1) < 1e-6:
        return mean, std
    return _divided(mean, whole), _divided(std, whole)


def _divided(values: Channels, by: float) -> Channels:
    red, green, blue = values
    return red / by, green / by, blue / by


def _deviations(config: Configuration, key: str) -> Channels:
    found = config.channels(key)
    if min(found) < 1e-3:
        raise config.wrong(key, list(found))
    return found
