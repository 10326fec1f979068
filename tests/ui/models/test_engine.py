"""The status bar says what answers and what ranks the answers, and a click changes it."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QSignalSpy

from app.model_store.store import InstalledModel
from app.session import PendingModel
from app.ui.background.snapshots import EngineSnapshot
from app.ui.models.engine_button import EngineButton
from app.ui.widgets.theme import Theme
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
    return {
        action.data(): action
        for action in button.menu().actions()
        if action.isCheckable() and isinstance(action.data(), str)
    }


def snapshot(scorer: str, *, has_head: bool = True) -> EngineSnapshot:
    return EngineSnapshot("Pocket 1", "CPU", scorer, has_head)


@pytest.mark.parametrize(
    ("engine", "on_the_bar", "plainly"),
    [
        (
            snapshot("t-mass"),
            "Model: Pocket 1",
            "are re-scored",
        ),
        (
            snapshot("pooled", has_head=False),
            "Model: Pocket 1",
            "no trained head",
        ),
        (snapshot("max"), "Model: Pocket 1", "has a trained head"),
    ],
)
def test_it_is_said_plainly_whether_answers_are_re_scored(
    theme: Theme, engine: EngineSnapshot, on_the_bar: str, plainly: str
) -> None:
    button = EngineButton(theme)
    button.show_engine(engine)
    assert button.text() == on_the_bar
    assert plainly in button.toolTip()
    assert "runs on CPU" in button.toolTip()
    assert any(plainly in action.text() for action in button.menu().actions())
    assert [name for name, action in choices(button).items() if action.isChecked()] == [engine.scorer]
    button.deleteLater()


def test_rankings_for_research_are_left_to_the_command_line(theme: Theme) -> None:
    button = EngineButton(theme)
    button.show_engine(snapshot("t-mass"))
    assert list(choices(button)) == ["t-mass", "pooled"]
    button.show_engine(snapshot("gees"))
    assert list(choices(button)) == ["t-mass", "pooled", "gees"], "what is set is named"
    assert choices(button)["gees"].isChecked()
    button.deleteLater()


def test_a_model_without_a_head_does_not_offer_it(theme: Theme) -> None:
    button = EngineButton(theme)
    assert not button.isEnabled()
    button.show_engine(snapshot("pooled", has_head=False))
    assert [name for name, action in choices(button).items() if not action.isEnabled()] == ["t-mass"]
    wanted = QSignalSpy(button.scorer_wanted)
    choices(button)["pooled"].trigger()
    assert [wanted.at(number) for number in range(wanted.count())] == [["pooled"]]
    button.deleteLater()


def test_another_ranking_answers_the_same_question_again(open_window: OpenWindow) -> None:
    window = open_window()
    button = window.status.engine
    assert spin_until(button.isEnabled)
    session = window.control.session_here
    assert session is not None
    window.search_bar.field.setText("red")
    window.searching.search_now()
    outcomes = QSignalSpy(window.searching.found)
    assert spin_until(lambda: outcomes.count() == 1)
    assert outcomes.at(0)[0].scorer == session.scorer_name

    button.scorer_wanted.emit("mean")
    assert spin_until(lambda: outcomes.count() == 2)
    assert outcomes.at(1)[0].scorer == "mean"
    assert [name for name, action in choices(button).items() if action.isChecked()] == ["mean"]
    assert session.settings.scorer == "mean"


def installed(name: str, identity: str, title: str = "") -> InstalledModel:
    return InstalledModel(
        name=name,
        folder=Path("/models") / name,
        title=title or name,
        identity=identity,
        licence="MIT",
        source="a test",
        bytes=5_000_000,
        embedding_width=3,
        has_head=False,
        bundled=False,
        variants=(),
        problem="",
    )


def models(button: EngineButton) -> dict[str, QAction]:
    """The menu's entries above the line, by their words."""
    above = itertools.takewhile(lambda action: not action.isSeparator(), button.menu().actions())
    return {action.text(): action for action in above}


def test_the_menu_offers_the_installed_models(theme: Theme) -> None:
    button = EngineButton(theme)
    button.show_engine(EngineSnapshot("Pocket 2", "CPU", "pooled", False, identity="p"))
    assert list(models(button)) == ["Pocket 2", "Models…"], "a model from elsewhere is named too"
    button.show_models([installed("pocket", "p", "Pocket 2"), installed("big", "b", "R&D <b>big</b>")])
    assert list(models(button)) == ["Pocket 2", "R&&D <b>big</b>", "Models…"]
    assert [text for text, action in models(button).items() if action.isChecked()] == ["Pocket 2"]

    wanted = QSignalSpy(button.model_wanted)
    models(button)["R&&D <b>big</b>"].trigger()
    assert wanted.at(0) == [Path("/models/big")]
    assert [text for text, action in models(button).items() if action.isChecked()] == ["Pocket 2"], (
        "it is not in use until it is said to be"
    )
    button.show_pending_model(PendingModel("R&D <b>big</b>", Path("/models/big"), 1, 9, 0))
    assert "R&&D <b>big</b> (preparing)" in models(button)
    button.deleteLater()


def test_a_fallback_is_marked_and_its_reason_told_as_it_is(theme: Theme) -> None:
    button = EngineButton(theme)
    fine = EngineSnapshot("Pocket 2", "CPU", "pooled", False)
    button.show_engine(fine)
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextOnly
    button.show_engine(replace(fine, fallback="CUDA lacks <libcudnn.so>."))
    assert button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    assert "CUDA lacks &lt;libcudnn.so&gt;." in button.toolTip()
    button.deleteLater()


def test_a_hostile_title_takes_little_room(theme: Theme) -> None:
    button = EngineButton(theme)
    button.show_engine(EngineSnapshot("<h1>" + "W" * 500 + "\n\u202emoc.live", "CPU", "pooled", False))
    assert "\n" not in button.text()
    assert "\u202e" not in button.text()
    assert len(button.text()) < 60
    assert "<h1>" not in button.toolTip()
    button.deleteLater()
