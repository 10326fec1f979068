"""A provider is chosen because it ran, and what it was not chosen for is said."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import onnx
import pytest

from app.errors import UsageError
from app.processes import launcher
from app.runtime.sessions import providers, smoke_test
from app.runtime.sessions.onnx_runtime import first_line, ort
from app.runtime.sessions.providers import ProviderChoice, choose_provider

REALLY_LISTED = ort.get_available_providers()
LISTED = ["CUDAExecutionProvider", "CPUExecutionProvider"]
Probe = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with an NVIDIA driver and an ONNX Runtime for CUDA; nothing is forced."""
    monkeypatch.delenv("REELFIND_PROVIDER", raising=False)
    monkeypatch.setattr(providers.ort, "get_available_providers", lambda: LISTED)
    monkeypatch.setattr(providers, "has_nvidia_driver", lambda: True)


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Probe:
    """Has children run these lines of Python; returns the providers that were asked for."""

    def install(*lines: str, seconds: float = 60.0) -> list[str]:
        asked: list[str] = []

        def run(task: str, provider: str, *, seconds: float) -> launcher.Finished:
            asked.append(provider)
            command = [sys.executable, "-c", "\n".join(lines)]
            return launcher.run(task, provider, seconds=seconds, command=command)

        monkeypatch.setattr(providers, "run", run)
        monkeypatch.setattr(providers, "PROBE_SECONDS", seconds)
        return asked

    return install


def answering(**answer: object) -> str:
    whole = {"works": False, "why": "", "device": "", "memory": 0} | answer
    return f"print({json.dumps(whole)!r})"


