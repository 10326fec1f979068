"""Which execution provider the image towers run on: the best that really works here.

Listing a provider is not running on it: ONNX Runtime's CUDA build lists CUDA on every machine, and falls back
without an error where a library is missing. So each provider better than the processor is tried with a tiny
graph, best first, in a child process that may crash or hang (`provider_probe.py`). What was found is
remembered until something it depends on changes; that one does not work is looked at again after a day.
"""

import hashlib
import json
import os
import platform
import re
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.errors import UsageError
from app.paths import cache_folder
from app.processes.launcher import StartError, run
from app.runtime.measured import read_object, write_object
from app.runtime.sessions.onnx_runtime import ort, says_no_memory

BETTER = {
    "CUDA": "CUDAExecutionProvider",
    "CoreML": "CoreMLExecutionProvider",
    "DirectML": "DmlExecutionProvider",
}
"""Providers quicker than the processor, best first, and what ONNX Runtime calls them."""

FORCE = "REELFIND_PROVIDER"
"""Environment variable; `cpu` keeps everything on the processor."""

PROBE_SECONDS = 60.0
"""The first CUDA session after a start of the machine loads gigabytes of libraries."""
_FAILURE_LASTS = 24 * 3600.0
_NO_MEMORY_LEFT = "other programs have taken the memory of the graphics card"

_ENVIRONMENT = ("CUDA_VISIBLE_DEVICES", "CUDA_PATH", "PATH" if sys.platform == "win32" else "LD_LIBRARY_PATH")
"""What says which devices there are and where their libraries are looked for."""

_MISSING_LIBRARY = re.compile(r"with error: (\S+): cannot open shared object")
_LIBRARY_ERROR = re.compile(r"Failed to load library .* with error: (.{1,160})")

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class ProviderChoice:
    """Where image towers run."""

    name: str
    """`CUDA`, `CoreML`, `DirectML` or `CPU`."""
    reason: str = ""
    """Why nothing better runs, one sentence; empty where the best there is does."""
    device: str = ""
    """Name of the device, empty where it is not known."""
    memory: int = 0
    """Bytes of the device's own memory, 0 where they are not known."""


def choose_provider(*, cache: Path | None = None) -> ProviderChoice:
    """Choose, trying out what was not tried yet; takes seconds the first time where there is a choice.

    Args:
        cache: folder to remember the choice in; the program's own where None.

    Raises:
        UsageError: the environment asks for a provider that cannot be asked for.
    """
    forced = os.environ.get(FORCE, "").strip().lower()
    if forced == "cpu":
        return ProviderChoice("CPU", f"{FORCE}=cpu keeps it on the processor.")
    if forced:
        raise UsageError(f"{FORCE} is “{forced}”; it can only be “cpu”.", "Correct it or remove it.")
    available = ort.get_available_providers()
    better = [name for name, listed in BETTER.items() if listed in available]
    if not better:
        lacks = "This ONNX Runtime has no CUDA; the cuda extra brings it."
        return ProviderChoice("CPU", lacks if has_nvidia_driver() else "")
    file = (cache or cache_folder()) / "provider.json"
    key = _key(available)
    with _one_at_a_time:
        known = _remembered(file, key)
        if known is None:
            known = _try_all(better)
            if _NO_MEMORY_LEFT not in known.reason:  # the next start may find some
                _remember(file, key, known)
    return known


def has_nvidia_driver() -> bool:
    """Whether an NVIDIA driver is installed; on Windows' Linux too."""
    return any(path.exists() for path in _driver_files())


def _driver_files() -> list[Path]:
    if sys.platform == "win32":
        return [Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "nvcuda.dll"]
    return [Path("/proc/driver/nvidia/version"), Path("/usr/lib/wsl/lib/libcuda.so.1")]


def _try_all(better: Sequence[str]) -> ProviderChoice:
    """The first that works; else the processor, with the reason why the best one does not."""
    reasons: list[str] = []
    for name in better:
        choice = _try(name)
        if choice.name == name:
            return replace(choice, reason=reasons[0] if reasons else "")
        reasons.append(choice.reason)
    return ProviderChoice("CPU", reasons[0])


def _try(name: str) -> ProviderChoice:
    """The provider with its device, or the processor with the reason."""
    try:
        probed = run("probe-provider", BETTER[name], seconds=PROBE_SECONDS)
    except StartError as error:
        return ProviderChoice("CPU", f"{name} could not be tried ({error.reason}).")
    except TimeoutError:
        return ProviderChoice("CPU", f"{name} did not answer within {PROBE_SECONDS:.0f} seconds.")
    try:
        found = json.loads(probed.stdout)
        if found["works"]:
            return ProviderChoice(name, "", str(found["device"]), int(found["memory"]))
        why = str(found["why"])
    except (ValueError, KeyError, TypeError):
        return ProviderChoice("CPU", f"{name} crashed when it was tried (exit code {probed.code}).")
    return ProviderChoice("CPU", _in_words(name, why, probed.stderr))


def _in_words(name: str, why: str, complaints: str) -> str:
    """Why a provider does not run; ONNX Runtime says which library it lacks on stderr only."""
    if name == "CUDA" and not has_nvidia_driver():
        return "CUDA needs an NVIDIA driver, and there is none."
    if says_no_memory(why):
        return f"{name} does not run now: {_NO_MEMORY_LEFT}."
    if missing := _MISSING_LIBRARY.search(complaints):
        return f"{name} does not run: {missing[1]} is missing; the cuda extra brings it."
    if broken := _LIBRARY_ERROR.search(complaints):
        why = broken[1]
    return f"{name} does not run: {why.rstrip('. ')}."


def _key(available: Sequence[str]) -> str:
    """Names what the choice depends on: ONNX Runtime, the driver and what the environment changes of them."""
    parts: dict[str, Any] = {
        "onnxruntime": [ort.__version__, ort.__file__, list(available)],
        "system": [platform.system(), platform.release(), platform.version()],
        "driver": [_state(path) for path in _driver_files()],
        "devices": _names(Path("/proc/driver/nvidia/gpus")),
        "environment": [os.environ.get(name) for name in _ENVIRONMENT],
    }
    if BETTER["CUDA"] in available:
        # The folders' names hold the versions; reading every package's metadata would take ten times as long.
        parts["packages"] = sorted({name for path in sys.path for name in _names(Path(path), "nvidia*-info")})
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _state(path: Path) -> str:
    """Changes when the file does."""
    try:
        stat = path.stat()
        if stat.st_size == 0:  # as /proc says of all its files
            return path.read_text(encoding="utf-8", errors="replace")
        return f"{stat.st_size} {stat.st_mtime_ns}"
    except OSError:
        return ""


def _names(folder: Path, pattern: str = "*") -> list[str]:
    try:
        return sorted(path.name for path in folder.glob(pattern))
    except OSError:
        return []


def _remembered(file: Path, key: str) -> ProviderChoice | None:
    try:
        content = read_object(file)
        if content["key"] != key:
            return None
        choice = _read(content["choice"])
        age = time.time() - float(content["time"])
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    return choice if not choice.reason or 0 <= age < _FAILURE_LASTS else None


def _read(content: Mapping[str, Any]) -> ProviderChoice:
    name = str(content["name"])
    if name not in {*BETTER, "CPU"}:
        raise ValueError(name)
    return ProviderChoice(name, str(content["reason"]), str(content["device"]), int(content["memory"]))


def _remember(file: Path, key: str, choice: ProviderChoice) -> None:
    """Where the folder cannot be written, the next start tries again."""
    content = {"key": key, "time": time.time(), "choice": asdict(choice)}
    write_object(file, content)
