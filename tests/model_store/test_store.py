"""Models are listed, found, added and removed; whatever happens, the list works."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from app.bundle.encoder_bundle import load_bundle
from app.errors import ModelError, UsageError
from app.model_store import importing
from app.model_store.importing import import_bundle
from app.model_store.installed import look_at
from app.model_store.store import ModelStore
from app.paths import bundled_model
from tests.bundles import make_bundle, write_manifest
from tests.model_store.conftest import edit_manifest, list_also

pytestmark = pytest.mark.usefixtures("tried_here")


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


def test_nothing_replaces_the_bundled_model(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "run_in_sandbox", lambda _folder: None)  # it passes: tests of the gate
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
from app.bundle import graph_rules
from app.model_intake.gate.bundle_checks import try_model
from app.model_store import importing, store

bundle, folder, *places = sys.argv[1:]
for where in places:  # each in a fork, which has everything loaded; says how it ended
    child = os.fork()
    if not child:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    sys.exit()

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if where == "copying":
    real, seen = importing.copy_exactly, []
    importing.copy_exactly = lambda *what: (seen.append(1), die() if len(seen) == 3 else real(*what))
elif where == "checking":
    graph_rules.inspect_graph = die
else:
    real = Path.rename
    def rename(path, target):
        if where == "after the rename":
            real(path, target)
        die()
    Path.rename = rename
importing.run_in_sandbox = try_model
importing.import_bundle(Path(bundle), store.ModelStore(Path(folder, where)))
"""
PLACES = ("copying", "checking", "before the rename", "after the rename")


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_a_kill_leaves_all_or_nothing(bundle: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(bundle), str(tmp_path / "stores"), *PLACES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == [str(-signal.SIGKILL)] * len(PLACES), done.stderr
    for where in PLACES:
        store = ModelStore(tmp_path / "stores" / where)
        assert names(store) == (["pocket", "colours"] if where == "after the rename" else ["pocket"]), where
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


def contents(folder: Path) -> dict[str, bytes]:
    """All plain files below a folder, by their relative path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("foreign", ["photo.jpg", "notes/today.txt", "other.onnx.bak", "run.py"])
def test_a_model_is_not_removed_together_with_what_is_not_of_it(
    store: ModelStore, bundle: Path, foreign: str
) -> None:
    folder = import_bundle(bundle, store).folder
    (folder / foreign).parent.mkdir(exist_ok=True)
    (folder / foreign).write_text("mine")
    before = contents(folder)
    with pytest.raises(UsageError, match=r"which is not part of a model.*Nothing was deleted"):
        store.remove("colours")
    assert contents(folder) == before


def test_a_folder_that_is_no_model_is_neither_removed_nor_replaced(store: ModelStore, bundle: Path) -> None:
    folder = store.folder / "colours"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("mine")
    (folder / "image.jpg").write_text("mine")
    before = contents(folder)
    with pytest.raises(UsageError, match="not part of a model"):
        store.remove("colours")
    with pytest.raises(UsageError, match="not part of a model"):
        import_bundle(bundle, store)
    assert contents(folder) == before
    assert {path.name for path in (store.folder / ".staging").iterdir()} <= {".lock"}


@pytest.mark.parametrize("manifest", [b"{", None])
def test_nothing_behind_a_linked_model_is_deleted(
    store: ModelStore, bundle: Path, tmp_path: Path, manifest: bytes | None
) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(bundle, elsewhere)
    if manifest is not None:
        (elsewhere / "manifest.json").write_bytes(manifest)
    store.folder.mkdir()
    (store.folder / "colours").symlink_to(elsewhere)
    before = contents(elsewhere)
    with pytest.raises(UsageError, match="is a link"):
        store.remove("colours")
    with contextlib.suppress(UsageError):
        import_bundle(bundle, store)
    assert contents(elsewhere) == before
    assert (store.folder / "colours").is_symlink()


def test_the_sweep_takes_only_what_the_store_has_named(store: ModelStore, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("mine")
    staging = store.folder / ".staging"
    (staging / "holiday").mkdir(parents=True)
    (staging / "holiday" / "photo.jpg").write_text("mine")
    (staging / "letter.txt").write_text("mine")
    (staging / "tmplinked").symlink_to(elsewhere)
    (staging / "tmpabcd").mkdir()
    (staging / "tmpabcd" / "inside").symlink_to(elsewhere)
    (staging / "tmpabcd.lock").touch()
    (staging / "tmpefgh.lock").touch()
    with store.staging():
        pass
    assert {path.name for path in staging.iterdir()} <= {".lock", "holiday", "letter.txt", "tmplinked"}
    assert (staging / "holiday" / "photo.jpg").exists()
    assert (elsewhere / "precious").exists()


def test_a_staging_folder_or_lock_that_is_a_link_is_not_followed(store: ModelStore, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "tmpabcd").mkdir(parents=True)
    (elsewhere / "text").write_text("mine")
    store.folder.mkdir()
    (store.folder / ".staging").symlink_to(elsewhere)
    with pytest.raises(ModelError, match="is a link"), store.staging():
        pass
    assert (elsewhere / "tmpabcd").is_dir()
    (store.folder / ".staging").unlink()
    (store.folder / ".staging").mkdir()
    (store.folder / ".staging" / ".lock").symlink_to(elsewhere / "text")
    with pytest.raises(ModelError, match="is a link"), store.staging():
        pass
    assert (elsewhere / "text").read_text() == "mine"


def junk(folder: Path, bundle: Path) -> None:
    """What a models folder may hold besides models."""
    folder.mkdir(parents=True)
    (folder / "a file").write_text("")
    (folder / "an empty folder").mkdir()
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket"))
    (folder / "dangling").symlink_to("nowhere")
    (folder / "circle").symlink_to("circle")
    os.mkdir(os.fsencode(folder) + b"/caf\xe9\n")  # noqa: PTH102
    (folder / "piped").mkdir()
    os.mkfifo(folder / "piped" / "manifest.json")
    (folder / "deep").mkdir()
    (folder / "deep" / "manifest.json").mkdir()
    for number, change in enumerate(
        [
            {"embedding_width": -3},
            {"embedding_width": "512"},
            {"embedding_width": 10**400},
            {"embedding_width": float("nan")},
            {"embedding_width": True},
            {"name": None},
            {"title": ["x"]},
            {"image": 3},
            {"image": {"size": float("inf"), "resize": {}, "interpolation": []}},
            {"text": {"context_length": 1e9, "pad_id": -1}},
            {"files": []},
            {"files": {"image.onnx": "x"}},
            {"files": {"../" * 50 + "etc/passwd": {"sha256": "x"}}},
            {"files": {"x" * 5000: {"sha256": "x"}}},
            {"variants": [1]},
            {"source": "\x1b[2J"},
            {"format": 10**40},
        ]
    ):
        shutil.copytree(bundle, folder / f"changed {number:02}")
        edit_manifest(folder / f"changed {number:02}", lambda manifest, more=change: manifest.update(more))


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and such names are POSIX")
def test_any_junk_in_the_folder_can_be_listed(store: ModelStore, bundle: Path) -> None:
    junk(store.folder, bundle)
    listed = store.installed()
    assert listed[0].name == "pocket"
    assert len(listed) > 20
    for model in listed[1:]:
        assert model.problem.endswith((".", "again.")), model.name
        assert model.problem.isprintable()
        assert len(model.problem) < 400
        model.name.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_a_full_disk_while_importing_is_said_and_leaves_nothing(store: ModelStore, bundle: Path) -> None:
    """The system refuses to write more than 4 KB, as it does on a full disk."""
    (bundle / "README.md").write_text("x" * 10_000)
    code = (
        "import resource, sys; from pathlib import Path; from app.model_store import importing, store;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "importing.import_bundle(Path(sys.argv[1]), store.ModelStore(Path(sys.argv[2])))"
    )
    command = [sys.executable, "-c", code, str(bundle), str(store.folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "ModelError: README.md cannot be copied (File too large)" in done.stderr
    assert names(store) == ["pocket"]
    assert {path.name for path in (store.folder / ".staging").iterdir()} <= {".lock"}
