"""Models are listed, found, added and removed; whatever happens, the list works."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from app.encoders import load_bundle
from app.errors import ModelError, UsageError
from app.hub.importing import import_bundle
from app.hub.installed import look_at
from app.hub.store import ModelStore
from app.paths import bundled_model
from tests.bundles import make_bundle, write_manifest
from tests.hub.conftest import edit_manifest, list_also


def names(store: ModelStore) -> list[str]:
    return [model.name for model in store.installed()]


def test_an_empty_store_has_the_bundled_model(store: ModelStore) -> None:
    (pocket,) = store.installed()
    loaded = load_bundle(bundled_model())
    assert pocket.bundled
    assert (pocket.name, pocket.identity, pocket.title) == ("pocket", loaded.identity, loaded.title)
    assert pocket.has_head
    assert pocket.embedding_width == loaded.embedding_width
    assert pocket.bytes == sum(path.stat().st_size for path in bundled_model().iterdir())
    assert not store.folder.exists()


def test_a_listing_knows_what_loading_does_without_reading_weights(
    store: ModelStore, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(bundle / "image.onnx", bundle / "image.int8.onnx")
    (bundle / "image.onnx.data").write_bytes(b"weights")
    write_manifest(bundle)

    list_also(bundle, "image.int8.onnx", "image.onnx.data")
    more = {"title": "All colours", "variants": {"int8": {"image": "image.int8.onnx"}}}
    edit_manifest(bundle, lambda manifest: manifest.update(more))
    added = import_bundle(bundle, store)
    loaded = load_bundle(added.folder)
    read: list[str] = []
    real = Path.open

    def opened(path: Path, mode: str = "r") -> IO[Any]:
        read.append(path.name)
        return real(path, mode)

    monkeypatch.setattr(Path, "open", opened)
    listed = store.find("colours")
    assert set(read) == {"manifest.json"}
    assert listed == added
    assert listed.identity == loaded.identity
    assert listed.title == loaded.title == "All colours"
    assert listed.variants == ("int8",)
    assert (listed.embedding_width, listed.has_head, listed.bundled) == (3, False, False)
    assert (listed.licence, listed.source) == ("Apache-2.0", "made by a test")


def test_unknown_names_are_answered_with_the_known(store: ModelStore, bundle: Path) -> None:
    import_bundle(bundle, store)
    with pytest.raises(UsageError, match=r"no model “nothing”.*pocket, colours"):
        store.find("nothing")
    with pytest.raises(UsageError):
        store.remove("../bundle")


def test_a_model_is_removed_but_not_the_bundled_one(store: ModelStore, bundle: Path) -> None:
    import_bundle(bundle, store)
    store.remove("colours")
    assert names(store) == ["pocket"]
    assert not (store.folder / "colours").exists()
    with pytest.raises(UsageError, match="belongs to Reelfind"):
        store.remove("pocket")
    assert bundled_model().is_dir()


def test_the_same_model_twice_is_one(store: ModelStore, bundle: Path) -> None:
    first = import_bundle(bundle, store)
    assert import_bundle(bundle, store) == first
    assert names(store) == ["pocket", "colours"]


def test_another_model_of_the_name_is_refused(store: ModelStore, bundle: Path, tmp_path: Path) -> None:
    first = import_bundle(bundle, store)
    other = make_bundle(tmp_path / "other", size=16)
    with pytest.raises(UsageError, match="another model called “colours”"):
        import_bundle(other, store)
    assert store.find("colours") == first


def test_nothing_replaces_the_bundled_model(store: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="another model called “pocket”"):
        import_bundle(make_bundle(tmp_path / "other", name="pocket"), store)
    assert import_bundle(bundled_model(), store).bundled
    assert names(store) == ["pocket"]


def test_a_damaged_model_is_listed_with_what_is_wrong_and_replaced(store: ModelStore, bundle: Path) -> None:
    good = import_bundle(bundle, store)
    (good.folder / "text.onnx").unlink()
    damaged = store.find("colours")
    assert damaged.problem == "Its file text.onnx is missing. Install the model again."
    assert damaged.identity == ""
    assert import_bundle(bundle, store) == good
    (good.folder / "manifest.json").write_text("{")
    assert "damaged" in store.find("colours").problem
    store.remove("colours")
    assert names(store) == ["pocket"]


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"format": 1}',
        '{"format": 2, "files": {}}',
        '{"format": 1, "files": {"image.onnx": 3}}',
        '{"format": 1, "files": {}, "name": "\\u001b[2J", "embedding_width": Infinity}',
    ],
)
def test_any_manifest_can_be_listed(store: ModelStore, manifest: str) -> None:
    folder = store.folder / "strange"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(manifest)
    (store.folder / "a file").write_text("")
    assert names(store) == ["pocket", "strange"]
    assert store.find("strange").problem.endswith((".", "again."))


def test_control_characters_never_reach_a_terminal(store: ModelStore, bundle: Path) -> None:
    shutil.copytree(bundle, store.folder / "colours")
    edit_manifest(store.folder / "colours", lambda manifest: manifest.update(source="\x1b[2J"))
    assert "\x1b" not in repr(look_at(store.folder / "colours"))
    assert store.find("colours").problem


@pytest.mark.parametrize(
    "name", ["Colours", "a b", "..", ".hidden", "con", "nul.txt", "a/b", "x" * 150, "dot."]
)
def test_a_name_that_is_no_folder_is_refused(store: ModelStore, tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match="cannot be that of a folder"):
        import_bundle(make_bundle(tmp_path / "other", name=name), store)
    assert names(store) == ["pocket"]


def test_staging_is_cleaned_on_failure_and_after_a_kill(store: ModelStore) -> None:
    with contextlib.suppress(ZeroDivisionError), store.staging() as staged:
        (staged / "half").write_text("")
        _ = 1 // 0
    assert not staged.exists()
    left = store.folder / ".staging" / "tmpleft"
    left.mkdir()
    (left / "half").write_text("")
    with store.staging() as one, store.staging() as other:
        assert one.is_dir()
        assert one != other
        assert not left.exists()
    assert {path.name for path in (store.folder / ".staging").iterdir()} <= {".lock"}
    assert names(store) == ["pocket"]


KILLED = """
import os, signal, sys
from pathlib import Path
from app.hub import importing, inspection, store

