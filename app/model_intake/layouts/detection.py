"""Which layout an export has, which of its files are wanted, and what it says of itself."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from app.bundle.description import printable
from app.errors import ModelError
from app.model_intake.layouts import immich, transformers_js
from app.model_intake.layouts.configuration import CHOOSE
from app.model_intake.layouts.published_model import LayoutName, PublishedModel

Half = Literal["", "vision", "text"]

_DEEPEST, _MOST_PATHS, _MOST_WANTED = 5, 100_000, 5_000
_NO_WEIGHTS = {
    *(
        ".json",
        ".txt",
        ".md",
        ".onnx",
        ".model",
        ".py",
        ".armnn",
        ".rknn",
        ".tflite",
        ".xml",
        ".csv",
        ".lock",
    ),
    *(".bin", ".pt", ".pth", ".pkl", ".safetensors", ".msgpack", ".h5", ".png", ".jpg", ".zip", ".metadata"),
}
"""What lies beside a graph and holds none of its weights."""
_KNOWN_GRAPHS = ("model", "vision_model", "text_model")
"""Of transformers.js; `model` holds both towers once more."""
_FEWER_BITS = re.compile(r"_(?:fp16|quantized|u?int8|bnb4|q\d[^/]*)$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The files of an export to fetch."""

    layout: LayoutName
    files: tuple[str, ...]
    """Paths as they were given, float32 graphs with their weights and configurations; nothing else."""
    half: Half = ""
    """Which half of a pair of repositories these are; empty where both towers are there."""


def wanted_files(paths: Collection[str], repository: str = "") -> Wanted | None:
    """The layout of an export and the paths to fetch; None where none is recognised (`refusal` says why).

    Args:
        paths: all of a repository's, a folder's or an archive's, with “/” between folders.
        repository: its name, which tells what half of a pair it is where the files do not.
    """
    found = _find(paths, repository)
    if found is None:
        return None
    layout, base, half = found
    relative = {path.removeprefix(base): path for path in paths if path.startswith(base)}
    files = [relative[name] for name in sorted(relative) if _is_wanted(name, layout, half)]
    return Wanted(layout, tuple(files), half) if len(files) <= _MOST_WANTED else None


def partner(repository: str) -> str | None:
    """The repository of the other tower, by Qdrant's names; None where the name is none of a pair."""
    for ours, theirs in (("-vision", "-text"), ("-text", "-vision")):
        if repository.endswith(ours):
            return repository.removesuffix(ours) + theirs
    return None


def describe(
    folder: Path, *, name: str, source: str, licence: str = "", files: Mapping[str, str] | None = None
) -> PublishedModel:
    """What the export in `folder`, or in a folder below it, says of itself.

    Args:
        folder: holds what `wanted_files` named; of a pair, each half in `vision/` and `text/`.
        name: of the repository, folder or archive.
        source: for people.
        licence: as the repository says.
        files: SHA-256 by path of what was fetched.

    Raises:
        ModelError: it is no export, incomplete, absurd, or wants something that Reelfind does not do.
    """
    paths = list(paths_below(folder))
    found = _find(paths)
    if found is None or found[2]:
        raise refusal(paths)
    layout, base, _half = found
    root = folder / base
    if layout == "immich":
        image, text = immich.image_tower(root), immich.text_tower(root)
    elif layout == "qdrant":
        image = transformers_js.image_tower(root / "vision", transformers_js.HALF_GRAPH)
        text = transformers_js.text_tower(root / "text", transformers_js.HALF_GRAPH)
    else:
        vision_graph, text_graph = transformers_js.GRAPHS
        image = transformers_js.image_tower(root, vision_graph)
        text = transformers_js.text_tower(root, text_graph)
    return PublishedModel(
        layout=layout,
        name=slug(name),
        title=title(name),
        licence=licence or "unknown",
        source=source,
        image=image,
        text=text,
        normalised=True if layout == "immich" else None,
        files=files or {},
    )


def refusal(paths: Collection[str]) -> ModelError:
    """Why no layout was recognised in these paths, as well as they tell."""
    graphs = sorted(path for path in paths if path.endswith(".onnx"))
    stems = {PurePosixPath(path).stem for path in graphs}
    plain = {stem for stem in stems if not _FEWER_BITS.search(stem)}
    if not graphs:
        sentence = "There is no ONNX export: no file of it is an ONNX graph."
    elif (found := _find(paths)) is not None and found[2]:
        sentence = f"This is half a model: only its {found[2]} tower is there."
    elif not plain:
        sentence = "The export holds graphs in fewer bits only; Reelfind makes those itself, of float32 ones."
    elif extra := _other_graphs(paths):
        sentence = f"The model wants more than two graphs (“{extra[0]:.60}”), which Reelfind does not do."
    elif len(plain) == 1:
        sentence = f"The export has one graph (“{graphs[0]:.60}”) where a model has one for each tower."
    else:
        sentence = f"The export is laid out in a way that Reelfind does not know (“{graphs[0]:.60}”)."
    return ModelError(printable(sentence), CHOOSE)


