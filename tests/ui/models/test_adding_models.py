"""Models from elsewhere are added in the window: asked for, stopped, gone on with, refused, tried again."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.errors import Cancelled, ModelError
from app.media.fingerprints import fingerprint
from app.model_store.importing import import_bundle
from app.model_store.installed import InstalledModel
from app.model_store.making_process import AddProgress
from app.model_store.multilingual import best_multilingual
from app.model_store.recommended import RecommendedModel, ranked, recommended_models
from app.model_store.store import ModelStore
from app.paths import bundled_model
from app.session import Session
from app.ui.models.add_another import AddAnotherDialog, repository
from app.ui.models.download_rate import DownloadRate
from app.ui.models.model_rows import InstalledRow, RecommendedRow
from app.ui.models.models_dialog import ModelsDialog
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.notice import Notice, Question, WorkingNote
from app.ui.widgets.theme import Theme
from tests.bundles import make_bundle
from tests.catalogue.making import make_file, rescan, rows_for
from tests.model_intake.layout_maker import little_as
from tests.ui.conftest import ShowModels, close
from tests.ui.loop import spin_until
from tests.videos import Scene, make_video

pytestmark = pytest.mark.usefixtures("known_processor")

PUBLISHED = next(model for model in recommended_models() if not model.needs_torch)
RESEARCH = next(model for model in recommended_models() if model.use == "research" and model.repository)
HALF, WHOLE = 600_000_000, 1_200_000_000


class Hub:
    """Stands in for the hub: fetches in two steps, and waits between them until it is let go on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.sources: list[str] = []
        self.go_on = threading.Event()
        self.failure: ModelError | None = None

    def add_published(
        self,
        source: str,
        store: ModelStore,
        *,
        report: Callable[[AddProgress], None],
        stopping: Callable[[], bool],
        **_others: object,
    ) -> InstalledModel:
        """As `app.model_store.adding.add_published`."""
        self.sources.append(source)
        report(AddProgress("download", HALF, WHOLE))
        while not self.go_on.wait(0.01):
            if stopping():
                raise Cancelled("Adding the model was stopped.", "What was downloaded is kept.")
        if self.failure is not None:
            raise self.failure
        report(AddProgress("check", 0, None))
        name = Path(source.partition("@")[0]).name.lower().replace("__", "-")
        return import_bundle(make_bundle(self._folder / name, name=name), store)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    stands_in = Hub(tmp_path / "made")
    monkeypatch.setattr("app.model_store.adding.add_published", stands_in.add_published)
    monkeypatch.setattr("app.model_store.conversion.missing_packages", lambda: ["torch", "open_clip"])
    return stands_in


def row_of(dialog: ModelsDialog, model: RecommendedModel = PUBLISHED) -> RecommendedRow:
    rows = dialog.findChildren(RecommendedRow)
    [row] = [row for row in rows if row.model.name == model.name and row.window() is dialog]
    return row


def installed(dialog: ModelsDialog) -> dict[str, InstalledRow]:
    rows = dialog.findChildren(InstalledRow)
    return {row.model.name: row for row in rows if not row.isHidden() and row.window() is dialog}


def words(part: RecommendedRow | InstalledRow | ModelsDialog | AddAnotherDialog) -> str:
    return "\n".join(label.text() for label in part.findChildren(QLabel) if not label.isHidden())


def tells(asking: AddAnotherDialog, text: str) -> bool:
    return text in asking.found.text()


def agree(row: RecommendedRow) -> str:
    """Click Add and agree; returns what was asked."""
    row.add.click()
    assert isinstance(row.below, Question)
    asked = words(row)
    row.below.yes.click()
    return asked


