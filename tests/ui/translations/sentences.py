"""Every sentence of the window, read out of its source.

`lupdate` reads Python too, but knows only `self.tr("…")` and the short form of `translate`. So what is read
here is written as the one form that it knows, and it does the rest.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WINDOW = ROOT / "app" / "ui"


_SHOWING = """
setText setToolTip setAccessibleName setAccessibleDescription setWindowTitle setPlaceholderText setIconText
setInformativeText setDetailedText setStatusTip setWhatsThis addAction addMenu addSection addButton addItem
addTab setTabText setTitle setLabelText setButtonText showMessage set_full_text set_wordings set_label say
note plain_tooltip plain_action QLabel QPushButton QToolButton QAction QCheckBox QRadioButton QGroupBox QMenu
QDockWidget PlainLabel ElidedLabel FittingLabel TextButton ElidedButton IconButton Notice Question Page
WorkingNote Command
"""
SHOWING = frozenset(_SHOWING.split())
"""What puts words on the screen, or has them read aloud."""
NO_WORDS = {"IconButton": (1,), "Command": (0, 4)}
"""Positions of arguments that are names of ours."""
NAMES_OF_OURS = frozenset({"kind", "icon", "tone", "scale", "keys", "id", "name"})
"""Keyword arguments that are."""
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """One sentence as it stands in the source."""

    context: str
    text: str
    plural: bool
    """Whether a number goes with it, which Qt puts in the place of `%n` or `%Ln`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where a sentence escapes translation."""

    place: str
    what: str


@cache
def read_window() -> tuple[list[Sentence], list[Fault]]:
    """All sentences of `app/ui`, each once, and the places where something is wrong."""
    sentences: set[Sentence] = set()
    faults: list[Fault] = []
    for file in sorted(WINDOW.rglob("*.py")):
        found, wrong = read_source(file.read_text(encoding="utf-8"), str(file.relative_to(ROOT)))
        sentences |= found
        faults += wrong
    return sorted(sentences), faults


def read_source(source: str, name: str) -> tuple[set[Sentence], list[Fault]]:
    """The sentences of one file, and what is wrong in it."""
    reader = _Reader(name)
    reader.read(ast.parse(source))
    return reader.sentences, reader.faults


class _Reader(ast.NodeVisitor):
    def __init__(self, name: str) -> None:
        self.sentences: set[Sentence] = set()
        self.faults: list[Fault] = []
        self._name = name
        self._classes: list[str] = []
        self._helpers: dict[str, str] = {}
        self._inside_helper = False

    def read(self, module: ast.Module) -> None:
        self._helpers = dict(_helpers(module))
        self.visit(module)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name in self._helpers:
            return
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        match node.func:
            case ast.Attribute(value=ast.Name("self"), attr="tr"):
                if self._classes:
                    self._take(node, self._classes[-1], node.args)
                else:
                    self._fault(node, "self.tr outside a class")
            case ast.Attribute(value=ast.Name("QCoreApplication"), attr="translate"):
                context = node.args[0] if node.args else None
                if isinstance(context, ast.Constant) and isinstance(context.value, str):
                    self._take(node, context.value, node.args[1:])
                else:
                    self._fault(node, "translate without a literal context")
            case ast.Name(name) if name in self._helpers:
                self._take(node, self._helpers[name], node.args)
            case ast.Name("tr") | ast.Attribute(attr="tr"):
                self._fault(node, "tr of something else than self: lupdate cannot tell its context")
        self._look_for_bare_words(node)
        self.generic_visit(node)

    def _look_for_bare_words(self, call: ast.Call) -> None:
        """Words that are shown and stand in the source as they are."""
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in SHOWING:
            return
        skipped = NO_WORDS.get(name, ())
        shown = [arg for position, arg in enumerate(call.args) if position not in skipped]
        shown += [word.value for word in call.keywords if word.arg not in NAMES_OF_OURS]
        for arg in shown:
            for text in _bare(arg):
                if _LETTER.search(text):
                    self._fault(call, f"outside tr: {text!r}")

    def _take(self, call: ast.Call, context: str, args: list[ast.expr]) -> None:
        text = args[0] if args else None
        if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
            self._fault(call, "no literal sentence")
            return
        counted = len(args) > 1
        if counted != ("%n" in text.value or "%Ln" in text.value):
            self._fault(call, f"a number without %n, or %n without a number: {text.value!r}")
        if "%n" in text.value:
            self._fault(call, f"%Ln writes numbers as the language does: {text.value!r}")
        self.sentences.add(Sentence(context, text.value, plural=counted))

    def _fault(self, node: ast.expr, what: str) -> None:
        self.faults.append(Fault(f"{self._name}:{node.lineno}", what))


def _bare(node: ast.expr) -> Iterator[str]:
    """The literal texts that an expression can come out as, or in part."""
    match node:
        case ast.Constant(str(text)):
            yield text
        case ast.JoinedStr(values):
            for part in values:
                yield from _bare(part)
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from _bare(one)
            yield from _bare(other)
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _bare(part)


def _helpers(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Functions that only hand their text on to `translate`, each with its context."""
    for node in module.body:
        if not isinstance(node, ast.FunctionDef) or not node.args.args:
            continue
        match node.body[-1]:
            case ast.Return(
                ast.Call(
                    func=ast.Attribute(value=ast.Name("QCoreApplication"), attr="translate"),
                    args=[ast.Constant(str(context)), ast.Name(given), *_],
                )
            ) if given == node.args.args[0].arg:
                yield node.name, context
