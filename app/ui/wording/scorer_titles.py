"""What people call the ways of ranking."""

from PySide6.QtCore import QCoreApplication

from app.engines.scorer_names import RESCORED


def scorer_title(scorer: str) -> str:
    """A scorer's name in menus and settings."""
    titles = {
        RESCORED: QCoreApplication.translate("EngineButton", "Re-score with T-MASS"),
        "pooled": QCoreApplication.translate("EngineButton", "Plain pooling"),
        "mean": QCoreApplication.translate("EngineButton", "Mean of the frames"),
        "max": QCoreApplication.translate("EngineButton", "Best frame"),
        "top-k": QCoreApplication.translate("EngineButton", "Three best frames"),
        "soft-maximum": QCoreApplication.translate("EngineButton", "Soft maximum"),
        "gees": QCoreApplication.translate("EngineButton", "Mean and variance (CRET)"),
    }
    return titles[scorer]
