"""The languages of the window: which there are, and the one in use, through Qt's own translators.

The sentences are in `resources/translations/`; English has a file too, of plurals alone.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from app.paths import resource

LANGUAGES = {"en": "English", "de": "Deutsch", "zh_CN": "简体中文"}
"""By code: what each calls itself."""
FALLBACK = "en"


class Languages(QObject):
    """Has the program speak one of `LANGUAGES`, and write numbers and dates as that does."""

    changed = Signal()
    """From now on another one; texts that stand already stay as they are."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._app = app
        self._installed: list[QTranslator] = []
        self._system = QLocale.system()
        self.current = ""
        """Code of the language in use; empty before the first `use`."""

    def use(self, preferred: str) -> None:
        """Speak the language with this code, the system's where it is empty or there is none such."""
        code = preferred if preferred in LANGUAGES else spoken(self._system.uiLanguages())
        if code == self.current:
            return
        for translator in self._installed:
            self._app.removeTranslator(translator)
        first, self.current = not self.current, code
        QLocale.setDefault(self._locale(code))
        qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        ours = str(resource("translations"))
        self._installed = []
        for name, folder in ((f"qtbase_{code}", qt), (f"reelfind_{code}", ours)):
            translator = QTranslator(self)
            if translator.load(name, folder):
                self._app.installTranslator(translator)
                self._installed.append(translator)
        if not first:
            self.changed.emit()

    def _locale(self, code: str) -> QLocale:
        """The system's own where it is of this language: it knows the country."""
        made = QLocale(code)
        return self._system if self._system.language() == made.language() else made


def spoken(wanted: list[str]) -> str:
    """The first of these languages, as systems name them (`de-AT`, `zh-Hans-CN`), that there is."""
    for name in wanted:
        locale = QLocale(name)
        match locale.language():
            case QLocale.Language.German:
                return "de"
            case QLocale.Language.Chinese if locale.script() != QLocale.Script.TraditionalChineseScript:
                return "zh_CN"
            case QLocale.Language.English:
                return "en"
    return FALLBACK