def test_without_a_choice_nothing_is_tried_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    asked = probe("raise SystemExit(1)")
    plain = ["AzureExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr(providers.ort, "get_available_providers", lambda: plain)
    reason = "This ONNX Runtime has no CUDA; the cuda extra brings it."
    assert choose_provider(cache=tmp_path) == ProviderChoice("CPU", reason)
    monkeypatch.setattr(providers, "has_nvidia_driver", lambda: False)
    assert choose_provider(cache=tmp_path) == ProviderChoice("CPU")
    assert asked == list(tmp_path.iterdir()) == []


def test_the_environment_keeps_it_on_the_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    asked = probe(answering(works=True))
    monkeypatch.setenv("REELFIND_PROVIDER", "CPU")
    choice = choose_provider(cache=tmp_path)
    assert choice.name == "CPU"
    assert "REELFIND_PROVIDER" in choice.reason
    assert asked == []
    monkeypatch.setenv("REELFIND_PROVIDER", "tpu")
    with pytest.raises(UsageError, match="tpu"):
        choose_provider(cache=tmp_path)


def test_what_works_is_chosen_with_its_device_and_remembered(tmp_path: Path, probe: Probe) -> None:
    asked = probe(answering(works=True, device="NVIDIA Tesla T4", memory=15 << 30))
    chosen = choose_provider(cache=tmp_path / "new")
    assert astuple(chosen) == ("CUDA", "", "NVIDIA Tesla T4", 15 << 30)
    assert choose_provider(cache=tmp_path / "new") == chosen
    assert asked == ["CUDAExecutionProvider"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["provider.json"]


def test_the_real_probe_runs_a_provider_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The processor's stands for CUDA's: everything but the device is as it would be."""
    monkeypatch.setitem(providers.BETTER, "CUDA", smoke_test.CPU)
    assert choose_provider(cache=tmp_path) == ProviderChoice("CUDA")


def test_the_real_probe_refuses_a_provider_that_is_only_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "DmlExecutionProvider" in REALLY_LISTED:
        pytest.skip("this ONNX Runtime has DirectML")
    monkeypatch.setattr(providers.ort, "get_available_providers", lambda: ["DmlExecutionProvider"])
    choice = choose_provider(cache=tmp_path)
    assert choice.name == "CPU"
    assert choice.reason.startswith("DirectML does not run: ")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["import os", "os.abort()"], "CUDA crashed when it was tried (exit code -6)."),
        (["raise SystemExit(3)"], "CUDA crashed when it was tried (exit code 3)."),
        (["print('[1, 2]')"], "CUDA crashed when it was tried (exit code 0)."),
        ([answering(why="CUDA failure 100: no device.")], "CUDA does not run: CUDA failure 100: no device."),
        (
            [
                "import sys",
                "print('Failed to load library /x/libonnxruntime_providers_cuda.so with error: '",
                "  'libcudnn.so.9: cannot open shared object file: No such file', file=sys.stderr)",
                answering(why="nodes are assigned to the CPU"),
            ],
            "CUDA does not run: libcudnn.so.9 is missing; the cuda extra brings it.",
        ),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="exit codes of signals are POSIX")
def test_what_does_not_work_is_said_in_a_sentence(
    tmp_path: Path, probe: Probe, lines: list[str], reason: str
) -> None:
    probe(*lines)
    assert choose_provider(cache=tmp_path) == ProviderChoice("CPU", reason)


def test_a_provider_that_hangs_is_killed(tmp_path: Path, probe: Probe) -> None:
    probe(
        "import os, pathlib, sys, threading",
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))",
        "threading.Event().wait()",
        seconds=3.0,
    )
    choice = choose_provider(cache=tmp_path)
    assert choice == ProviderChoice("CPU", "CUDA did not answer within 3 seconds.")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_card_without_memory_is_tried_again_at_the_next_start(tmp_path: Path, probe: Probe) -> None:
    """As on a real card that another program had filled: it was left for a day after that had ended."""
    asked = probe(answering(why="CUDA failure 2: out of memory"))
    choice = choose_provider(cache=tmp_path)
    assert choice == ProviderChoice(
        "CPU", "CUDA does not run now: other programs have taken the memory of the graphics card."
    )
    probe(answering(works=True))
    assert choose_provider(cache=tmp_path).name == "CUDA"
    assert asked == ["CUDAExecutionProvider"]


def test_without_a_driver_that_is_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    monkeypatch.setattr(providers, "has_nvidia_driver", lambda: False)
    probe(answering(why="CUDA failure 35: the driver version is insufficient"))
    choice = choose_provider(cache=tmp_path)
    assert choice.reason == "CUDA needs an NVIDIA driver, and there is none."


def test_the_next_best_runs_where_the_best_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    listed = ["DmlExecutionProvider", *LISTED]
    monkeypatch.setattr(providers.ort, "get_available_providers", lambda: listed)
    works, fails = answering(works=True), answering(why="it is broken")
    asked = probe("import sys", f"if 'Dml' in sys.argv[1]: {works}", f"else: {fails}")
    choice = choose_provider(cache=tmp_path)
    assert choice == ProviderChoice("DirectML", "CUDA does not run: it is broken.")
    assert asked == ["CUDAExecutionProvider", "DmlExecutionProvider"]


def test_a_new_driver_or_other_devices_are_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    driver = tmp_path / "version"
    driver.write_text("NVRM version: 570.1")
    monkeypatch.setattr(providers, "_driver_files", lambda: [driver])
    asked = probe(answering(works=True))
    choose_provider(cache=tmp_path / "cache")
    driver.write_text("NVRM version: 580.65")
    choose_provider(cache=tmp_path / "cache")
    assert len(asked) == 2
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    choose_provider(cache=tmp_path / "cache")
    assert len(asked) == 3
    monkeypatch.setattr(providers.ort, "__version__", "99.0")
    choose_provider(cache=tmp_path / "cache")
    assert len(asked) == 4
    choose_provider(cache=tmp_path / "cache")
    assert len(asked) == 4


def test_a_failure_is_looked_at_again_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, probe: Probe
) -> None:
    asked = probe(answering(why="busy"))
    choose_provider(cache=tmp_path)
    choose_provider(cache=tmp_path)
    assert len(asked) == 1
    file = tmp_path / "provider.json"
    content = json.loads(file.read_text())
    file.write_text(json.dumps(content | {"time": content["time"] - 25 * 3600}))
    probe(answering(works=True))
    assert choose_provider(cache=tmp_path).name == "CUDA"


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '{"key": 1}'])
def test_a_damaged_memory_is_forgotten(tmp_path: Path, probe: Probe, content: str) -> None:
    probe(answering(works=True))
    (tmp_path / "provider.json").write_text(content)
    assert choose_provider(cache=tmp_path).name == "CUDA"


@pytest.mark.parametrize("entry", [{"name": "ROCm"}, {"memory": "much"}, {"name": None}])
def test_a_choice_that_cannot_be_is_forgotten(tmp_path: Path, probe: Probe, entry: dict[str, object]) -> None:
    asked = probe(answering(works=True))
    choose_provider(cache=tmp_path)
    file = tmp_path / "provider.json"
    content = json.loads(file.read_text())
    content["choice"] |= entry
    file.write_text(json.dumps(content))
    assert choose_provider(cache=tmp_path).name == "CUDA"
    assert len(asked) == 2


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path, probe: Probe) -> None:
    probe(answering(works=True))
    (tmp_path / "file").touch()
    assert choose_provider(cache=tmp_path / "file").name == "CUDA"


def test_the_tiny_graph_is_one_that_others_read_too() -> None:
    model = onnx.ModelProto.FromString(smoke_test.tiny_graph())
    onnx.checker.check_model(model, full_check=True)
    assert [node.op_type for node in model.graph.node] == ["Conv", "Flatten", "MatMul"]


def test_preloading_prints_nothing_and_keeps_nobody_else_from_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def preload_dlls() -> None:
        print("Failed to load a library")  # noqa: T201
        sys.stdout.write("from another thread")

    monkeypatch.setattr(smoke_test.ort, "preload_dlls", preload_dlls, raising=False)
    smoke_test.preload.__wrapped__()
    print(".")  # noqa: T201
    assert capsys.readouterr().out == "from another thread.\n"


def test_wrong_numbers_do_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    smoke_test.run_tiny_graph(smoke_test.CPU)
    right = smoke_test._expected
    monkeypatch.setattr(smoke_test, "_expected", lambda *numbers: 1.1 * right(*numbers))
    with pytest.raises(RuntimeError, match="wrong numbers"):
        smoke_test.run_tiny_graph(smoke_test.CPU)


def test_what_the_device_itself_says_is_told_without_places_in_sources() -> None:
    said = (
        "/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:129 std::conditional_t CudaCall() "
        "CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; hostname=here ; file=a.cc ; line=66 "
    )
    assert first_line(RuntimeError(said)) == "CUDA failure 100: no CUDA-capable device is detected"
