"""A torch module becomes an ONNX graph of standard operators."""

from __future__ import annotations

import warnings

import onnx
import torch
from torch import Tensor, nn

OPSET = 18


def export_graph(
    module: nn.Module,
    sample: Tensor,
    *,
    input_name: str,
    output_names: tuple[str, ...],
    dynamic_axes: dict[int, torch.export.Dim] | None = None,
) -> onnx.ModelProto:
    """The ONNX graph of `module` called with one tensor like `sample`; the batch axis may always change."""
    axes = {0: torch.export.Dim("batch"), **(dynamic_axes or {})}
    with warnings.catch_warnings():
        # torch.export of torch 2.13 warns about classes that it itself deprecates.
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        program = torch.onnx.export(
            module.eval(),
            (sample,),
            input_names=[input_name],
            output_names=list(output_names),
            dynamic_shapes=(axes,),
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    if program is None:
        raise RuntimeError("torch.onnx.export returned no program")
    model: onnx.ModelProto = program.model_proto
    return model
