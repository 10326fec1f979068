"""Every sentence of the window can be translated."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.ui.translations.sentences import Sentence, read_source, read_window
from tests.ui.translations.ts_files import FORMS, compile_into, messages, qm_file


def test_no_sentence_escapes_translation() -> None:
    sentences, faults = read_window()
    assert len(sentences) > 200
    assert not faults, "\n".join(f"{fault.place}: {fault.what}" for fault in faults)


def test_sentences_are_read_in_every_form_in_which_they_stand() -> None:
    source = (
        "class Page(QWidget):\n"
        "    def say(self):\n"
        "        self.tr('One ' 'two')\n"
        "        self.tr('%Ln videos', '', 3)\n"
        "def _tr(text, number=-1):\n"
        "    return QCoreApplication.translate('Words', text, '', number)\n"
        "_tr('Three')\n"
        "QCoreApplication.translate('Other', 'Four')\n"
    )
    sentences, faults = read_source(source, "page.py")
    assert not faults
    assert sentences == {
        Sentence("Page", "One two", plural=False),
        Sentence("Page", "%Ln videos", plural=True),
        Sentence("Words", "Three", plural=False),
        Sentence("Other", "Four", plural=False),
    }


@pytest.mark.parametrize(
    "line",
    [
        "label.setText('Words')",
        "label.setText(f'{n} words')",
        "PlainLabel('Words' if n else '')",
        "IconButton(theme, 'close', 'Close')",
        "self.tr(text)",
        "self.tr('%n words', '', n)",
        "self.tr('%Ln words')",
        "tr('Words')",
    ],
)
def test_what_escapes_is_told(line: str) -> None:
    source = f"class Page:\n    def say(self):\n        {line}\n"
    assert read_source(source, "page.py")[1]


LANGUAGES = pytest.mark.parametrize("language", FORMS)
_PLACE = re.compile(r"\{[^{}]*\}|%L?n")


@LANGUAGES
def test_a_translation_fills_the_same_places(language: str) -> None:
    for message in messages(language):
        wanted = Counter(_PLACE.findall(message.sentence.text))
        for form in message.forms:
            assert Counter(_PLACE.findall(form)) == wanted, (message.sentence.text, form)


@LANGUAGES
def test_a_counted_word_has_every_form_of_its_language(language: str) -> None:
    for message in messages(language):
        if message.sentence.plural and message.forms:
            assert len(message.forms) == FORMS[language]
            assert all(message.forms), message.sentence.text


@LANGUAGES
def test_every_sentence_of_the_window_is_translated(language: str) -> None:
    sentences, _ = read_window()
    wanted = {sentence for sentence in sentences if sentence.plural or language != "en"}
    assert {message.sentence for message in messages(language) if message.forms} == wanted, (
        "run python -m tests.ui.translations, then translate what it says is left"
    )


@LANGUAGES
def test_what_the_window_loads_is_what_people_edit(language: str, tmp_path: Path) -> None:
    compile_into(language, tmp_path / "now.qm")
    assert (tmp_path / "now.qm").read_bytes() == qm_file(language).read_bytes(), (
        "run python -m tests.ui.translations"
    )
