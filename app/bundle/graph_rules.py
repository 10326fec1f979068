"""What a graph that somebody else made may contain: the standard's operators, and weights of its own folder.

The operators of ONNX's own domain compute and nothing else. Another domain's are some library's, and a
function of another domain may stand for anything; a tensor may name any file of the computer as the place of
its numbers. Everything that a graph can hold is looked at (nodes in subgraphs, tensors in attributes, sparse
tensors, training graphs, functions) where it lies in the file: a foreign graph is read into nothing.
"""

import mmap
import re
from collections.abc import Collection
from pathlib import Path

from app.bundle.encoder_bundle import EncoderBundle
from app.bundle.external_data import external_files, tensor_files
from app.bundle.graph_walk import (
    DOMAIN,
    NAME,
    OP_TYPE,
    Content,
    DamagedGraphError,
    Part,
    UnclearGraphError,
    parts,
)
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
        with path.open("rb") as file:
            size = path.stat().st_size
            if size > _MOST_BYTES:
                raise _refused(path, "it is too large for one file")
            if not size:
                raise _no_graph(path)
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                _inspect(path, content, allowed)
    except OSError as error:
        raise _refused(path, f"it cannot be read ({error.strerror})") from error
    except DamagedGraphError as error:
        raise _no_graph(path) from error
    except UnclearGraphError as error:
        raise _refused(path, str(error)) from error


def _inspect(path: Path, content: Content, allowed: Collection[str]) -> None:
    nodes = 0
    for part in parts(content):
        if part.message == "tensor":
            _check_place(path, content, part, allowed)
        else:
            nodes += part.message == "node"
            _check_domain(path, part)
    if not nodes:
        raise _no_graph(path)
    external_files(content)  # is there a name that the walk did not come by?


def _check_domain(path: Path, part: Part) -> None:
    """Raise ModelError where an operator or a function is not of the standard."""
    kind, name = ("operator", OP_TYPE) if part.message == "node" else ("function", NAME)
    for domain in part.texts(DOMAIN):
        if domain not in _STANDARD:
            raise _refused(path, f"it uses the {kind} {_last(part.texts(name))!r:.60} of {domain!r:.60}")


def _check_place(path: Path, content: Content, tensor: Part, allowed: Collection[str]) -> None:
    """Raise ModelError where a tensor's numbers are in a file that may not be read."""
    places = tensor_files(content, tensor)
    if places is None:
        return
    if len(places) != 1:
        name = _last(tensor.texts(NAME))
        raise _refused(path, f"it does not say where the weights {name!r:.60} are")
    place = path.parent / places[0]
    plain = places[0] in allowed and _PLAIN_NAME.fullmatch(places[0])
    if not plain or place.is_symlink() or not place.is_file():
        raise _refused(path, f"it reads its weights from {places[0]!r:.80}, which is no file of the model")


def _last(values: list[str]) -> str:
    """What protobuf takes of a value that is given more than once, or not at all."""
    return values[-1] if values else ""


def _refused(path: Path, why: str) -> ModelError:
    return ModelError(f"The model file {path.name} is refused: {why}.", _ADVICE)


def _no_graph(path: Path) -> NoGraphError:
    return NoGraphError(f"The model file {path.name} is refused: it is no ONNX graph.", _ADVICE)
