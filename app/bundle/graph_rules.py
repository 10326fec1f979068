"""What a graph that somebody else made may contain: the standard's operators, and weights of its own folder.

The operators of ONNX's own domain compute and nothing else. Another domain's are some library's, and a
function of another domain may stand for anything; a tensor may name any file of the computer as the place of
its numbers. Everything that a graph can hold is looked at (nodes in subgraphs, tensors in attributes, sparse
tensors, training graphs, functions) by walking through the protobuf message itself.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import onnx

from app.bundle.encoder_bundle import EncoderBundle
from app.errors import ModelError


class NoGraphError(ModelError):
    """A file is no ONNX graph at all."""


KINDS = {".onnx", ".data", ".json", ".npz", ".md", ".txt"}
"""Of the files that a manifest lists: none of these can hold code."""

_ADVICE = "Get the model from a source that you trust."
_STANDARD = ("", "ai.onnx")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_MOST_BYTES = (1 << 31) - 1
"""A protobuf message cannot be longer; larger graphs keep their weights in another file."""


def inspect_bundle(bundle: EncoderBundle) -> None:
    """Look into the files of a bundle whose hashes are right.

    Raises:
        ModelError: one of them is of no kind that a model needs, or a graph is refused.
    """
    for name in bundle.hashes:
        if Path(name).suffix.lower() not in KINDS:
            raise ModelError(f"The model holds “{name}”, which no model needs.", _ADVICE)
        if name.endswith(".onnx"):
            inspect_graph(bundle.file(name), bundle.data_of(name))


def inspect_graph(path: Path, allowed: Collection[str]) -> None:
    """Raise ModelError unless a graph is made of the standard's operators and of files that may be read.

    Args:
        path: the `.onnx` file.
        allowed: names of the files beside it that its tensors may be in.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _refused(path, "it is too large for one file")
        model = onnx.ModelProto.FromString(path.read_bytes())
    except OSError as error:
        raise _refused(path, f"it cannot be read ({error.strerror})") from error
    except Exception as error:
        if isinstance(error, ModelError | MemoryError):
            raise
        raise _no_graph(path) from error  # protobuf has a DecodeError per implementation
    if not model.graph.node:
        raise _no_graph(path)
    for part in _parts(model):
        if isinstance(part, onnx.NodeProto | onnx.FunctionProto) and part.domain not in _STANDARD:
            kind = "operator" if isinstance(part, onnx.NodeProto) else "function"
            name = part.op_type if isinstance(part, onnx.NodeProto) else part.name
            raise _refused(path, f"it uses the {kind} {name!r:.60} of {part.domain!r:.60}")
        if isinstance(part, onnx.TensorProto):
            _check_place(path, part, allowed)


def _parts(message: Any) -> Iterator[Any]:
    """A protobuf message and all messages in it, at any depth."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        yield part
        for field, value in part.ListFields():
            if field.message_type is not None:
                waiting.extend([value] if hasattr(value, "ListFields") else value)


def _check_place(path: Path, tensor: onnx.TensorProto, allowed: Collection[str]) -> None:
    """Raise ModelError where a tensor's numbers are in a file that may not be read."""
    if tensor.data_location != onnx.TensorProto.EXTERNAL and not tensor.external_data:
        return
    places = [entry.value for entry in tensor.external_data if entry.key == "location"]
    if len(places) != 1:
        raise _refused(path, f"it does not say where the weights {tensor.name!r:.60} are")
    place = path.parent / places[0]
    plain = places[0] in allowed and _PLAIN_NAME.fullmatch(places[0])
    if not plain or place.is_symlink() or not place.is_file():
        raise _refused(path, f"it reads its weights from {places[0]!r:.80}, which is no file of the model")


def _refused(path: Path, why: str) -> ModelError:
    return ModelError(f"The model file {path.name} is refused: {why}.", _ADVICE)


def _no_graph(path: Path) -> NoGraphError:
    return NoGraphError(f"The model file {path.name} is refused: it is no ONNX graph.", _ADVICE)
