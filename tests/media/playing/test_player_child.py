"""The child that plays, asked over its own pipes: right and in order, and it ends with who asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.processes.child import Child
from app.processes.launcher import start
from app.processes.wire import Message, read_message, write_message
from tests.videos import Scene, make_video

BOX = {"width": 160, "height": 120}


@pytest.fixture
def player() -> Iterator[Child]:
    with start("play") as child:
        assert answer(child).kind == "ready"
        yield child
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(20) == 0


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Two seconds at ten pictures a second, with a tone."""
    return make_video(tmp_path / "clip.mp4", [Scene("red", 2, "still")], gop=10, audio=True)


def answer(child: Child) -> Message:
    message = read_message(child.stdout)
    assert message is not None
    return message


def wish(
    child: Child, path: Path, serial: int, *, at: float = 0.0, speed: float = 1.0, sound: bool = True
) -> None:
    fields = {"path": str(path), "serial": serial, "at": at, "speed": speed, "sound": sound}
    assert child.stdin is not None
    write_message(child.stdin, Message("play", fields | BOX))


def told(child: Child) -> list[Message]:
    """What it says until it is done with one wish."""
    messages = [answer(child)]
    while messages[-1].kind not in {"end", "refused", "bug"}:
        messages.append(answer(child))
    return messages


def test_a_video_is_played_to_its_end_with_its_sound(player: Child, clip: Path) -> None:
    wish(player, clip, 1)
    messages = told(player)
    assert messages[0].kind == "facts"
    assert messages[0].number("duration") == pytest.approx(2, abs=0.1)
    pictures = [message for message in messages if message.kind == "picture"]
    assert [picture.number("time") for picture in pictures] == pytest.approx([n / 10 for n in range(20)])
    assert {len(picture.blobs[0]) for picture in pictures} == {160 * 120 * 4}
    heard = sum(len(message.blobs[0]) for message in messages if message.kind == "sound")
    assert heard / (48_000 * 4) == pytest.approx(2, abs=0.1)
    assert (messages[-1].kind, messages[-1].count("damaged")) == ("end", 0)
    assert {message.fields["serial"] for message in messages} == {1}


def test_one_wish_after_the_other_each_from_its_moment_and_at_its_speed(player: Child, clip: Path) -> None:
    wish(player, clip, 1, at=1.5, sound=False)
    assert [m.number("time") for m in told(player) if m.kind == "picture"] == pytest.approx(
        [1.5, 1.6, 1.7, 1.8, 1.9]
    )
    wish(player, clip, 2, at=1.0, speed=2.0)
    messages = told(player)
    heard = sum(len(message.blobs[0]) for message in messages if message.kind == "sound")
    assert heard / (48_000 * 4) == pytest.approx(0.5, abs=0.1)
    assert {message.fields["serial"] for message in messages} == {2}


def test_pictures_that_the_clock_has_passed_are_left_out(player: Child, tmp_path: Path) -> None:
    clip = make_video(tmp_path / "long.mp4", [Scene("red", 6, "still")], gop=10)
    wish(player, clip, 1, sound=False)
    assert player.stdin is not None
    write_message(player.stdin, Message("clock", {"at": 5.0, "speed": 0.0}))
    write_message(player.stdin, Message("box", {"width": 80, "height": 60}))
    pictures = [message for message in told(player) if message.kind == "picture"]
    taken = next(number for number, picture in enumerate(pictures) if picture.count("width") == 80)
    later = [picture.number("time") for picture in pictures[taken:]]
    assert later == sorted(later)
    assert len(later) < round((6 - later[0]) * 10)
    assert sum(picture.count("dropped") for picture in pictures) > 0


def test_what_cannot_be_played_is_refused_in_a_sentence_and_the_next_is_played(
    player: Child, clip: Path, tmp_path: Path
) -> None:
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(bytes(range(256)) * 64)
    for serial, path in enumerate((noise, tmp_path / "gone.mp4", tmp_path)):
        wish(player, path, serial)
        (refusal,) = told(player)
        assert refusal.kind == "refused"
        assert refusal.text("sentence").endswith(".")
    wish(player, clip, 9, sound=False)
    assert told(player)[-1].kind == "end"


def test_in_the_middle_of_a_video_it_ends_with_who_asked_too(player: Child, clip: Path) -> None:
    wish(player, clip, 1)
    assert answer(player).kind == "facts"
