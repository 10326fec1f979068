"""What a measurement ran on."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from app.runtime.sessions.onnx_runtime import ort


def describe() -> str:
    """Processor, cores, memory and versions in one line of Markdown."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(_installed(name) for name in ("av", "hnswlib", "PySide6"))
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"onnxruntime {ort.__version__}, {packages}"
    )


def _installed(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"no {name}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"
