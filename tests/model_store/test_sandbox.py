"""What a graph does when it runs costs a child process, not the program."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import psutil
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.errors import ModelError
from app.model_intake.gate import sandbox
from app.model_intake.gate.bundle_checks import try_model
from app.model_intake.gate.sample_frames import frames
from app.model_intake.gate.sandbox import run_in_sandbox
from app.model_store import importing
from app.model_store.importing import import_bundle
from app.model_store.store import ModelStore
from app.processes import launcher
from app.processes.launcher import command_line
from app.processes.limits import OUT_OF_MEMORY, Limits
from tests.bundles import WIDTH, write_manifest
from tests.conftest import has_ended, wait_until
from tests.forked_children import started_anew
from tests.model_store.conftest import edit_manifest, list_also
from tests.model_store.hostile import (
    ENDLESS,
    FILES,
    GREEDY,
    SIZE,
    VECTORS,
    Spoil,
)


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
    run_in_sandbox(bundle)


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
    command = command_line("try-model", str(bundle), limits=Limits(seconds=1))
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
        run_in_sandbox(bundle)


def test_a_crash_is_a_refusal(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crashing = tmp_path / "python"
    crashing.write_text(f"#!{sys.executable}\nimport os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    crashing.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(crashing))
    with pytest.raises(ModelError, match=r"running it crashes \(exit code -11\)"):
        run_in_sandbox(bundle)


def refusal(spoil: Spoil, bundle: Path, store: ModelStore) -> str:
    """What importing the spoilt bundle is answered with."""
    spoil(bundle)
    with pytest.raises(ModelError) as caught:
        import_bundle(bundle, store)
    assert [model.name for model in store.installed()] == ["pocket"]
    left = store.folder / ".staging"
    assert not left.exists() or {path.name for path in left.iterdir()} <= {".lock"}
    return str(caught.value)


@pytest.mark.parametrize("name", [*VECTORS, *FILES])
def test_a_hostile_model_ends_in_one_sentence(
    bundle: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """None of these hurts its process, so that they are tried in this one: it is quicker."""
    monkeypatch.setattr(importing, "run_in_sandbox", try_model)
    said = refusal((VECTORS | FILES)[name], bundle, store)
    assert said.isprintable()
    assert said.endswith(".")
    assert len(said) < 400
    assert str(store.folder) not in said


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("image-nan", "image encoder gives numbers that are not finite for a test picture"),
        ("image-beyond-float16", "image encoder gives numbers beyond 65,504"),
        ("image-zeros", "image encoder gives nothing but zeros"),
        ("image-constant", "image encoder gives the same vector for every picture"),
        ("image-mixes-the-batch", "another vector for a frame alone than among others"),
        ("text-constant", "text encoder gives the same vector for every text"),
        ("int8-constant", "int8 image encoder gives the same vector"),
        ("fp16-beyond-float16", "half-precision image encoder gives numbers beyond 65,504"),
    ],
)
def test_the_sentence_names_what_is_wrong(bundle: Path, store: ModelStore, name: str, sentence: str) -> None:
    assert sentence in refusal(VECTORS[name], bundle, store)


@pytest.mark.parametrize("name", GREEDY)
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits what a process allocates")
def test_a_graph_that_wants_all_memory_costs_a_child_that_may_not_have_it(
    bundle: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(launcher, "_popen", started_anew)  # what it holds is its own
    limit = 200 << 20
    monkeypatch.setattr(importing, "run_in_sandbox", lambda folder: run_in_sandbox(folder, memory=limit))
    import resource  # noqa: PLC0415 (POSIX only)

    def largest_child() -> int:
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10

    before, largest_before = psutil.Process().memory_info().rss, largest_child()
    assert "takes more than 0.2 GB of memory" in refusal(GREEDY[name], bundle, store)
    assert psutil.Process().memory_info().rss - before < limit / 2
    # A child's peak begins with what its parent held when it was started.
    parent = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    assert largest_child() <= max(largest_before, parent, limit + (100 << 20))


@pytest.mark.parametrize(
    "name", ["image-never-ends", pytest.param("text-never-ends", marks=pytest.mark.nightly)]
)
def test_a_graph_that_loops_for_ever_is_ended(
    bundle: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    run_in_sandbox(bundle)  # whatever has to be loaded is
    monkeypatch.setattr(importing, "run_in_sandbox", lambda folder: run_in_sandbox(folder, seconds=1.0))
    assert "took longer than 1 seconds" in refusal(ENDLESS[name], bundle, store)


STAND_IN = """#!{python}
import os, signal, sys, time
sys.stdout.write({said!r})
sys.stdout.flush()
{does}
"""
STARTED = '{"phase": "start"}\n'


@pytest.mark.parametrize(
    ("said", "does"),
    [
        ("", "os.kill(os.getpid(), signal.SIGKILL)"),
        (STARTED, "os.kill(os.getpid(), signal.SIGKILL)"),
        (STARTED, "os.kill(os.getpid(), signal.SIGTERM)"),
        ("", "sys.exit(3)"),
        ("", "sys.exit(0)"),
        ("", "time.sleep(60)"),
        (STARTED, "os.kill(os.getpid(), signal.SIGSTOP)"),
        ('{"passing": "Input/output error"}\n', "sys.exit(0)"),
        ("[" * 100_000, "sys.exit(0)"),
    ],
)
def test_a_child_that_is_ended_or_does_not_start_says_nothing_of_the_model(
    bundle: Path,
    store: ModelStore,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    does: str,
) -> None:
    program = tmp_path / "python"
    program.write_text(STAND_IN.format(python=sys.executable, said=said, does=does))
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(importing, "run_in_sandbox", lambda folder: run_in_sandbox(folder, seconds=1.5))
    answer = refusal(lambda _folder: None, bundle, store)
    assert answer.startswith("The model could not be tested: ")
    assert answer.endswith("Nothing was added; try again.")


def test_no_child_at_all_says_nothing_of_the_model(
    bundle: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert "no process can be started" in refusal(lambda _folder: None, bundle, store)


@pytest.mark.skipif(sys.platform == "win32", reason="there the time limit ends it")
def test_the_child_ends_with_its_parent(bundle: Path, tmp_path: Path) -> None:
    ENDLESS["image-never-ends"](bundle)
    code = (
        "import sys; from pathlib import Path; from app.model_intake.gate.sandbox import run_in_sandbox;"
        "run_in_sandbox(Path(sys.argv[1]))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(bundle)])

    def children() -> list[psutil.Process]:
        return psutil.Process(parent.pid).children()

    assert wait_until(lambda: children() and children()[0].cpu_times().user > 0.2)
    (child,) = children()
    parent.kill()
    parent.wait()
    assert wait_until(lambda: has_ended(child))


def test_all_sample_pictures_are_different() -> None:
    pictures = frames(SIZE)
    assert pictures.shape == (16, SIZE, SIZE, 3)
    assert len({picture.tobytes() for picture in pictures}) == 16


@pytest.mark.parametrize(("free", "wanted"), [(1 << 40, True), (1 << 30, False)])
def test_a_trial_gets_no_more_memory_than_is_free(
    monkeypatch: pytest.MonkeyPatch, free: int, wanted: bool
) -> None:
    """What lacks then is the computer's: the sentence asks to close other programs."""
    monkeypatch.setattr(sandbox, "available_memory", lambda: free)
    limit = sandbox._limit(100)
    assert (limit.bytes == limit.wanted) is wanted
    assert limit.bytes < free
    with pytest.raises(ModelError, match="takes more than" if wanted else "free memory were not enough"):
        sandbox._judge(OUT_OF_MEMORY, [], limit)
