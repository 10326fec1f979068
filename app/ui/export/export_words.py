"""What is said of an export."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.exporting.export_request import ExportFailure, ExportProgress, ExportReport
from app.ui.wording import formatting as fmt

FILE = 40
"""Characters of a file's name."""


def space(found: object) -> tuple[str, bool]:
    """What to say of a `SpaceEstimate`, None where the folder cannot be used; and whether to go on."""
    needed, free = getattr(found, "needed", None), getattr(found, "free", None)
    if needed is None or free is None:
        return _tr("This folder cannot be used. Choose another one."), False
    sizes = {"needed": fmt.size(needed), "free": fmt.size(free)}
    if not getattr(found, "fits", False):
        return _tr("Not enough space: needs about {needed}, {free} free.").format(**sizes), False
    return _tr("About {needed} · {free} free").format(**sizes), True


def progress(now: ExportProgress) -> str:
    """How far it is: `2 of 5 · dog.mp4`."""
    number = fmt.count(min(now.done + 1, now.total))
    place = _tr("{n} of {m}").format(n=number, m=fmt.count(now.total))
    return place if now.current is None else f"{place} · {fmt.brief_name(now.current, FILE)}"


def title(report: ExportReport) -> str:
    """What came of it, in a few words."""
    if report.stopped:
        return _tr("Export stopped")
    return _tr("Exported") if report.files else _tr("Nothing was exported")


def summary(report: ExportReport) -> str:
    """How many files are where."""
    if not report.files:
        return ""
    files = QCoreApplication.translate("ExportWords", "%Ln files", "", len(report.files))
    return _tr("{files} in {folder}").format(files=files, folder=fmt.brief_name(report.folder))


def early(report: ExportReport) -> str:
    """That clips begin earlier than was asked for; empty where none does."""
    seconds = [
        file.moment.start - file.start
        for file in report.files
        if file.moment is not None and file.start is not None
    ]
    most = max(seconds, default=0.0)
    if most < 0.5:
        return ""
    return _tr("Clips begin up to {time} early. For exact clips, choose “Exact start and end”.").format(
        time=fmt.duration(most)
    )


def failure(failed: ExportFailure) -> str:
    """A moment that was not exported, and why."""
    place = f"{fmt.brief_name(failed.moment.path, FILE)} · {fmt.clock(failed.moment.start)}"
    return f"{place}\n{fmt.sentence(f'{failed.sentence} {failed.advice}'.strip())}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportWords", text)
