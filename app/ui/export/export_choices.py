"""What can be exported, as the dialog offers it: six things, each in one or more ways."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.exporting.export_request import ExportKind, StillFormat


@dataclass(frozen=True, slots=True)
class Way:
    """One way to export something."""

    id: str
    """Kept in the preferences."""
    kind: ExportKind
    title: str
    about: str
    exact: bool = False
    still_format: StillFormat = StillFormat.JPEG


@dataclass(frozen=True, slots=True)
class Thing:
    """What moments become."""

    title: str
    ways: tuple[Way, ...]
    about: str = ""
    has_handles: bool = False
    """Whether seconds before and after can be added."""
    has_size: bool = False
    """Whether the size of the picture can be chosen."""


def things() -> tuple[Thing, ...]:
    """All that can be exported, in the window's language."""
    return (
        Thing(
            _tr("Clips"),
            (
                Way(
                    "clips",
                    ExportKind.CLIPS,
                    _tr("As it is"),
                    _tr(
                        "Quick and without loss. A clip may begin a few seconds early, "
                        "at the nearest place where the video can be cut."
                    ),
                ),
                Way(
                    "clips-exact",
                    ExportKind.CLIPS,
                    _tr("Exact start and end"),
                    _tr("To the frame. Takes longer: the picture is encoded again."),
                    exact=True,
                ),
            ),
            _tr("A video of each moment."),
            has_handles=True,
        ),
        Thing(
            _tr("Stills"),
            (
                Way("stills", ExportKind.STILLS, _tr("JPEG"), _tr("Small files that open everywhere.")),
                Way(
                    "stills-png",
                    ExportKind.STILLS,
                    _tr("PNG"),
                    _tr("Large files without loss."),
                    still_format=StillFormat.PNG,
                ),
            ),
            _tr("The best frame of each moment in full size."),
        ),
        Thing(
            _tr("Animations"),
            (
                Way("gif", ExportKind.GIF, _tr("GIF"), _tr("Plays everywhere, with 256 colours.")),
                Way("webp", ExportKind.WEBP, _tr("WebP"), _tr("Smaller, with all colours.")),
            ),
            _tr("A small picture of each moment that moves, without sound. At most 30 seconds."),
            has_handles=True,
            has_size=True,
        ),
        Thing(
            _tr("Contact sheet"),
            (
                Way(
                    "sheet",
                    ExportKind.SHEET,
                    _tr("JPEG"),
                    _tr("Several frames of a single moment, or the best frame of each."),
                ),
            ),
            _tr("Frames with their times on one picture."),
        ),
        Thing(
            _tr("Timeline"),
            (
                Way(
                    "otio",
                    ExportKind.OTIO,
                    _tr("OpenTimelineIO"),
                    _tr("DaVinci Resolve, Premiere Pro 25.2 and later."),
                ),
                Way("xmeml", ExportKind.XMEML, _tr("Premiere XML"), _tr("Premiere Pro, DaVinci Resolve.")),
                Way("fcpxml", ExportKind.FCPXML, _tr("FCPXML"), _tr("Final Cut Pro, DaVinci Resolve.")),
                Way("edl", ExportKind.EDL, _tr("EDL"), _tr("Nearly every editing program; cuts only.")),
            ),
            _tr("The moments in order, with sound, for an editing program. No video is copied."),
            has_handles=True,
        ),
        Thing(
            _tr("Table"),
            (
                Way("csv", ExportKind.CSV, _tr("CSV"), _tr("For spreadsheets.")),
                Way("json", ExportKind.JSON, _tr("JSON"), _tr("For scripts.")),
            ),
            _tr("Where the moments are: file, start and end, and why they were found."),
        ),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportChoices", text)
