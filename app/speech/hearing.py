"""A Whisper model hears passages of speech: lines with the time of every word, without what it makes up."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from app.lines.line import Line
from app.speech.voiced import Passage, Samples, passages

NO_SPEECH, UNLIKELY = 0.6, -1.0
"""A segment that is probably none, and not sure of its words, is left out (Whisper's own rule)."""
COMPRESSED = 2.4
"""A text that packs better than this repeats itself (Whisper's own rule)."""
UNSURE = 0.3
"""Mean probability of its words below which a line is left out."""
FASTEST = 7.0
"""Words per second: nobody speaks faster."""
REPEATED = 2
"""Times that one text may follow itself."""
WORDS, PHRASES = 6, 4
"""So often one word, or one phrase, in a row is no line where there is nothing else in it."""
SURE_LANGUAGE = 0.5
"""Probability from which a passage is in another language than the one before."""
_SPEECH_MILLISECONDS, _SILENCE_MILLISECONDS, _PADDING_MILLISECONDS = 250, 500, 200


class Hearer(Protocol):
    """What hears: a model."""

    def detect(self, samples: Samples) -> list[tuple[int, int]]:
        """See `voiced.Detector`."""
        ...

    def segments(self, samples: Samples, language: str) -> Iterable[Any]:
        """Segments of faster-whisper, with words."""
        ...

    def language(self, samples: Samples) -> tuple[str, float]:
        """The likeliest language, ISO 639-1, and its probability."""
        ...


class WhisperHearer:
    """faster-whisper with a model from a folder, which was checked. Nothing is fetched."""

    def __init__(self, folder: Path, device: str, threads: int) -> None:
        """Load it, which takes a second or some.

        Args:
            folder: of the model.
            device: `cpu` or `cuda`.
            threads: of the processor.

        Raises:
            RuntimeError, ValueError, OSError: it cannot be loaded there.
        """
        from faster_whisper import WhisperModel  # noqa: PLC0415 - the extra `speech`
        from faster_whisper.vad import VadOptions, get_speech_timestamps  # noqa: PLC0415

        kind = "int8_float16" if device == "cuda" else "int8"
        self._model = WhisperModel(
            str(folder), device=device, compute_type=kind, cpu_threads=threads, local_files_only=True
        )
        self._speech = get_speech_timestamps
        self._options = VadOptions(
            min_speech_duration_ms=_SPEECH_MILLISECONDS,
            min_silence_duration_ms=_SILENCE_MILLISECONDS,
            speech_pad_ms=_PADDING_MILLISECONDS,
        )
        self._language = ""

    def detect(self, samples: Samples) -> list[tuple[int, int]]:
        """See `Hearer`."""
        return [(found["start"], found["end"]) for found in self._speech(samples, self._options)]

    def segments(self, samples: Samples, language: str) -> Iterable[Any]:
        """See `Hearer`."""
        found: Iterable[Any]
        found, _ = self._model.transcribe(
            samples,
            language=language,
            beam_size=5,
            temperature=0.0,  # the others draw lots: a file would not give the same lines again
            condition_on_previous_text=False,
            word_timestamps=True,
            no_speech_threshold=NO_SPEECH,
            log_prob_threshold=UNLIKELY,
            compression_ratio_threshold=COMPRESSED,
        )
        return found

    def language(self, samples: Samples) -> tuple[str, float]:
        """See `Hearer`."""
        if not self._model.model.is_multilingual:
            return "en", 1.0
        language, probability, _ = self._model.detect_language(samples)
        return str(language), float(probability)


def hear(
    sound: Iterable[tuple[float, Samples]], hearer: Hearer, reached: Callable[[float], None]
) -> Iterator[Line]:
    """The lines that are said, in the order of their times.

    Args:
        sound: running time in seconds and samples of each piece, in order.
        hearer: hears them.
        reached: told the running time up to which everything was heard, after each passage.
    """
    language = ""
    recent: list[str] = []
    for passage in passages(sound, hearer.detect, reached):
        found, probability = hearer.language(passage.samples)
        if not language or probability >= SURE_LANGUAGE:
            language = found
        for segment in hearer.segments(passage.samples, language):
            line = _line(segment, passage, language)
            if line is None or recent[-REPEATED:] == [line.text] * REPEATED:
                continue
            recent = [*recent[-REPEATED:], line.text]
            yield line
        reached(passage.running(passage.seconds))


def _line(segment: Any, passage: Passage, language: str) -> Line | None:
    """What a segment says; None where it is probably made up."""
    words = [(word.word, float(word.start), float(word.probability)) for word in segment.words or ()]
    text = _clean("".join(word for word, _, _ in words) or segment.text)
    if not any(map(str.isalnum, text)):
        return None
    if segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < UNLIKELY:
        return None
    if segment.compression_ratio > COMPRESSED or _goes_round(text):
        return None
    if words and sum(probability for _, _, probability in words) / len(words) < UNSURE:
        return None
    seconds = max(segment.end - segment.start, 0.1)
    if len(text.split()) / seconds > FASTEST and len(text.split()) > FASTEST:
        return None
    start, end = passage.running(float(segment.start)), passage.running(float(segment.end))
    times = _times([(word, passage.running(at)) for word, at, _ in words], text, start)
    return Line(max(0.0, start), max(0.0, start, end), text, language[:2], times)


def _goes_round(text: str) -> bool:
    """Whether a line is nothing but one phrase over and over: what a model says where it hears nothing."""
    words = ["".join(filter(str.isalnum, word)).casefold() for word in text.split()]
    return any(
        len(words) >= most * period and all(word == words[place % period] for place, word in enumerate(words))
        for period in range(1, len(words) // PHRASES + 1)
        for most in (WORDS if period == 1 else PHRASES,)
    )


def _times(words: Sequence[tuple[str, float]], text: str, start: float) -> tuple[float, ...]:
    """When each of `text.split()` begins: a model's words are parts of those, the first with a space."""
    times: list[float] = []
    for number, (word, at) in enumerate(words):
        if number == 0 or word[:1].isspace():
            times.append(max(0.0, start, at, *times[-1:]))
    return tuple(times) if len(times) == len(text.split()) else ()


def _clean(text: str) -> str:
    """One line without what does not show."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return re.sub(r"\s+", " ", shown).strip()
