"""A library that an earlier version made opens, loses nothing, and gains what is new.

`earlier/*.sql` are dumps of libraries that those versions wrote: 0.1.0, the tree before folders had counts,
the one before bars were found, the one before cameras and places were read, the one before lines of text were
kept, the one before people could keep things, the one before these could be hidden, and the one before
several people could keep their own (all brought that library up to their own dates). Each has five small
files in `/movies`: one indexed whole, one in part, one not at all for want of a permission, one not yet, and
one that was deleted.
"""

from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.kept.kept_records import MarkKind
from app.catalogue.records import FileOrigin, Presence, VideoState
from app.errors import Cause
from app.lines.line import Line, Source
from app.media.area import WHOLE
from app.media.frames import Origin
from app.media.geography.place import Place
from app.settings import Settings
from app.vectors.vector_index import VectorIndex
from tests.catalogue.making import MODEL, rescan
from tests.database.earlier_libraries import DUMPS, write_earlier


@pytest.fixture(params=DUMPS, ids=lambda dump: dump.stem)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The library as it was written, its files at another place."""
    return write_earlier(request.param, tmp_path / "library")


def test_it_opens_and_keeps_what_was_indexed(library: Path) -> None:
    with Catalogue(library) as catalogue:
        found = {video.path.stem: video for video in catalogue.videos()}
        assert (found["whole"].state, found["whole"].cause) == (VideoState.INDEXED, None)
        assert [frame.time for frame in catalogue.frames(found["whole"].id)] == [0.0, 1.0, 2.0]
        index = VectorIndex(library, MODEL, 4)
        index.refresh(catalogue)
        assert set(index.gallery.video_of_row) == {found["whole"].id, found["partly"].id}, "gone is gone"
        assert catalogue.is_intact()


def test_it_gains_the_counts_of_its_folders(library: Path) -> None:
    with Catalogue(library) as catalogue:
        (folder,) = catalogue.folders()
        videos = catalogue.videos()
        assert folder.videos == len(videos) == 4
        for state, counted in (
            (VideoState.INDEXED, folder.indexed),
            (VideoState.FAILED, folder.failed),
            (VideoState.PENDING, folder.pending),
        ):
            assert counted == sum(video.state is state for video in videos)
        assert folder.indexed == 2
        assert folder.seconds > 0
        assert not list(catalogue.check(full=True))


def test_what_failed_for_reasons_unknown_is_tried_once_more(library: Path) -> None:
    with Catalogue(library) as catalogue:
        rescan(catalogue, library.parent / "movies")
        pending = {video.path.stem: video for video in catalogue.pending(MODEL)}
        assert set(pending) == {"damaged", "partly", "waiting"}
        assert pending["damaged"].reason == ""
        assert pending["partly"].cause is Cause.ENVIRONMENT


def test_a_file_that_was_missing_is_gone_and_comes_back_for_nothing(library: Path) -> None:
    movies = library.parent / "movies"
    with Catalogue(library) as catalogue:
        (gone,) = (video for video in catalogue.videos_by_id(range(1, 6)).values() if not video.is_playable)
        assert (gone.path.stem, gone.presence) == ("deleted", Presence.GONE)
        assert gone.id not in {video.id for video in catalogue.videos()}
        (movies / "elsewhere.mp4").write_bytes(b"the content of deleted")
        rescan(catalogue, movies)
        back = catalogue.video(gone.id)
        assert back is not None
        assert (back.path.name, back.presence) == ("elsewhere.mp4", Presence.HERE)
        assert len(catalogue.frames(gone.id)) == 3


def test_a_renamed_file_is_known_by_the_fingerprint_of_that_version(library: Path) -> None:
    movies = library.parent / "movies"
    with Catalogue(library) as catalogue:
        rescan(catalogue, movies)
        (movies / "whole.mp4").rename(movies / "renamed.mp4")
        assert rescan(catalogue, movies).moved == 1
        assert "renamed" in {v.path.stem for v in catalogue.videos() if v.state is VideoState.INDEXED}


def test_settings_that_are_out_of_range_by_now_give_way_to_the_defaults(library: Path) -> None:
    with Catalogue(library) as catalogue:
        settings = Settings.from_json(catalogue.setting("settings"))
        assert (settings.rescan_every, settings.max_rate) == (Settings().rescan_every, Settings().max_rate)


def test_what_was_indexed_before_bars_were_found_is_all_picture(library: Path) -> None:
    with Catalogue(library) as catalogue:
        found = {video.path.stem: video for video in catalogue.videos()}
        clips = catalogue.clips(found["whole"].id)
        assert [clip.area for clip in clips] == [WHOLE] * len(clips) != []


def test_something_can_be_kept_about_its_videos(library: Path) -> None:
    with Catalogue(library) as catalogue:
        (whole,) = (video for video in catalogue.videos() if video.path.stem == "whole")
        catalogue.keep([(whole, catalogue.target_of(whole))], MarkKind.NOTE, "mine")
        rescan(catalogue, library.parent / "movies")
        (thing,) = catalogue.kept()
        assert (thing.video_id, thing.note) == (whole.id, "mine")


def test_what_was_kept_stays_and_more_can_be(library: Path, request: pytest.FixtureRequest) -> None:
    if not any(name in request.node.name for name in ("0.1.0-kept", "0.1.0-hidden")):
        return
    with Catalogue(library) as catalogue:
        (thing,) = catalogue.kept()
        assert (thing.path.stem, thing.favourite, thing.collections) == ("whole", True, ("Holidays",))
        (whole,) = (video for video in catalogue.videos() if video.path.stem == "whole")
        target = catalogue.target_of(whole)
        assert catalogue.keep([(whole, target)], MarkKind.FAVOURITE) == 0, "once is once"
        assert catalogue.keep([(whole, target)], MarkKind.HIDDEN) == (not thing.hidden)
        assert catalogue.kept()[0].hidden


def test_where_its_videos_come_from_is_read_behind(library: Path) -> None:
    with Catalogue(library) as catalogue:
        rescan(catalogue, library.parent / "movies")
        whole, partly = sorted(catalogue.without_origin(), key=lambda video: video.path.stem, reverse=True)
        assert (whole.path.stem, partly.path.stem) == ("whole", "partly"), "what is gone waits"
        origin = Origin("Pear Phone 3", 38.71, -9.13)
        lisbon = Place(("Alfama", "Lisbon", "Portugal"), ("Lisboa",))
        assert catalogue.commit_origins([FileOrigin(whole, "2024-05-06T07:08:09+00:00", origin, lisbon)]) == 1
        assert [video.id for video in catalogue.without_origin()] == [partly.id]
        now = catalogue.video(whole.id)
        assert now is not None
        assert (now.state, now.fingerprint, now.max_rate) == (whole.state, whole.fingerprint, whole.max_rate)
        assert now.facts is not None
        assert now.facts.created == "2024-05-06T07:08:09+00:00"
        assert not list(catalogue.check(full=True))


def test_its_videos_get_names_and_take_lines(library: Path) -> None:
    with Catalogue(library) as catalogue:
        rescan(catalogue, library.parent / "movies")
        assert catalogue.line_counts()[Source.NAME].pending == 0
        (whole,) = (video for video in catalogue.videos() if video.path.stem == "whole")
        assert [line.text for line in catalogue.lines(whole.id)] == ["whole", "movies"]
        assert catalogue.commit_lines(whole, Source.SPEECH, "test 1", [Line(0.5, 1.0, "hello there")])
        assert [line.text for line in catalogue.lines(whole.id, Source.SPEECH)] == ["hello there"]
        assert not list(catalogue.check(full=True))
