"""The status bar says what ranks the answers, and a click changes it."""

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from app.search.scorers import SCORERS
from app.ui.engine import EngineButton
from app.ui.library_control import Engine
from tests.bundles import WIDTH, make_bundle
from tests.search.heads import random_head, write_head
from tests.ui.conftest import OpenWindow
from tests.ui.loop import spin_until


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Knows colours, and has a trained head."""
    folder = make_bundle(tmp_path / "colours")
    write_head(random_head(WIDTH, 4), folder)
    return folder


def choices(button: EngineButton) -> dict[str, QAction]:
    return {action.data(): action for action in button.menu().actions() if action.isCheckable()}


@pytest.mark.parametrize(
    ("engine", "on_the_bar", "plainly"),
    [
        (Engine("Pocket 1", "CPU", "t-mass", True), "Pocket 1 · CPU · re-scored (T-MASS)", "are re-scored"),
        (Engine("Pocket 1", "CPU", "pooled", False), "Pocket 1 · CPU · plain pooling", "no trained head"),
        (Engine("Pocket 1", "CPU", "max", True), "Pocket 1 · CPU · best frame", "has a trained head"),
    ],
)
def test_it_is_said_plainly_whether_answers_are_re_scored(
    application: QApplication, engine: Engine, on_the_bar: str, plainly: str
) -> None:
    button = EngineButton()
    button.show_engine(engine)
    assert button.text() == on_the_bar
    assert plainly in button.toolTip()
    assert plainly in button.menu().actions()[0].text()
    assert [name for name, action in choices(button).items() if action.isChecked()] == [engine.scorer]
    button.deleteLater()


def test_a_model_without_a_head_does_not_offer_it(application: QApplication) -> None:
    button = EngineButton()
    assert not button.isEnabled()
    button.show_engine(Engine("Pocket 1", "CPU", "pooled", False))
    assert list(choices(button)) == list(SCORERS)
    assert [name for name, action in choices(button).items() if not action.isEnabled()] == ["t-mass"]
    wanted = QSignalSpy(button.scorer_wanted)
    choices(button)["max"].trigger()
    assert [wanted.at(number) for number in range(wanted.count())] == [["max"]]
    button.deleteLater()


def test_another_ranking_answers_the_same_question_again(open_window: OpenWindow) -> None:
    window = open_window()
    button = window.status.engine
    assert spin_until(button.isEnabled)
    session = window.control.session
    assert session is not None
    window.search_bar.field.setText("red")
    window.searching.search_now()
    outcomes = QSignalSpy(window.searching.found)
    assert spin_until(lambda: outcomes.count() == 1)
    assert outcomes.at(0)[0].scorer == session.scorer_name

    choices(button)["mean"].trigger()
    assert spin_until(lambda: outcomes.count() == 2)
    assert outcomes.at(1)[0].scorer == "mean"
    assert "mean of the frames" in button.text()
    assert session.settings.scorer == "mean"
