"""Our bundled Pocket encoder as others publish theirs: a trained model in every layout that is understood.
Or the little model (`little_model.py`), where it is not about what is in a model.

Its graphs are rewritten with `onnx` so that they look as published ones do: float32 NCHW pixels that were
normalised outside, int32 or int64 tokens of one length, with or without an attention mask, unit vectors or
raw ones, a batch that is fixed, weights beside the graph.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from onnx import GraphProto, ModelProto, TensorProto, helper, numpy_helper

from app.model_intake.layouts.published_model import LayoutName
from tests.model_intake import little_model

POCKET = Path(__file__).resolve().parents[2] / "models" / "bundled" / "pocket"
SIZE, CONTEXT, WIDTH, VOCABULARY = 208, 64, 384, 30522


@dataclass(frozen=True, slots=True)
class Source:
    """A model with the inputs and outputs of Pocket's own graphs."""

    folder: Path
    size: int = SIZE
    context: int = CONTEXT
    width: int = WIDTH
    vocabulary: int = VOCABULARY


MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""What the published image graph wants; undone inside it, since Pocket's own graph normalises by itself."""

Batch = Literal["dynamic", "declared", "fixed"]
"""`declared`: only the input says 1; `fixed`: the graph's own shapes say 1 too, as after a traced export."""
Weights = Literal["inside", "one file", "many files"]
Fault = Literal[
    "wrong resize",
    "wrong interpolation",
    "wrong normalisation",
    "wrong pad",
    "swapped towers",
    "missing weights",
    "no lower case",
    "other tokenizer",
    "random image tower",
]
"""What may be wrong with a published model:

- `wrong resize`: the configuration says crop where the graph was trained on squashed pictures
- `wrong interpolation`: `nearest`, which Reelfind does not do
- `wrong normalisation`: mean and std of another model
- `wrong pad`: the configuration fills up with a token that the graph takes for a word
- `swapped towers`: each graph lies where the other belongs
- `missing weights`: a file with weights of the text graph is not there (needs `weights` beside the graph)
- `no lower case`: the tokenizer keeps capitals, whose words it does not know then
- `other tokenizer`: its words have other numbers
- `random image tower`: the last weights of the image graph are noise
"""


@dataclass(frozen=True, slots=True)
class Options:
    """How a published export looks; the defaults of each layout are in `pocket_as`."""

    pixels: Literal["float32 NCHW", "uint8 NHWC"] = "float32 NCHW"
    tokens: Literal["int32", "int64"] = "int64"
    attention_mask: bool = False
    normalised: bool = False
    batch: Batch = "dynamic"
    fixed_length: bool = True
    """Whether the text graph takes `CONTEXT` tokens only."""
    weights: Weights = "inside"
    canonicalize: bool = False
    """Whether the configuration says that punctuation and capitals are taken out (immich only)."""
    fault: Fault | None = None
    source: Source = field(default_factory=lambda: Source(POCKET))


_LAYOUTS = {
    "immich": Options(tokens="int32", normalised=True, batch="fixed"),
    "transformers.js": Options(attention_mask=True, fixed_length=False),
    "qdrant": Options(attention_mask=True, fixed_length=False),
}
_NAMES = {
    "immich": ("image", "text", "embedding", "embedding"),
    "transformers.js": ("pixel_values", "input_ids", "image_embeds", "text_embeds"),
    "qdrant": ("pixel_values", "input_ids", "image_embeds", "text_embeds"),
}


def pocket_as(layout: LayoutName, folder: Path, **changes: object) -> Path:
    """Lay Pocket down in `folder` as a published export; returns `folder`.

    Args:
        layout: whose.
        folder: made when absent.
        changes: fields of `Options` that are to differ from the layout's usual ones, `fault` among them.
    """
    options = replace(_LAYOUTS[layout], **changes)  # type: ignore[arg-type]
    pixels, tokens, image_output, text_output = _NAMES[layout]
    image = published_image(options, pixels, image_output)
    text = published_text(options, tokens, text_output)
    if options.fault == "random image tower":
        _randomise(image)
    image_file, text_file, *_ = _write_words[layout](folder, options)
    if options.fault == "swapped towers":
        image, text = text, image
    save(image, image_file, options.weights)
    save(text, text_file, options.weights)
    if options.fault == "missing weights":
        _weights_beside(text_file).unlink()
    return folder


