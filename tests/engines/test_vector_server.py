"""The server that a library's settings name: asked when it is set, and nothing of it loaded where none is."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.cli.doctor.diagnosis import diagnose
from app.errors import UsageError
from app.session import Session
from app.vectors.vector_index import VectorIndex
from tests.bundles import make_bundle
from tests.vectors.stores.scenes import commit

DESKTOP = """
import sys
from pathlib import Path
from app.session import Session
with Session(Path(sys.argv[1]), Path(sys.argv[2])) as session:
    session.search("red")
    session.warm_up()
    session.vector_store_problem
import app.ui.shell.application, app.cli.commands
loaded = {'qdrant_client', 'grpc', 'httpx', 'app.vectors.stores.qdrant.qdrant_server'} & set(sys.modules)
sys.exit(repr(loaded) if loaded else 0)
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "colours")


def test_a_desktop_loads_nothing_of_the_client(tmp_path: Path, model: Path) -> None:
    command = [sys.executable, "-c", DESKTOP, str(tmp_path / "library"), str(model)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_server_that_is_away_is_said_by_doctor_and_searches_go_on(tmp_path: Path, model: Path) -> None:
    pytest.importorskip("qdrant_client", reason="the extra qdrant is not installed")
    with Session(tmp_path / "library", model) as session:
        assert session.vector_store_problem is None
        session.change_setting("vector_store_url", "127.0.0.1:9")
        assert session.settings.vector_store_url == "http://127.0.0.1:9"
        found = [each for each in diagnose(session)["findings"] if each["kind"] == "vector store"]
        assert [each["sentence"] for each in found] == [
            "The vector store at 127.0.0.1:9 cannot be reached, or is too slow."
        ]
        assert found[0]["advice"].endswith("Meanwhile each search compares with every frame.")
        assert session.search("red").moments == ()
        session.change_setting("vector_store_url", "default")
        assert session.vector_store_problem is None


def test_another_computers_server_needs_a_key_that_stays_on_this_one(tmp_path: Path, model: Path) -> None:
    with Session(tmp_path / "library", model) as session:
        with pytest.raises(UsageError, match="no key"):
            session.change_setting("vector_store_url", "http://192.168.1.20:6333")
        session.change_setting("vector_store_url", "http://192.168.1.20:6333 a-key-of-a-good-length")
        assert session.settings.vector_store_url == "http://192.168.1.20:6333"
    for file in (tmp_path / "library").rglob("*"):
        assert not file.is_file() or b"a-key-of-a-good-length" not in file.read_bytes()


def test_a_setting_is_followed_at_once_and_a_library_knows_its_own_again(
    tmp_path: Path, catalogue: Catalogue, movies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("qdrant_client", reason="the extra qdrant is not installed")
    from app.bundle.encoder_bundle import load_bundle  # noqa: PLC0415
    from app.engines.vector_server import VectorServer  # noqa: PLC0415
    from tests.vectors.stores.http_server import running  # noqa: PLC0415 - of an extra

    commit(catalogue, movies, range(4))
    bundle = load_bundle(make_bundle(tmp_path / "bundle", name="one"))
    monkeypatch.setattr(type(bundle), "embedding_width", 32)
    with running() as server:
        url = ""
        chosen = VectorServer(catalogue, bundle, lambda: url)
        index = VectorIndex(catalogue.folder, "tiny-stores", 32, exact_limit=10, server=chosen.store)
        index.refresh(catalogue)
        assert index.store.name == "graph"
        url = server.url
        assert index.store.name == "qdrant"
        assert index.wants_build
        assert index.finish_graph()
        names = {collection.name for collection in server.client.get_collections().collections}
        url = ""
        assert index.store.name == "graph"
        index.close()
        volume = catalogue.watched()[0].volume
        assert {name.rpartition("-")[2] for name in names} == {"videos", str(volume)}

        url = server.url
        again = VectorServer(catalogue, bundle, lambda: url)
        second = VectorIndex(catalogue.folder, "tiny-stores", 32, exact_limit=10, server=again.store)
        second.refresh(catalogue)
        assert second.finish_graph()
        second.close()
        assert {collection.name for collection in server.client.get_collections().collections} == names
