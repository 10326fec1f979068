"""The files of translations: `.ts`, which people edit, and `.qm`, which the window loads."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import PySide6

from tests.ui.translations.sentences import ROOT, Sentence

FOLDER = ROOT / "resources" / "translations"
FORMS = {"en": 2, "de": 2, "zh_CN": 1}
"""Languages, each with how many forms a counted word has."""
_TOOLS = Path(PySide6.__file__).parent
_END = ".exe" if sys.platform == "win32" else ""


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence in one language."""

    sentence: Sentence
    forms: tuple[str, ...]
    """One, or as many as a counted word has; empty where it is still to be translated."""


def ts_file(language: str) -> Path:
    """The file that people edit."""
    return FOLDER / f"reelfind_{language}.ts"


def qm_file(language: str) -> Path:
    """The file that the window loads."""
    return FOLDER / f"reelfind_{language}.qm"


def messages(language: str) -> list[Message]:
    """What the file of a language holds."""
    found = []
    for context in ET.parse(ts_file(language)).getroot().iter("context"):  # noqa: S314 - ours
        name = context.findtext("name", "")
        for message in context.iter("message"):
            plural = message.get("numerus") == "yes"
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.iter("numerusform")]
            texts = forms if plural else [translation.text or ""]
            done = translation.get("type") is None
            found.append(
                Message(Sentence(name, message.findtext("source", ""), plural), tuple(texts) if done else ())
            )
    return found


def update(language: str, sentences: Iterable[Sentence], file: Path) -> None:
    """Have `lupdate` bring a `.ts` file in line with the sentences: what is new comes, what is gone goes."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "sentences.py"
        source.write_text(as_source(sentences), encoding="utf-8")
        only = ["-pluralonly"] if language == "en" else []
        _run("lupdate", *only, "-no-obsolete", "-locations", "none", "-source-language", "en",
             "-target-language", language, str(source), "-ts", str(file))  # fmt: skip


def compile_into(language: str, file: Path) -> None:
    """Have `lrelease` write what the window loads."""
    _run("lrelease", "-removeidentical", str(ts_file(language)), "-qm", str(file))


def as_source(sentences: Iterable[Sentence]) -> str:
    """Python in the one form that `lupdate` reads in full."""
    lines: list[str] = []
    context = None
    for sentence in sorted(sentences):
        if sentence.context != context:
            context = sentence.context
            lines += [f"class {context}:", "    def sentences(self, n):"]
        text = re.sub(r'(["\\])', r"\\\1", sentence.text).replace("\n", "\\n")
        number = ", '', n" if sentence.plural else ""
        lines.append(f'        self.tr("{text}"{number})')
    return "\n".join(lines) + "\n"


def _run(tool: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(_TOOLS / f"{tool}{_END}"), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{tool} failed: {done.stdout}{done.stderr}")