def little_as(layout: LayoutName, folder: Path, **changes: object) -> Path:
    """As `pocket_as`, of the little model."""
    with tempfile.TemporaryDirectory() as made:
        vocabulary = little_model.write_little(Path(made), POCKET / "tokenizer.json")
        little = Source(Path(made), little_model.SIZE, little_model.CONTEXT, little_model.WIDTH, vocabulary)
        return pocket_as(layout, folder, source=little, **changes)


def little_as_bundle(folder: Path) -> Path:
    """The little model as a bundle, to compare with; returns `folder`."""
    return little_model.little_bundle(folder, POCKET / "tokenizer.json")


def published_image(options: Options, name: str, output: str) -> ModelProto:
    """Pocket's image graph with the input `name` and the output `output`."""
    model = onnx.load(str(options.source.folder / "image.onnx"))
    graph, size = model.graph, options.source.size
    if options.pixels == "uint8 NHWC":
        _rename_input(graph, "pixels", name)
        shape: list[int | str] = ["batch", size, size, 3]
        source, kind = name, TensorProto.UINT8
    else:
        std = 255 * np.array(STD, np.float32).reshape(1, 3, 1, 1)
        mean = 255 * np.array(MEAN, np.float32).reshape(1, 3, 1, 1)
        _constants(graph, {"outside.std": std, "outside.mean": mean})
        nodes = [
            helper.make_node("Mul", ["outside.in", "outside.std"], ["outside.scaled"]),
            helper.make_node("Add", ["outside.scaled", "outside.mean"], ["outside.levels"]),
            helper.make_node("Transpose", ["outside.levels"], ["pixels"], perm=[0, 2, 3, 1]),
        ]
        shape, kind = ["batch", 3, size, size], TensorProto.FLOAT
        source = "outside.in"
        _put_first(graph, nodes)
    _set_input(graph, [(name, kind, _with_batch(shape, options.batch))])
    _enter(graph, name, source, [1, *shape[1:]] if options.batch == "fixed" else None)
    _finish(graph, output, options)
    return model


def published_text(options: Options, name: str, output: str) -> ModelProto:
    """Pocket's text graph with the input `name`, a mask where there is one, and the output `output`."""
    model = onnx.load(str(options.source.folder / "text.onnx"))
    graph = model.graph
    kind = TensorProto.INT32 if options.tokens == "int32" else TensorProto.INT64
    shape = _with_batch(
        ["batch", options.source.context if options.fixed_length else "length"], options.batch
    )
    inputs = [(name, kind, shape)]
    nodes = [helper.make_node("Cast", ["outside.in"], ["outside.ids"], to=TensorProto.INT64)]
    if options.attention_mask:
        inputs.append(("attention_mask", kind, shape))
        nodes += [
            helper.make_node("Cast", ["attention_mask"], ["outside.mask"], to=TensorProto.INT64),
            helper.make_node("Mul", ["outside.ids", "outside.mask"], ["tokens"]),
        ]
    else:
        nodes.append(helper.make_node("Identity", ["outside.ids"], ["tokens"]))
    _put_first(graph, nodes)
    _set_input(graph, inputs)
    _enter(graph, name, "outside.in", [1, *shape[1:]] if _is_traced(options) else None)
    _finish(graph, output, options)
    return model


