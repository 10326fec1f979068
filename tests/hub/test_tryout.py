"""What a graph does when it runs costs a child process, not the program."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.errors import ModelError
from app.hub.importing import import_bundle
from app.hub.store import ModelStore
from app.hub.tryout import try_out
from tests.bundles import PAD, WIDTH, write_manifest
from tests.hub.conftest import edit_manifest, list_also


def endless_text_graph() -> onnx.ModelProto:
    """Counts to 2^62 before it answers."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["going"], ["going_on"]),
            helper.make_node("Add", ["sum", "sum"], ["next"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("round", TensorProto.INT64, []),
            helper.make_tensor_value_info("going", TensorProto.BOOL, []),
            helper.make_tensor_value_info("sum", TensorProto.FLOAT, [1, WIDTH]),
        ],
        [
            helper.make_tensor_value_info("going_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", TensorProto.FLOAT, [1, WIDTH]),
        ],
    )
    constants = {
        "rounds": np.array(2**62, np.int64),
        "yes": np.array(True),
        "zero": np.zeros((1, WIDTH), np.float32),
    }
    graph = helper.make_graph(
        [helper.make_node("Loop", ["rounds", "yes", "zero"], ["embedding"], body=body)],
        "endless",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["N", "L"])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, WIDTH])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)


def test_a_sound_model_passes(bundle: Path) -> None:
    try_out(bundle)


def test_a_graph_that_never_ends_is_refused(bundle: Path) -> None:
    assert PAD == 0
    onnx.save(endless_text_graph(), str(bundle / "text.onnx"))
    write_manifest(bundle)
    with pytest.raises(ModelError, match="took longer than 4 seconds"):
        try_out(bundle, seconds=4.0)


def test_what_is_wrong_when_it_runs_is_said_and_nothing_is_taken_in(bundle: Path, store: ModelStore) -> None:
    graph = onnx.load(str(bundle / "text.onnx"))
    graph.graph.node[-1].op_type = "NoSuchOperator"
    onnx.save(graph, str(bundle / "text.onnx"))
    write_manifest(bundle)
    with pytest.raises(ModelError, match=r"text\.onnx cannot be used"):
        import_bundle(bundle, store)
    assert [model.name for model in store.installed()] == ["pocket"]


def test_the_child_ends_without_its_parent(bundle: Path) -> None:
    onnx.save(endless_text_graph(), str(bundle / "text.onnx"))
    write_manifest(bundle)
    command = [sys.executable, "-m", "app.hub.tryout", str(bundle), "2"]
    child = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert child.returncode == 1
    assert b"Timeout" in child.stderr


@pytest.mark.parametrize("tower", ["image", "text"])
def test_the_float32_towers_have_to_run_too(bundle: Path, tower: str) -> None:
    """Another computer uses them, this one too where int8 was not measured well."""
    name = f"{tower}.onnx"
    shutil.copy(bundle / name, bundle / f"{tower}.int8.onnx")
    (bundle / name).write_bytes(b"no graph")
    write_manifest(bundle)
    list_also(bundle, f"{tower}.int8.onnx")
    keys = {
        "variants": {"int8": {tower: f"{tower}.int8.onnx"}},
        "parity": {"int8": {"image": 1.0, "text": 1.0}},
    }
    edit_manifest(bundle, lambda manifest: manifest.update(keys))
    with pytest.raises(ModelError, match=rf"{tower}\.onnx cannot be used"):
        try_out(bundle)


def test_a_crash_is_a_refusal(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crashing = tmp_path / "python"
    crashing.write_text(f"#!{sys.executable}\nimport os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    crashing.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(crashing))
    with pytest.raises(ModelError, match=r"running it crashes \(exit code -11\)"):
        try_out(bundle)