def test_a_published_model_needs_no_torch_and_is_used_with_the_next_key(
    show_models: ShowModels, hub: Hub
) -> None:
    _, dialog = show_models()
    asked = agree(row_of(dialog))
    assert "1.5 GB" in asked
    assert PUBLISHED.licence in asked
    assert spin_until(lambda: "600 MB of 1.2 GB" in words(row_of(dialog)))
    assert isinstance(row_of(dialog).below, WorkingNote)
    hub.go_on.set()
    assert spin_until(lambda: PUBLISHED.slug in installed(dialog))
    assert hub.sources == [PUBLISHED.source]
    row = installed(dialog)[PUBLISHED.slug]
    assert isinstance(row.below, Question)
    assert "is ready" in words(row)
    QTest.keyClick(row.below.yes, Qt.Key.Key_Return)
    assert spin_until(lambda: installed(dialog)[PUBLISHED.slug].badge.text() == "In use")
    assert PUBLISHED.name not in {row.model.name for row in dialog.findChildren(RecommendedRow)}


def test_a_download_that_was_stopped_is_gone_on_with(lasting_dialog: ModelsDialog, hub: Hub) -> None:
    agree(row_of(lasting_dialog))
    assert spin_until(lambda: "600 MB of 1.2 GB" in words(row_of(lasting_dialog)))
    below = row_of(lasting_dialog).below
    assert isinstance(below, WorkingNote)
    below.stop.click()
    assert spin_until(lambda: lasting_dialog._control.adding is None)
    assert "600 MB of it have arrived and are kept." in words(row_of(lasting_dialog))
    assert row_of(lasting_dialog).add.text() == "Continue…"
    assert lasting_dialog.findChild(Notice) is None
    hub.go_on.set()
    agree(row_of(lasting_dialog))
    assert spin_until(lambda: PUBLISHED.slug in installed(lasting_dialog))
    assert len(hub.sources) == 2


def test_why_a_model_was_not_added_stands_in_its_row_with_a_way_on(
    lasting_dialog: ModelsDialog, hub: Hub
) -> None:
    hub.failure = ModelError("The captions do not find their pictures with this model.", "Choose another.")
    hub.go_on.set()
    agree(row_of(lasting_dialog))
    assert spin_until(lambda: "The captions do not find their pictures" in words(row_of(lasting_dialog)))
    notice = row_of(lasting_dialog).below
    assert isinstance(notice, Notice)
    assert notice.again.text() == "Try again"
    hub.failure = None
    notice.again.click()
    assert spin_until(lambda: PUBLISHED.slug in installed(lasting_dialog))


def test_what_is_for_research_only_says_so_before_it_is_fetched(
    lasting_dialog: ModelsDialog, hub: Hub
) -> None:
    assert RESEARCH.licence_note in words(row_of(lasting_dialog, RESEARCH))
    row_of(lasting_dialog, RESEARCH).add.click()
    below = row_of(lasting_dialog, RESEARCH).below
    assert isinstance(below, Question)
    assert any(RESEARCH.licence_note in label.text() for label in below.findChildren(QLabel))
    assert not hub.sources


def test_how_long_indexing_again_takes_is_said_in_the_row_and_in_the_question(
    show_models: ShowModels, hub: Hub, tmp_path: Path
) -> None:
    window, dialog = show_models()
    dialog.close()
    folder = tmp_path / "Videos"
    folder.mkdir()
    for colour in ("red", "green"):
        make_video(folder / f"{colour}.mp4", [Scene(colour, 2, "still")], rate=10)
    window.control.add_folder(folder)
    assert spin_until(lambda: bool(window.contents and window.contents.indexed == 2))
    window.status.models_wanted.emit()
    sentence = "Indexing your 2 videos again takes about 1 min."
    assert spin_until(lambda: row_of(dialog).again.text() == sentence)
    row_of(dialog).add.click()
    below = row_of(dialog).below
    assert isinstance(below, Question)
    assert any(sentence in label.text() for label in below.findChildren(QLabel))


