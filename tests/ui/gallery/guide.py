"""The user guide's pictures, and those of its pages that the window itself knows best."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.ui.shell.main_window import MainWindow
from tests.conftest import ROOT

GUIDE = ROOT / "docs" / "guide"
PICTURES = GUIDE / "pictures"
LARGEST = 3_000_000
"""Bytes of all pictures together."""
_QUALITY = 82
_SHOWN = re.compile(r"pictures/([\w-]+)\.webp")


def shown_pictures() -> set[str]:
    """Names of the pictures that the pages show."""
    return {name for page in GUIDE.glob("*.md") for name in _SHOWN.findall(page.read_text(encoding="utf-8"))}


def take_pictures(out: Path) -> None:
    """Put the pictures that the pages show beside them."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    wanted = shown_pictures()
    for old in PICTURES.glob("*.webp"):
        if old.stem not in wanted:
            old.unlink()
    for name in sorted(wanted):
        if (out / f"{name}.png").exists():
            QImage(str(out / f"{name}.png")).save(str(PICTURES / f"{name}.webp"), "WEBP", _QUALITY)


def written_pages(window: MainWindow) -> dict[str, str]:
    """By file name: the pages that follow from what the window can do; in English."""
    return {"shortcuts.md": _shortcuts(window), "settings.md": _settings(window)}


def _shortcuts(window: MainWindow) -> str:
    lines = [
        "# Commands and shortcuts",
        "",
        "Press **Ctrl+K** and type a few letters of what you want to do; **F1** or **?** shows this list. "
        "On a Mac, Ctrl is ⌘. Every shortcut can be changed under *Settings ▸ Shortcuts*. What belongs to "
        "the results or the player works while the keyboard is there.",
        "",
        "![The palette of commands](pictures/palette-light.webp)",
        "",
    ]
    groups: dict[str, list[str]] = {}
    for command in window.parts.commands.all():
        keys = " or ".join(f"`{key}`" for key in command.keys)
        groups.setdefault(command.group, []).append(f"| {command.title.rstrip('…')} | {keys} |")
    for group, rows in groups.items():
        lines += [f"## {group}", "", "| command | shortcut |", "|---|---|", *rows, ""]
    lines += ["## Moving around", "", "| what | keys |", "|---|---|"]
    for title, keys in window.desktop_flow.sheet.groups()["Moving around"]:
        lines.append(f"| {title} | {' '.join(f'`{key}`' for key in keys)} |")
    return "\n".join(lines) + "\n"


def _settings(window: MainWindow) -> str:
    lines = [
        "# Settings",
        "",
        "Open them with **Ctrl+,**. Changes hold at once; nothing needs a restart. Type in the field above "
        "the categories to find a setting; the arrow beside a changed one takes it back to its default. On "
        "the command line, `reelfind settings` shows and changes those of a library "
        "([reference](../settings.md)).",
        "",
        "![The settings](pictures/settings-light.webp)",
        "",
    ]
    page = window.parts.settings
    window.parts.pages.addWidget(page)  # it ends with the window
    for section in page.sections:
        section.fill()
        rows = [(row.title.text(), row.about.text()) for row in section.rows]
        if section is page.shortcuts:
            rows = [("Shortcuts", "The keys of every command; see [the list](shortcuts.md).")]
        QApplication.processEvents()
        lines += [f"## {section.title}", ""]
        for title, about in rows:
            first = about.splitlines()[0] if about and "/" not in about.splitlines()[0] else ""
            lines.append(f"- **{title}**{': ' + first if first else ''}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
