"""Subtitle files that the tests write."""

from collections.abc import Sequence

Cue = tuple[float, float, str]

EIGHT = {
    "en": ("cp1252", "Where is my brother? He’s not here.", "“Happy birthday”, she said."),
    "de": ("cp1252", "Schöne Grüße aus München, wo früher die Züge fuhren.", "Das Mädchen weiß es später."),
    "fr": ("cp1252", "Où êtes-vous allé hier soir, mon frère ?", "Ça me plaît énormément, très cher élève."),
    "pl": ("cp1250", "Zażółć gęślą jaźń, powiedział chłopiec.", "Proszę, wejdź do środka i usiądź."),
    "ru": ("cp1251", "Привет, как дела? Я не знаю, где он.", "Мы пойдём в кино сегодня вечером."),
    "ar": ("cp1256", "مرحبا، كيف حالك؟ لا أعرف أين هو.", "سنذهب إلى السينما هذا المساء."),
    "zh": ("gb18030", "你好，你今天怎么样？我不知道他在哪里。", "我们今晚去看电影，非常感谢你，先生。"),
    "ja": ("cp932", "こんにちは、彼がどこにいるのか分かりません。", "今夜、映画を見に行きます。"),
}
"""By language: what programs wrote it in before UTF-8, and two captions."""


def stamp(seconds: float, mark: str = ",") -> str:
    """A time as SubRip has it, or WebVTT with a dot."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{mark}{thousandths:03d}"


def srt(cues: Sequence[Cue]) -> str:
    """SubRip."""
    return "\n".join(
        f"{number}\n{stamp(start)} --> {stamp(end)}\n{text}\n"
        for number, (start, end, text) in enumerate(cues, 1)
    )


def vtt(cues: Sequence[Cue]) -> str:
    """WebVTT."""
    return "WEBVTT\n\n" + "\n".join(
        f"{stamp(start, '.')} --> {stamp(end, '.')} align:start\n{text}\n" for start, end, text in cues
    )


def ass(cues: Sequence[Cue]) -> str:
    """SubStation."""
    times = [(f"{stamp(start, '.')[1:-1]}", f"{stamp(end, '.')[1:-1]}", text) for start, end, text in cues]
    events = "\n".join(f"Dialogue: 0,{start},{end},Default,,0,0,0,,{text}" for start, end, text in times)
    return (
        "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\n"
        "Style: Default,Arial,20\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n" + events + "\n"
    )
