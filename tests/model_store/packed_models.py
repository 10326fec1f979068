"""Models as archives, and what must be true where none was taken."""

import zipfile
from pathlib import Path

from app.model_store.store import ModelStore

FILES = ("manifest.json", "image.onnx", "text.onnx", "tokenizer.json", "calibration.json")


def zipped(bundle: Path, prefix: str = "") -> Path:
    path = bundle.with_name("model.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in FILES:
            archive.write(bundle / name, prefix + name)
    return path


def with_entry(path: Path, name: str | zipfile.ZipInfo, content: bytes = b"x", **more: int) -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, content, **more)
    return path


def nothing_arrived(store: ModelStore, tmp_path: Path) -> None:
    assert [model.name for model in store.installed()] == ["pocket"]
    staging = store.folder / ".staging"
    assert not staging.exists() or {path.name for path in staging.iterdir()} <= {".lock"}
    assert not (tmp_path / "evil").exists()
