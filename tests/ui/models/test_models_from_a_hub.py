"""A model in one click, all real but the hub's address: the window, the child that makes it, the search.

Where torch cannot be imported: packages of its name fail on being imported, in this process and its children.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app.model_store.recommended import recommended_models
from app.ui.models.model_rows import InstalledRow, RecommendedRow
from app.ui.models.models_dialog import ModelsDialog
from app.ui.widgets.notice import Notice, Question, WorkingNote
from tests.model_intake.hub_server import LocalHub, local_hub
from tests.model_intake.layout_maker import Fault, little_as
from tests.ui.conftest import ShowModels
from tests.ui.loop import spin_until
from tests.ui.models.colours import index_colours

pytestmark = pytest.mark.usefixtures("known_processor")

OFFERED = next(model for model in recommended_models() if model.layout == "immich")
MAKING = 240.0
"""Seconds that downloading, making and checking may take on a busy computer."""
LARGE = 10_000
"""Bytes of a file that lies in the hub's storage."""


@pytest.fixture(autouse=True)
def no_torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    for name in ("torch", "torchvision", "open_clip", "transformers", "onnxscript"):
        (blocked / f"{name}.py").write_text("raise ImportError('not installed')\n")
    monkeypatch.syspath_prepend(str(blocked))


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return little_as("immich", tmp_path_factory.mktemp("export") / "little")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    with local_hub() as served:
        monkeypatch.setenv("HF_ENDPOINT", served.address)
        yield served


def offered(dialog: ModelsDialog) -> RecommendedRow:
    rows = dialog.findChildren(RecommendedRow)
    [row] = [row for row in rows if row.model.name == OFFERED.name and row.window() is dialog]
    return row


def added(dialog: ModelsDialog) -> InstalledRow | None:
    rows = dialog.findChildren(InstalledRow)
    found = [row for row in rows if row.model.name == OFFERED.slug and row.window() is dialog]
    return found[0] if found else None


def words(part: RecommendedRow | InstalledRow) -> str:
    return "\n".join(label.text() for label in part.findChildren(QLabel) if not label.isHidden())


def agree(row: RecommendedRow) -> None:
    row.add.click()
    assert isinstance(row.below, Question)
    row.below.yes.click()


def test_from_a_click_to_an_answer(
    show_models: ShowModels, hub: LocalHub, export: Path, tmp_path: Path
) -> None:
    hub.publish(OFFERED.repository, export)
    window, dialog = show_models()
    index_colours(window, tmp_path / "Videos")
    agree(offered(dialog))
    assert spin_until(lambda: added(dialog) is not None, MAKING)
    row = added(dialog)
    assert row is not None
    assert row.title == OFFERED.title
    assert isinstance(row.below, Question)
    row.below.yes.click()
    assert spin_until(lambda: window.status.engine.text() == f"Model: {OFFERED.title}", MAKING)
    assert row.badge.text() == "In use"
    window.search_bar.field.setText("red")
    window.searching.search_now()
    assert spin_until(lambda: window.results_model.outcome is not None)
    outcome = window.results_model.outcome
    assert outcome is not None
    assert outcome.moments[0].path.name == "red.mp4"


def test_a_download_that_is_stopped_goes_on_where_it_was(
    show_models: ShowModels, hub: LocalHub, export: Path
) -> None:
    hub.publish(OFFERED.repository, export, large_from=LARGE)
    hub.hold_after = LARGE
    window, dialog = show_models()
    agree(offered(dialog))
    assert spin_until(lambda: hub.hold_after is None and "Downloading" in words(offered(dialog)), MAKING)
    below = offered(dialog).below
    assert isinstance(below, WorkingNote)
    below.stop.click()
    assert spin_until(lambda: window.choosing.models.adding is None)
    assert added(dialog) is None
    hub.go_on.set()
    agree(offered(dialog))
    assert spin_until(lambda: added(dialog) is not None, MAKING)
    assert hub.resumed, "of what had arrived nothing was fetched again"


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("swapped towers", "takes text, not pictures"),
        pytest.param("random image tower", "descriptions of 24 pictures", marks=pytest.mark.nightly),
    ],
)
def test_what_is_refused_is_said_in_the_row(
    fault: Fault, says: str, show_models: ShowModels, hub: LocalHub, tmp_path: Path
) -> None:
    hub.publish(OFFERED.repository, little_as("immich", tmp_path / "wrong", fault=fault))
    _, dialog = show_models()
    agree(offered(dialog))
    assert spin_until(lambda: isinstance(offered(dialog).below, Notice), MAKING)
    notice = offered(dialog).below
    assert isinstance(notice, Notice)
    assert says in notice.sentence.text()
    assert notice.advice.text()
    assert not notice.again.isHidden()
    assert added(dialog) is None


def test_without_a_network_the_row_says_so_and_offers_to_try_again(
    show_models: ShowModels, hub: LocalHub, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.publish(OFFERED.repository, export)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    _, dialog = show_models()
    agree(offered(dialog))
    assert spin_until(lambda: isinstance(offered(dialog).below, Notice), MAKING)
    notice = offered(dialog).below
    assert isinstance(notice, Notice)
    assert "127.0.0.1" in notice.sentence.text()
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    notice.again.click()
    assert spin_until(lambda: added(dialog) is not None, MAKING)
