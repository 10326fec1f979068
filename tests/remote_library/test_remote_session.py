"""A library that a real server has: searched, played, liked, and patient while the server is away."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.catalogue.deltas import Delta
from app.catalogue.kept.kept_records import MarkKind, Wish
from app.errors import UsageError
from app.media.playing.film_feed import FilmFeed
from app.query.query_error import QueryError
from app.remote_library.remote_session import RemoteSession
from app.remote_library.server_errors import ServerAwayError, ServerError
from app.remote_library.server_place import ServerPlace
from app.session import Session
from tests.conftest import wait_until
from tests.media.playing.test_film_feed import BOX, take
from tests.remote_library.server_process import LONG, Server, running_server

Opened = Callable[[str], RemoteSession]
LIKED = Wish(MarkKind.FAVOURITE)
NOT_LIKED = Wish(MarkKind.FAVOURITE, is_on=False)


@pytest.fixture
def opened(server: Server) -> Iterator[Opened]:
    """Opens the server's library as a person."""
    sessions: list[RemoteSession] = []

    def open_one(person: str) -> RemoteSession:
        session = RemoteSession(server.place(person), first_pause=0.1)
        sessions.append(session)
        return session

    yield open_one
    for session in sessions:
        session.close()


@pytest.fixture
def ada(opened: Opened) -> RemoteSession:
    return opened("ada")


def test_a_search_finds_what_is_there_with_pictures_times_and_curves(ada: RemoteSession) -> None:
    outcome = ada.search("blue")
    best = outcome.moments[0]
    assert best.path.name == "red then blue.mp4"
    assert best.start == pytest.approx(3, abs=0.5)
    picture = ada.thumbnail(best.frame_id)
    assert picture is not None
    assert picture[:4] == b"RIFF"
    assert picture is ada.thumbnail(best.frame_id), "what came is kept"
    frames = ada.catalogue.frames(best.video_id)
    assert best.frame_id in {frame.id for frame in frames}
    curve = ada.match_curve("blue", best.video_id)
    assert len(curve.times) == len(frames)
    assert curve.strengths[-1] > curve.strengths[0]
    assert any(line.text for line in ada.catalogue.lines(best.video_id)), "its name is a line"


def test_a_search_can_be_limited_to_a_folder_and_cut_short(ada: RemoteSession) -> None:
    (folder,) = ada.folders()
    assert (folder.indexed, folder.path.name) == (3, "videos")
    assert ada.search("red", folder=folder.path).moments
    assert len(ada.search("red", limit=1).moments) == 1
    with pytest.raises(ServerError, match="does not have this folder"):
        ada.search("red", folder=Path("/elsewhere"))


def test_what_is_wrong_with_a_query_is_said_as_on_this_computer(ada: RemoteSession) -> None:
    with pytest.raises(QueryError) as caught:
        ada.search("red after:2020-13")
    assert caught.value.at == 4
    assert caught.value.advice


def test_the_status_says_whose_library_it_is(ada: RemoteSession) -> None:
    assert ada.person == "ada"
    assert ada.model_name
    assert not ada.impairments()


def test_a_moment_plays_and_a_small_part_of_the_file_is_read(ada: RemoteSession) -> None:
    moment = next(each for each in ada.search("red").moments if each.path.name == LONG)
    video = ada.video(moment)
    feed = FilmFeed(lambda: None)
    try:
        feed.play(video, 90.05, BOX, sound=False)
        pictures = take(feed, 2)
        feed.rest()
        assert pictures[0].time == pytest.approx(90, abs=0.06)
        assert video.size() == moment.path.stat().st_size, "the server's files lie on this computer here"
        assert video.bytes_read < 0.35 * video.size()
        feed.play(moment.path, 90.05, BOX, sound=False)
        assert take(feed, 1)[0].pixels == pictures[0].pixels
    finally:
        feed.close()


def test_what_one_person_likes_no_other_sees(opened: Opened) -> None:
    ada, bob = opened("ada"), opened("bob")
    blue = ada.search("blue").moments[0]
    change = ada.kept.change([blue], [LIKED])
    assert change.targets == 1
    assert ada.catalogue.kept_overview().favourites == 1
    assert [each.video_id for each in ada.catalogue.kept_overview().marks] == [blue.video_id]
    assert bob.catalogue.kept_overview().favourites == 0
    assert [each.video_id for each in ada.search("is:favourite").moments] == [blue.video_id]
    assert not bob.search("is:favourite").moments
    again = opened("ada")
    assert again.catalogue.kept_overview().favourites == 1, "on another computer too"
    again.kept.take_back(change)
    assert ada.catalogue.kept_overview().favourites == 0


def test_an_unliked_moment_can_be_liked_again_as_it_was(ada: RemoteSession) -> None:
    blue = ada.search("blue").moments[0]
    ada.kept.change([blue], [LIKED])
    before = ada.catalogue.kept_overview().marks
    change = ada.kept.change([blue], [NOT_LIKED])
    assert ada.catalogue.kept_overview().favourites == 0
    ada.kept.take_back(change)
    assert ada.catalogue.kept_overview().favourites == 1
    assert [each.mark.target for each in ada.catalogue.kept_overview().marks] == [
        each.mark.target for each in before
    ]
    ada.kept.change([blue], [NOT_LIKED])


