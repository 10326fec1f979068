"""Every sentence of the window can be translated."""

import pytest

from tests.ui.translations.sentences import Sentence, read_source, read_window


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
