"""A checked graph becomes a file, and its weights another one where they are too many."""

from __future__ import annotations

from pathlib import Path

import onnx

from app.model_intake.graphs.storing import SMALLEST_NARROWED

LARGEST_FILE = 1_900_000_000
"""Bytes of weights: a graph that holds its own weights is one protobuf message, below 2 GiB."""
STANDARD_DOMAINS = ("", "ai.onnx")


def tidy(model: onnx.ModelProto) -> None:
    """Take out what no runtime needs: inferred shapes, remarks, imports of domains that are not used.

    Raises `ValueError` when an operator lies outside the standard domain.
    """
    foreign = {node.domain for node in model.graph.node if node.domain not in STANDARD_DOMAINS}
    if foreign or model.functions:
        raise ValueError(f"the graph uses operators of {sorted(foreign) or 'local functions'}")
    for unused in [entry for entry in model.opset_import if entry.domain not in STANDARD_DOMAINS]:
        model.opset_import.remove(unused)
    del model.graph.value_info[:]
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]


def seal(model: onnx.ModelProto) -> bytes:
    """The checked graph as bytes. Raises `ValueError` when an operator lies outside the standard domain."""
    tidy(model)
    onnx.checker.check_model(model, full_check=True)
    content: bytes = model.SerializeToString()
    return content


def save_graph(model: onnx.ModelProto, path: Path, *, largest: int = LARGEST_FILE) -> list[str]:
    """Write the checked graph to `path`, its weights into `<path>.data` where they have over `largest` bytes.

    Such weights are moved: `model` no longer has them afterwards.

    Returns:
        The names of the files written.

    Raises:
        ValueError: an operator lies outside the standard domain.
    """
    tidy(model)
    data = path.with_name(f"{path.name}.data")
    data.unlink(missing_ok=True)
    if weight_bytes(model) <= largest:
        onnx.save_model(model, str(path))
        names = [path.name]
    else:
        onnx.save_model(
            model, str(path), save_as_external_data=True, location=data.name, size_threshold=SMALLEST_NARROWED
        )
        names = [path.name, data.name]
    onnx.checker.check_model(str(path), full_check=True)
    return names


def weight_bytes(model: onnx.ModelProto) -> int:
    """Bytes of the weights that the graph itself holds."""
    return sum(len(stored.raw_data) for stored in model.graph.initializer)
