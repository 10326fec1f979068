"""Variants of a bundle's graphs: the same towers in fewer bits, and which of them is used where.

A bundle's own `image.onnx` and `text.onnx` are float32. Beside them it may have

- `int8`: weights quantised for processors. Used there when the export measured that its vectors are nearly
  the float32 ones.
- `fp16`: half precision for CUDA. Never opened on a processor: ONNX Runtime's CPU provider crashes on
  such graphs while it optimises them.
"""

from collections.abc import Collection, Mapping
from typing import Any, Literal, get_args

from app.errors import ModelError

Tower = Literal["image", "text"]
Variant = Literal["float32", "int8", "fp16"]
OTHER_VARIANTS = ("int8", "fp16")

INT8_COSINE, FP16_COSINE = 0.99, 0.999
"""Lowest cosine to the float32 vectors of the exported sample with which a variant is used."""
INT8_TOP10 = 0.9
"""Lowest share of the ten best answers that stay, where it was measured."""

_ROUNDING = 1e-6
_ADVICE = "Export or install the model again."


def read_variants(manifest: Mapping[str, Any], files: Collection[str]) -> dict[str, dict[str, str]]:
    """The variants a manifest lists: `{"int8": {"image": file name, "text": ...}, ...}`.

    Variants that this program does not know are left out.

    Args:
        manifest: as read; untrusted.
        files: names of the bundle's verified files.

    Raises:
        ModelError: an entry is no file of the bundle.
    """
    read: dict[str, dict[str, str]] = {}
    for variant, towers in _mapping(manifest, "variants").items():
        if not isinstance(towers, dict) or not set(towers) <= set(get_args(Tower)):
            raise _wrong("variants")
        for name in towers.values():
            if not isinstance(name, str) or not name.endswith(".onnx") or name not in files:
                raise ModelError(
                    f"The model's description names {name!r:.80} as a variant, which is no file of it.",
                    _ADVICE,
                )
        if variant in OTHER_VARIANTS:
            read[variant] = dict(towers)
    return read


def read_parity(manifest: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """What the export measured of each variant: cosines and shares -1..1, numbers of samples.

    Raises:
        ModelError: something is no number, or none that can be.
    """
    read: dict[str, dict[str, float]] = {}
    for variant, numbers in _mapping(manifest, "parity").items():
        if not isinstance(numbers, dict):
            raise _wrong("parity")
        for key, number in numbers.items():
            if isinstance(number, bool) or not isinstance(number, int | float):
                raise _wrong("parity")
            highest = 2**53 if key in {"pictures", "texts"} else 1 + _ROUNDING
            if not -1 - _ROUNDING <= number <= highest:  # nor when it is not a number
                raise _wrong("parity")
        read[variant] = {key: float(number) for key, number in numbers.items()}
    return read


def variant_for(
    tower: Tower,
    provider: str,
    variants: Mapping[str, Mapping[str, str]],
    parity: Mapping[str, Mapping[str, float]],
) -> Variant:
    """The variant of a tower that is used on a provider (`CUDA`, `CPU`, ...): the quickest that is as good.

    `int8` wants a measurement, since quantisation can spoil a tower; `fp16` only loses rounding, and is left
    out where a measurement says otherwise. Elsewhere, and where there is no such variant, `float32`.
    """
    if provider == "CPU" and tower in variants.get("int8", {}):
        measured = parity.get("int8", {})
        if measured.get(tower, -1.0) >= INT8_COSINE and measured.get("top10", 1.0) >= INT8_TOP10:
            return "int8"
    if provider == "CUDA" and tower in variants.get("fp16", {}):
        measured = parity.get("fp16", {})
        if measured.get(tower, 1.0) >= FP16_COSINE:
            return "fp16"
    return "float32"


def _mapping(manifest: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = manifest.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(key)
    return value


def _wrong(key: str) -> ModelError:
    return ModelError(f"The model's description has a wrong entry in “{key}”.", _ADVICE)