def slug(name: str) -> str:
    """A name for a folder and a vector space: lower-case letters, digits, dots and hyphens."""
    last = name.rstrip("/").rpartition("/")[2].lower()
    return re.sub(r"[^a-z0-9.]+", "-", last).strip("-.")[:80] or "model"


def title(name: str) -> str:
    """What a person reads instead of the repository's name."""
    last = printable(name.rstrip("/").rpartition("/")[2])
    return " ".join(last.replace("__", " ").split())[:80] or "Model"


def _find(paths: Collection[str], repository: str = "") -> tuple[LayoutName, str, Half] | None:
    """Layout, the folder that it begins in (“” or with a “/” at its end), which half of a pair it is."""
    if len(paths) > _MOST_PATHS:
        return None
    known = set(paths)
    for base in _bases(known):
        layout = _both_towers(base, known)
        if layout is not None:
            return None if layout == "transformers.js" and _other_graphs(paths) else (layout, base, "")
    for base in _bases(known):
        half = _one_tower(base, known, repository)
        if half:
            return "qdrant", base, half
    return None


def _both_towers(base: str, known: Collection[str]) -> LayoutName | None:
    """Which layout has both of its graphs below a folder."""
    graphs: dict[LayoutName, tuple[str, ...]] = {
        "immich": immich.GRAPHS,
        "transformers.js": transformers_js.GRAPHS,
        "qdrant": ("vision/model.onnx", "text/model.onnx"),
    }
    for layout, names in graphs.items():
        if all(base + name in known for name in names):
            return layout
    return None


def _one_tower(base: str, known: Collection[str], repository: str) -> Half:
    """Which half of a pair of repositories lies in a folder; empty where none does."""
    if f"{base}model.onnx" not in known or base.endswith(("visual/", "textual/")):
        return ""
    pictures, words = f"{base}preprocessor_config.json" in known, f"{base}tokenizer.json" in known
    if pictures and (repository.endswith("-vision") or not words):
        return "vision"
    if words and (repository.endswith("-text") or not pictures):
        return "text"
    return ""


def _bases(paths: set[str]) -> list[str]:
    """Folders that graphs lie in or below, the shallowest first."""
    found = {""}
    for path in paths:
        if path.endswith(".onnx"):
            parts = path.split("/")[:-1][:_DEEPEST]
            found.update("/".join(parts[:depth]) + "/" for depth in range(1, len(parts) + 1))
    return sorted(found, key=lambda base: (base.count("/"), base))


def _is_wanted(name: str, layout: LayoutName, half: Half) -> bool:
    """Whether a path below the layout's folder is one to fetch."""
    if layout == "immich":
        if name in immich.GRAPHS or name in immich.WORDS:
            return True
        folder, _, file = name.rpartition("/")
        return folder in ("visual", "textual") and _holds_weights(file)
    if layout == "transformers.js":
        graphs = transformers_js.GRAPHS
        return name in transformers_js.WORDS or any(_is_graph_or_data(name, graph) for graph in graphs)
    words = {"vision": transformers_js.VISION_WORDS, "text": transformers_js.TEXT_WORDS}
    if half:
        return name in words[half] or _is_graph_or_data(name, transformers_js.HALF_GRAPH)
    folder, _, file = name.partition("/")
    return folder in words and (file in words[folder] or _is_graph_or_data(file, transformers_js.HALF_GRAPH))


def _is_graph_or_data(name: str, graph: str) -> bool:
    """Whether it is the graph or a file with its weights: `….onnx_data`, `….onnx_data_1`, `….onnx.data`."""
    return re.fullmatch(re.escape(graph) + r"(?:[._]data(?:_\d+)?)?", name) is not None


def _holds_weights(file: str) -> bool:
    """Whether a file beside a graph of immich's may hold weights: torch names them after tensors."""
    return not file.startswith(".") and PurePosixPath(file).suffix.lower() not in _NO_WEIGHTS


def _other_graphs(paths: Collection[str]) -> list[str]:
    """Float32 graphs of transformers.js beside the two towers and the one that holds both."""
    found = []
    for path in sorted(paths):
        folder, _, file = path.rpartition("/")
        stem = file.removesuffix(".onnx")
        is_graph = stem != file and folder.rpartition("/")[2] == "onnx"
        if is_graph and not _FEWER_BITS.search(stem) and stem not in _KNOWN_GRAPHS:
            found.append(path)
    return found


def paths_below(folder: Path) -> Iterator[str]:
    """Relative paths of the files in a folder, not too deep nor too many; links to folders stay closed."""
    seen = 0
    for root, folders, files in os.walk(folder):
        inside = Path(root).relative_to(folder)
        if len(inside.parts) >= _DEEPEST:
            folders.clear()
        for file in files:
            seen += 1
            if seen > _MOST_PATHS:
                return
            yield (inside / file).as_posix()
