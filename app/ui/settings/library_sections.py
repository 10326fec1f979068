"""The settings of the open library that are one value each."""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication

from app.engines.scorer_names import OFFERED
from app.settings import Settings
from app.ui.settings.editors import Amount, Editor, HoursField, Switch, Whole
from app.ui.settings.setting_row import Row, Section, SettingRow
from app.ui.widgets.choice import Choice
from app.ui.widgets.theme import Theme
from app.ui.wording.scorer_titles import scorer_title


def indexing_section(theme: Theme, encoder: Row) -> Section:
    """How much is read, when, and with whose help (`encoder`)."""
    section = Section(theme, _tr("Indexing"), _tr("Searching never waits for any of this."))
    return section.fill_with(lambda theme: (*_indexing_rows(theme), encoder))


def _indexing_rows(theme: Theme) -> tuple[Row, ...]:
    return (
        _row(
            theme,
            "only_plugged_in",
            _tr("Only while plugged in"),
            _tr("Indexing pauses on battery. A computer that does not tell counts as plugged in."),
            Switch(theme),
            also=_tr("battery power laptop"),
        ),
        _row(
            theme,
            "index_between",
            _tr("When to index"),
            _tr("Outside these hours, indexing waits. “Index now” in the status bar does not."),
            HoursField(theme),
            also=_tr("schedule hours night"),
        ),
        _row(
            theme,
            "cores",
            _tr("Processor cores"),
            _tr("Fewer cores leave more for other programs. Applies to the next run."),
            Whole(os.cpu_count() or 1, zero=_tr("All")),
            also=_tr("CPU threads speed"),
        ),
        _row(
            theme,
            "max_rate",
            _tr("Frames per second"),
            _tr(
                "How closely videos are looked at. More finds shorter moments, but takes more time and room."
            ),
            Amount(Settings.limits("max_rate"), digits=2, step=0.25),
            also=_tr("rate sampling"),
        ),
    )


def watching_rows(theme: Theme) -> list[SettingRow]:
    """How folders are followed."""
    return [
        _row(
            theme,
            "settle",
            _tr("Wait for files to settle"),
            _tr("A new or changed file is indexed once it has been left alone for so long."),
            Amount(Settings.limits("settle"), unit=_tr(" s")),
            also=_tr("copy download seconds"),
        ),
        _row(
            theme,
            "rescan_every",
            _tr("Look through all folders every"),
            _tr("Changes are noticed at once. This finds what the system did not report."),
            Amount(Settings.limits("rescan_every"), unit=_tr(" min"), digits=1, step=5, scale=60),
            also=_tr("rescan"),
        ),
        _row(
            theme,
            "keep_gone",
            _tr("Remember deleted videos for"),
            _tr("If a deleted file comes back within this time, it need not be indexed again."),
            Amount(Settings.limits("keep_gone"), unit=_tr(" days")),
        ),
    ]


def search_section(theme: Theme, vector_store: Row) -> Section:
    """How answers are ranked, and with whose help (`vector_store`)."""
    return Section(theme, _tr("Search")).fill_with(lambda theme: (*_search_rows(theme), vector_store))


def _search_rows(theme: Theme) -> tuple[Row, ...]:
    ways = (("", _tr("What suits the model")), *((name, scorer_title(name)) for name in OFFERED))
    return (
        _row(
            theme,
            "scorer",
            _tr("Ranking"),
            _tr("What decides which moments come first."),
            Choice(theme, ways),
            also=_tr("scorer re-score"),
        ),
        _row(
            theme,
            "qb_norm",
            _tr("Down-rank clips that match everything"),
            _tr("Helps where the same few clips come first for every query."),
            Switch(theme),
            also=_tr("query bank hubness"),
        ),
    )


def keep_frames_row(theme: Theme) -> SettingRow:
    """Whether frames are kept for another model."""
    return _row(
        theme,
        "keep_frames",
        _tr("Keep the sampled frames"),
        _tr("Switching to another model then needs no decoding. Takes about 100 MB per hour of video."),
        Switch(theme),
    )


def history_row(theme: Theme) -> SettingRow:
    """Whether searches are remembered."""
    return _row(
        theme,
        "history",
        _tr("Remember searches"),
        _tr("To offer them again below the search box. They stay in the library’s file."),
        Switch(theme),
        also=_tr("history recent"),
    )


def _row(theme: Theme, name: str, title: str, about: str, editor: Editor, *, also: str = "") -> SettingRow:
    return SettingRow(theme, name, title, about, editor, default=Settings.default(name), also=also)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Settings", text)