def test_a_tag_is_everybodys_and_can_be_taken_back(opened: Opened) -> None:
    ada, bob = opened("ada"), opened("bob")
    blue = ada.search("blue").moments[0]
    change = ada.kept.change([blue], [Wish(MarkKind.TAG, " Sea ")])
    assert [(each.name, each.count) for each in bob.catalogue.kept_overview().tags] == [("Sea", 1)]
    (mark,) = bob.catalogue.kept_overview().marks
    assert (mark.video_id, mark.mark.kind, mark.mark.value) == (blue.video_id, MarkKind.TAG, "Sea")
    assert [each.video_id for each in bob.search("tag:sea").moments] == [blue.video_id]
    assert bob.prompts.completions("tag:s")[0].text.startswith("tag:Sea")
    assert bob.prompts.values().tags == ("Sea",)
    assert not bob.kept.change([blue], [Wish(MarkKind.TAG, "sea")]).targets, "it has it already"
    gone = bob.kept.change([blue], [Wish(MarkKind.TAG, "SEA", is_on=False)])
    assert not ada.catalogue.kept_overview().tags
    bob.kept.take_back(gone)
    assert [each.name for each in ada.catalogue.kept_overview().tags] == ["Sea"]
    ada.kept.take_back(change)
    assert not bob.catalogue.kept_overview().tags
    with pytest.raises(UsageError):
        ada.kept.change([blue], [Wish(MarkKind.TAG, "x" * 101)])


def test_why_a_moment_was_found_is_what_its_library_says(ada: RemoteSession, served_library: Path) -> None:
    found = ada.search("blue").moments[0]
    step = ada.why("blue", found).steps[0]
    with Session(served_library) as session:
        own = session.why("blue", session.search("blue").moments[0]).steps[0]
    assert step.map is not None
    assert own.map is not None
    assert np.allclose(step.map, own.map, atol=2e-3)
    assert step.area == own.area
    assert [part.text for part in step.parts] == ["blue"]
    with pytest.raises(ServerError, match="nothing was compared"):
        ada.why("type:mp4", found)
    with pytest.raises(ServerError, match="finds no such moment"):
        ada.why("blue", replace(found, best=500.0))


def test_examples_are_looked_for_by_the_server(ada: RemoteSession) -> None:
    examples = ada.prompts.examples.find(lambda: False)
    assert examples
    assert all(ada.search(query).moments for query in examples)
    assert ada.prompts.examples.find(lambda: True) == ()


def test_another_window_of_the_same_person_is_told(opened: Opened) -> None:
    here, there = opened("bob"), opened("bob")
    told: list[Delta] = []
    there.catalogue.subscribe(told.append)
    assert wait_until(lambda: any(delta.kept for delta in told)), "it begins with everything"
    told.clear()
    blue = here.search("blue").moments[0]
    here.kept.change([blue], [LIKED])
    assert wait_until(lambda: any(delta.kept for delta in told))
    assert there.catalogue.kept_overview().favourites == 1
    here.kept.change([blue], [NOT_LIKED])


def test_history_and_saved_searches_stay_on_this_computer(opened: Opened) -> None:
    ada = opened("ada")
    ada.note_search("blue")
    ada.kept.save_search("Sea", "blue after:2020")
    assert [each.query for each in ada.catalogue.past_searches()] == ["blue"]
    again = opened("ada")
    assert [each.name for each in again.catalogue.saved_searches()] == ["Sea"]
    with pytest.raises(UsageError):
        again.kept.save_search("Sea", "another")
    assert again.folders()
    assert again.prompts.completions("in:vid")[0].text.startswith("in:videos")


def test_a_wrong_token_is_a_sentence(server: Server) -> None:
    with pytest.raises(ServerError, match="does not take this computer’s token") as caught:
        RemoteSession(ServerPlace(server.place().address, "a-token-of-somebody-else"))
    assert not isinstance(caught.value, ServerAwayError)


def test_a_server_that_is_killed_is_away_until_it_is_back(served_library: Path, tmp_path: Path) -> None:
    with running_server(served_library, tmp_path / "server") as first:
        session = RemoteSession(first.place("ada"), first_pause=0.1)
        told: list[Delta] = []
        session.catalogue.subscribe(told.append)
        assert session.folders()
        assert wait_until(lambda: any(delta.findable for delta in told))
        first.kill()
        assert wait_until(session.impairments)
        assert "cannot be reached" in session.impairments()[0].sentence
        assert session.outages == 1
        assert session.folders(), "what was known stays"
        with pytest.raises(ServerAwayError):
            session.search("blue")
        told.clear()
        with running_server(served_library, tmp_path / "server", port=first.port) as second:
            assert second.tokens == first.tokens
            assert wait_until(lambda: not session.impairments())
            assert wait_until(lambda: any(delta.findable and delta.kept for delta in told))
            assert session.search("blue").moments
            session.close()


def test_more_like_a_found_moment_is_found_by_its_videos_name(ada: RemoteSession) -> None:
    blue = ada.search("blue").moments[0]
    assert ada.search(f'like:"{blue.path}@{blue.best:g}"').moments
    with pytest.raises((ServerError, QueryError)):
        ada.search('like:"/etc/passwd.jpg"')