where = sys.argv[3]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if where == "copying":
    real, seen = importing._copy, []
    importing._copy = lambda entry, target: (seen.append(1), die() if len(seen) == 3 else real(entry, target))
elif where == "checking":
    inspection.inspect_graph = die
else:
    real = Path.rename
    def rename(path, target):
        if where == "after the rename":
            real(path, target)
        die()
    Path.rename = rename
importing.import_bundle(Path(sys.argv[1]), store.ModelStore(Path(sys.argv[2])))
"""


@pytest.mark.parametrize("where", ["copying", "checking", "before the rename", "after the rename"])
def test_a_kill_leaves_all_or_nothing(store: ModelStore, bundle: Path, where: str) -> None:
    command = [sys.executable, "-c", KILLED, str(bundle), str(store.folder), where]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    expected = ["pocket", "colours"] if where == "after the rename" else ["pocket"]
    assert names(store) == expected
    assert import_bundle(bundle, store).problem == ""
    assert names(store) == ["pocket", "colours"]
    assert {path.name for path in (store.folder / ".staging").iterdir()} <= {".lock"}


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path, bundle: Path) -> None:
    (tmp_path / "models").write_text("a file")
    with pytest.raises(ModelError, match="cannot be kept in"):
        import_bundle(bundle, ModelStore(tmp_path / "models"))
    with pytest.raises(ModelError, match="cannot be listed"):
        ModelStore(tmp_path / "models").installed()


def test_the_home_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELFIND_HOME", os.fspath(tmp_path))
    assert ModelStore().folder == tmp_path / "models"