def save(model: ModelProto, path: Path, weights: Weights = "inside") -> None:
    """Write a graph with its weights inside, in one file beside it, or in a file for each large tensor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if weights != "inside":
        onnx.external_data_helper.convert_model_to_external_data(
            model,
            all_tensors_to_one_file=weights == "one file",
            location=path.name + ("_data" if weights == "one file" else ""),
            size_threshold=4096,
        )
    onnx.save(model, str(path))


def _write_immich(folder: Path, options: Options) -> tuple[Path, Path]:
    visual, textual = folder / "visual", folder / "textual"
    source = options.source
    size, width = source.size, source.width
    text_cfg: dict[str, object] = {"context_length": source.context, "width": width}
    text_cfg["vocab_size"] = source.vocabulary
    text_cfg["hf_tokenizer_name"] = "pocket"
    if options.canonicalize:
        text_cfg["tokenizer_kwargs"] = {"clean": "canonicalize"}
    vision_cfg = {"image_size": size, "layers": 1, "width": width}
    _json(folder / "config.json", {"embed_dim": width, "vision_cfg": vision_cfg, "text_cfg": text_cfg})
    mean, std = _normalisation(options)
    picture = {
        "size": [size, size],
        "mode": "RGB",
        "mean": mean,
        "std": std,
        "interpolation": "nearest" if options.fault == "wrong interpolation" else "bilinear",
        "resize_mode": "shortest" if options.fault == "wrong resize" else "squash",
        "fill_color": 0,
    }
    _json(visual / "preprocess_cfg.json", picture)
    _write_tokenizer(textual, options)
    return visual / "model.onnx", textual / "model.onnx"


def _write_transformers(folder: Path, options: Options) -> tuple[Path, Path]:
    _write_picture_and_model(folder, options)
    _write_tokenizer(folder, options)
    return folder / "onnx" / "vision_model.onnx", folder / "onnx" / "text_model.onnx"


def _write_qdrant(folder: Path, options: Options) -> tuple[Path, Path]:
    for half in ("vision", "text"):
        _write_picture_and_model(folder / half, options)
    (folder / "text" / "preprocessor_config.json").unlink()
    _write_tokenizer(folder / "text", options)
    return folder / "vision" / "model.onnx", folder / "text" / "model.onnx"


_write_words: dict[str, Callable[[Path, Options], tuple[Path, Path]]] = {
    "immich": _write_immich,
    "transformers.js": _write_transformers,
    "qdrant": _write_qdrant,
}


def _write_picture_and_model(folder: Path, options: Options) -> None:
    mean, std = _normalisation(options)
    source, size = options.source, options.source.size
    crop = options.fault == "wrong resize"
    picture: dict[str, object] = {
        "do_resize": True,
        "size": {"shortest_edge": size} if crop else {"height": size, "width": size},
        "do_center_crop": crop,
        "do_normalize": True,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "image_mean": mean,
        "image_std": std,
        "resample": 0 if options.fault == "wrong interpolation" else 2,
        "image_processor_type": "CLIPImageProcessor" if crop else "ViTImageProcessor",
    }
    if crop:
        picture["crop_size"] = {"height": size, "width": size}
    _json(folder / "preprocessor_config.json", picture)
    text_config = {"max_position_embeddings": source.context, "vocab_size": source.vocabulary}
    text_config["hidden_size"] = source.width
    model = {"model_type": "clip", "projection_dim": source.width, "text_config": text_config}
    _json(folder / "config.json", {**model, "vision_config": {"image_size": size}})


def _write_tokenizer(folder: Path, options: Options) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    source = options.source.folder / "tokenizer.json"
    if options.fault in ("no lower case", "other tokenizer"):
        content = json.loads(source.read_text("utf-8"))
        if options.fault == "no lower case":
            content["normalizer"]["lowercase"] = False
        else:
            content["model"]["vocab"] = _others_numbers(content["model"]["vocab"])
        _json(folder / "tokenizer.json", content)
    else:
        shutil.copyfile(source, folder / "tokenizer.json")
    pad = "[MASK]" if options.fault == "wrong pad" else "[PAD]"
    config = {
        "tokenizer_class": "BertTokenizer",
        "pad_token": pad,
        "model_max_length": options.source.context,
    }
    _json(folder / "tokenizer_config.json", config)


def _others_numbers(vocabulary: dict[str, int]) -> dict[str, int]:
    """The same words, each with the number of another."""
    words = [word for word in vocabulary if not word.startswith("[")]
    half = len(words) // 2
    moved = dict(zip(words, (vocabulary[word] for word in (*words[half:], *words[:half])), strict=True))
    return {word: moved.get(word, number) for word, number in vocabulary.items()}


def _normalisation(options: Options) -> tuple[list[float], list[float]]:
    if options.fault == "wrong normalisation":
        return [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]
    return list(MEAN), list(STD)


def _is_traced(options: Options) -> bool:
    return options.batch == "fixed" and options.fixed_length


def _with_batch(shape: list[int | str], batch: Batch) -> list[int | str]:
    return shape if batch == "dynamic" else [1, *shape[1:]]


def _rename_input(graph: GraphProto, old: str, new: str) -> None:
    for node in graph.node:
        for slot, name in enumerate(node.input):
            if name == old:
                node.input[slot] = f"{new}.entered" if new != old else old
    graph.input[0].name = new


def _enter(graph: GraphProto, name: str, target: str, shape: list[int | str] | None) -> None:
    """Lead the input `name` to what reads it; through a shape with a batch of one where that is fixed."""
    inner = f"{name}.entered" if target == name else target
    if shape is None:
        _put_first(graph, [helper.make_node("Identity", [name], [inner])])
        return
    _constants(graph, {"outside.shape": np.array(shape, np.int64)})
    _put_first(graph, [helper.make_node("Reshape", [name, "outside.shape"], [inner])])


def _finish(graph: GraphProto, output: str, options: Options) -> None:
    """Name the output, and put the unit length in front of it where the layout has it."""
    inner = f"{output}.raw"
    for node in graph.node:
        for names in (node.input, node.output):
            for slot, name in enumerate(names):
                if name == "embedding":
                    names[slot] = inner
    nodes = [helper.make_node("Identity", [inner], [output])]
    if options.normalised:
        nodes = [
            helper.make_node("ReduceL2", [inner, "outside.last"], ["outside.length"], keepdims=1),
            helper.make_node("Div", [inner, "outside.length"], [output]),
        ]
        _constants(graph, {"outside.last": np.array([-1], np.int64)})
    graph.node.extend(nodes)
    batch: int | str = "batch" if options.batch == "dynamic" else 1
    del graph.output[:]
    graph.output.append(
        helper.make_tensor_value_info(output, TensorProto.FLOAT, [batch, options.source.width])
    )


def _set_input(graph: GraphProto, inputs: list[tuple[str, int, list[int | str]]]) -> None:
    del graph.input[:]
    graph.input.extend(helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in inputs)


def _put_first(graph: GraphProto, nodes: list[onnx.NodeProto]) -> None:
    others = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *others])


def _constants(graph: GraphProto, values: dict[str, np.ndarray]) -> None:
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in values.items())


def _randomise(model: ModelProto) -> None:
    """Noise as the weights that everything an image tower says goes through."""
    draw = np.random.default_rng(7)
    for tensor in model.graph.initializer:
        if tensor.name.startswith("head."):
            value = numpy_helper.to_array(tensor)
            noise = value.std() * draw.standard_normal(value.shape)
            tensor.CopyFrom(numpy_helper.from_array(noise.astype(value.dtype), tensor.name))


def _weights_beside(graph: Path) -> Path:
    """The largest file that holds weights of `graph`."""
    others = [path for path in graph.parent.iterdir() if path.suffix not in (".onnx", ".json")]
    of_graph = [path for path in others if not path.name.startswith("vision_model")]
    return max(of_graph, key=lambda path: path.stat().st_size)


def _json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2), "utf-8")