def test_what_does_not_fit_comes_last_and_says_why(
    show_models: ShowModels, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("recommended", "hardware"):
        monkeypatch.setattr(f"app.model_store.{module}.memory", lambda: 4 << 30)
    _, dialog = show_models()
    rows = [row for row in dialog.findChildren(RecommendedRow) if row.window() is dialog]
    assert [row.model.name for row in rows] == [model.name for model in ranked()]
    assert not rows[-1].model.fits
    assert "of memory to be prepared; this computer has 4.3 GB." in words(rows[-1])
    assert "to be prepared" not in words(rows[0])


def test_another_model_is_added_by_its_repositorys_name(lasting_dialog: ModelsDialog, hub: Hub) -> None:
    asking = lasting_dialog.ask_for_another()
    assert not asking.add.isEnabled()
    QTest.keyClicks(asking.field, "someone")
    assert not asking.add.isEnabled()
    assert "a slash" in words(asking)
    QTest.keyClicks(asking.field, "/some-clip")
    assert "nothing of yours is sent" in words(asking)
    QTest.keyClick(asking.field, Qt.Key.Key_Return)
    assert spin_until(lambda: hub.sources == ["someone/some-clip"])
    assert spin_until(lambda: "someone/some-clip: Downloading: 600 MB of 1.2 GB" in words(lasting_dialog))
    hub.go_on.set()
    assert spin_until(lambda: "some-clip" in installed(lasting_dialog))
    assert lasting_dialog._control.adding is None


def test_another_model_that_fails_can_be_tried_again(lasting_dialog: ModelsDialog, hub: Hub) -> None:
    hub.failure = ModelError("“someone/nothing” is not on the hub.", "Check the name.")
    hub.go_on.set()
    asking = lasting_dialog.ask_for_another()
    asking.set_source("someone/nothing")
    asking.add.click()
    assert spin_until(lambda: "is not on the hub" in words(lasting_dialog))
    notice = lasting_dialog.findChild(Notice)
    assert notice is not None
    hub.failure = None
    notice.again.click()
    assert spin_until(lambda: "nothing" in installed(lasting_dialog))


def test_the_layout_of_a_folder_or_a_zip_file_is_told_before_it_is_added(
    lasting_dialog: ModelsDialog, hub: Hub, tmp_path: Path
) -> None:
    export = little_as("immich", tmp_path / "export")
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for file in export.rglob("*.*"):
            target.write(file, file.relative_to(export.parent))
    bundle = make_bundle(tmp_path / "bundle")
    (tmp_path / "empty").mkdir()
    asking = lasting_dialog.ask_for_another()
    for source, says in (
        (export, "as immich publishes them"),
        (archive, "as immich publishes them"),
        (bundle, "Reelfind’s own kind"),
        (tmp_path / "empty", "No kind of model"),
    ):
        asking.set_source(str(source))
        assert spin_until(partial(tells, asking, says))
    asking.set_source(str(export))
    asking.add.click()
    hub.go_on.set()
    assert spin_until(lambda: hub.sources == [str(export)])
    assert spin_until(lambda: "export" in installed(lasting_dialog))


def test_a_folder_that_is_dropped_on_the_list_is_asked_about(
    lasting_dialog: ModelsDialog, tmp_path: Path
) -> None:
    bundle = make_bundle(tmp_path / "bundle", name="dropped")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(bundle))])
    lasting_dialog.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    asking = lasting_dialog.findChild(AddAnotherDialog)
    assert asking is not None
    assert asking.field.text() == str(bundle)
    asking.add.click()
    assert spin_until(lambda: "dropped" in installed(lasting_dialog))


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        (" immich-app/ViT-B-32__openai ", "immich-app/ViT-B-32__openai"),
        ("owner/name@0123abcd", "owner/name@0123abcd"),
        ("https://huggingface.co/owner/name", "owner/name"),
        ("https://huggingface.co/owner/name/tree/main", "owner/name"),
        ("https://huggingface.co/owner/name/tree/0123abcd", "owner/name@0123abcd"),
        ("name", ""),
        ("../name", ""),
        ("owner/name/more", ""),
        ("owner/name --flag", ""),
    ],
)
def test_a_repository_is_understood_as_it_is_typed_or_pasted(typed: str, means: str) -> None:
    assert repository(typed) == means


def test_the_rate_of_a_download_is_that_of_the_last_seconds() -> None:
    now = 0.0
    rate = DownloadRate(lambda: now)
    rate.note(500)  # of a download before
    assert rate.rate is None
    for now in (0.5, 1.0, 2.0):
        rate.note(500 + round(100 * now))
    assert rate.rate == 100
    for second in range(3, 40):
        now = float(second)
        rate.note(700)
    assert rate.rate is None, "nothing comes any more"
    rate.note(100)
    assert rate.rate is None, "another file"
    rate.forget()
    assert rate.rate is None


def test_all_of_a_question_is_seen_in_a_small_dialog(lasting_dialog: ModelsDialog, hub: Hub) -> None:
    lasting_dialog.resize(lasting_dialog.minimumSize())
    row = row_of(lasting_dialog, RESEARCH)
    row.add.click()
    below = row.below
    assert isinstance(below, Question)
    assert spin_until(lambda: below.yes.visibleRegion().boundingRect() == below.yes.rect())
    assert spin_until(lambda: below.no.visibleRegion().boundingRect() == below.no.rect())


def test_a_query_in_another_language_names_the_best_model_for_it_and_leads_there(
    theme: Theme, tmp_path: Path, hub: Hub
) -> None:
    with Session(tmp_path / "library", bundled_model()) as session:
        make_file(tmp_path / "Videos" / "a.mp4", "a video")
        session.add_folder(tmp_path / "Videos")
        rescan(session.catalogue, tmp_path / "Videos")
        (video,) = session.catalogue.pending(session.bundle.identity)
        rows = rows_for(video, 2, model=session.bundle.identity, width=session.bundle.embedding_width)
        session.catalogue.commit_indexed(video.id, rows, fingerprint=fingerprint(video.path))
    window = MainWindow(theme, tmp_path / "library", bundled_model())
    window.show()
    window.start()
    try:
        assert spin_until(lambda: bool(window.contents and window.contents.indexed == 1))
        assert spin_until(window.status.engine.isEnabled)
        window.search_flow.ask("a dog")
        assert spin_until(lambda: window.results_model.rowCount() > 0)
        assert not window.search_bar.models.isVisible()
        window.search_flow.ask("ein Hund läuft am Strand")
        assert spin_until(window.search_bar.models.isVisible)
        assert best_multilingual().title in window.search_bar.line.text()
        window.search_bar.models.click()
        assert spin_until(lambda: bool(window.choosing.dialog.findChildren(RecommendedRow)))
        assert window.choosing.dialog.isVisible()
    finally:
        close(window)
        window.deleteLater()


def test_on_a_graphics_card_nobody_knows_how_quick_a_model_is(lasting_dialog: ModelsDialog, hub: Hub) -> None:
    assert spin_until(lambda: "frames/s here" in row_of(lasting_dialog).worth.text())
    engine = lasting_dialog._engine
    assert engine is not None
    lasting_dialog.show_engine(replace(engine, provider="CUDAExecutionProvider"))
    row = row_of(lasting_dialog)
    assert "frames/s" not in row.worth.text()
    assert "of memory" in row.worth.text()
    assert row.again.isHidden()
    lasting_dialog.show_engine(engine)


def test_random_weights_are_called_what_they_are(show_models: ShowModels, tmp_path: Path) -> None:
    made = make_bundle(tmp_path / "made", name="random")
    manifest = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps(manifest | {"trained": False}))
    import_bundle(made, ModelStore())
    _, dialog = show_models()
    assert "Not trained" in words(installed(dialog)["random"])
    assert "Not trained" not in words(installed(dialog)["pocket"])
