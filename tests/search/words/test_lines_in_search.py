"""Queries over a library whose videos have lines: what is found by words, beside pictures, and why."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.catalogue.catalogue import FILE_NAME
from app.lines.line import Line, Source
from app.query.query_error import QueryError
from app.search.outcome import Moment, Reason, ReasonKind, Verdict
from app.session import Session
from tests.bundles import COLOURS, colour_embedding, make_bundle
from tests.search.test_searcher import fill

RED, BLUE, GREEN = (colour_embedding(COLOURS[name]) for name in ("red", "blue", "green"))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        yield session


@pytest.fixture
def party(session: Session, tmp_path: Path) -> Session:
    """Three videos of thirty seconds: in one a song is sung, in another there is a sign."""
    half = np.stack([RED] * 15 + [BLUE] * 15)
    fill(
        session,
        tmp_path / "films",
        {"v1.mp4": half, "v2.mp4": half[::-1].copy(), "Lake Garda/IMG_2043.mp4": np.stack([GREEN] * 30)},
    )
    say(session, "v1.mp4", Source.SPEECH, Line(3, 5, "and now we all sing", "en"))
    say(
        session,
        "v2.mp4",
        Source.SPEECH,
        Line(20.0, 24.0, "happy birthday dear Anna", "en", (20.0, 21.0, 22.0, 23.0)),
        Line(26.0, 27.0, "a piece of cake, please"),
    )
    say(session, "v1.mp4", Source.WRITING, Line(20, 29, "EMERGENCY EXIT"))
    return session


def say(session: Session, name: str, source: Source, *lines: Line) -> None:
    (video,) = (video for video in session.catalogue.videos() if video.path.name == name)
    assert session.catalogue.commit_lines(video, source, "made 1", lines)


def first(session: Session, query: str) -> Moment:
    return session.search(query).moments[0]


def reason(moment: Moment, kind: ReasonKind) -> Reason:
    return next(each for each in moment.reasons if each.kind is kind)


def test_a_line_is_found_at_the_second_of_its_words(party: Session) -> None:
    for query in ("birthday Anna", "happy birthday dear anna", 'said:"birthday"', "said:birth*"):
        moment = first(party, query)
        assert moment.path.name == "v2.mp4", query
        assert moment.best == (20.0 if "happy" in query else 21.0), query
        because = reason(moment, ReasonKind.SAID)
        assert because.quote == "happy birthday dear Anna"
        assert "**birthday**" in because.marked_quote
        assert because.strength > 0.5
    assert party.search("birthday Anna").verdict is Verdict.GOOD


def test_who_asks_for_a_picture_too_is_never_surer_than_of_the_line_alone(party: Session) -> None:
    alone = first(party, "said:birthday").strength
    shown, absent = (first(party, f"said:birthday {colour}").strength for colour in ("red", "green"))
    assert absent < shown <= alone
    assert absent > 0


def test_each_source_is_asked_by_its_name(party: Session) -> None:
    assert first(party, "text:exit").path.name == "v1.mp4"
    assert reason(first(party, "text:exit"), ReasonKind.WRITTEN).marked_quote == "EMERGENCY **EXIT**"
    assert party.search("said:exit").moments == ()
    assert party.search("text:birthday").moments == ()
    assert party.search("said:exit").verdict is Verdict.NONE


def test_pictures_keep_their_order_where_no_line_speaks(party: Session) -> None:
    assert [moment.path.name for moment in party.search("red").moments][:2] == ["v1.mp4", "v2.mp4"]
    (seen,) = first(party, "red").reasons
    assert seen.kind is ReasonKind.SEEN


def test_little_words_find_nothing(party: Session) -> None:
    for query in ("a red one", "we all of the red"):
        assert {each.kind for each in first(party, query).reasons} == {ReasonKind.SEEN}, query


def test_two_sources_that_agree_come_first(party: Session) -> None:
    say(party, "v1.mp4", Source.SUBTITLE, Line(2, 4, "the red carpet"))
    say(party, "IMG_2043.mp4", Source.SUBTITLE, Line(2, 4, "the red carpet"))
    moments = party.search("red").moments
    assert moments[0].path.name == "v1.mp4"
    assert {each.kind for each in moments[0].reasons} == {ReasonKind.SEEN, ReasonKind.SAID}
    assert moments[0].strength > moments[1].strength


def test_names_find_videos(party: Session) -> None:
    moment = first(party, "lake garda")
    assert moment.path.name == "IMG_2043.mp4"
    assert reason(moment, ReasonKind.NAMED).marked_quote == "**Lake** **Garda**"
    assert first(party, "img 2043").path.name == "IMG_2043.mp4"


def test_slips_are_forgiven_where_nothing_else_is_found(party: Session) -> None:
    assert first(party, "said:brithday").path.name == "v2.mp4"
    assert first(party, "emergancy").path.name == "v1.mp4"
    assert reason(first(party, "emergancy"), ReasonKind.WRITTEN).marked_quote == "**EMERGENCY** EXIT"


def test_what_is_said_and_what_is_seen_are_both_demanded(party: Session) -> None:
    say(party, "v1.mp4", Source.SUBTITLE, Line(3, 5, "happy birthday to you"))
    assert first(party, "red said:birthday").path.name == "v1.mp4"
    blue = first(party, 'blue said:"birthday" -said:you')
    assert (blue.path.name, reason(blue, ReasonKind.SEEN).text) == ("v2.mp4", "blue")
    assert len(party.search("said:birthday said:cake").moments) == 1


def test_what_is_said_can_be_left_out(party: Session) -> None:
    assert first(party, "red").path.name == "v1.mp4"
    assert first(party, "red -said:sing").path.name == "v2.mp4"
    with pytest.raises(QueryError, match="nothing to look for"):
        party.search("-said:sing")


def test_lines_in_a_chain(party: Session) -> None:
    (moment,) = party.search("said:birthday >> said:cake").moments
    assert (moment.path.name, [part.best for part in moment.parts]) == ("v2.mp4", [15.0, 21.0]) or (
        moment.path.name == "v2.mp4" and moment.parts[0].best < moment.parts[1].best
    )
    assert [(each.kind.value, each.step) for each in moment.reasons] == [("said", 1), ("said", 2)]
    chain = party.search("red >> text:exit").moments[0]
    assert chain.path.name == "v1.mp4"
    assert chain.parts[1].best >= 20 - 5


def test_filters_hold_for_lines_too(party: Session) -> None:
    assert party.search("said:birthday name:v1").moments == ()
    assert first(party, "said:birthday name:v2").path.name == "v2.mp4"
    assert party.search("said:birthday in:garda").moments == ()


def test_a_video_without_frames_is_found_by_its_lines(session: Session, tmp_path: Path) -> None:
    fill(session, tmp_path / "films", {"v1.mp4": RED[np.newaxis]})
    say(session, "v1.mp4", Source.SPEECH, Line(0.25, 0.75, "good evening"))
    session.catalogue.forget_model(session.bundle.identity)
    moment = first(session, "good evening")
    assert (moment.path.name, moment.start, moment.end, moment.best) == ("v1.mp4", 0.25, 0.75, 0.25)
    assert session.thumbnail(moment.frame_id) is not None
    assert [each.kind for each in moment.reasons] == [ReasonKind.SAID]


def test_what_is_gone_or_removed_is_not_found(party: Session, tmp_path: Path) -> None:
    (tmp_path / "films" / "v2.mp4").unlink()
    (folder,) = party.folders()
    party.catalogue.scan_folder(folder.id, settle=0)
    assert party.search("said:birthday").moments == ()
    party.remove_folder(folder.path)
    assert party.search("text:exit").moments == ()


def test_other_scripts_are_found_where_the_model_reads_none_of_them(party: Session) -> None:
    say(
        party,
        "v1.mp4",
        Source.SUBTITLE,
        Line(1, 2, "我喜欢狗"),
        Line(4, 5, "собака на пляже"),
        Line(7, 8, "สวัสดีครับ"),
        Line(9, 9.5, "नमस्ते दुनिया"),
    )
    for query, at, marked in (
        ("said:喜欢", 1, "我**喜欢**狗"),
        ("said:狗", 1, "我喜欢**狗**"),
        ("said:собака", 4, "**собака** на пляже"),
        ("said:สวัสดี", 7, "**สวัสดี**ครับ"),
        ("said:दुनिया", 9, "नमस्ते **दुनिया**"),
    ):
        moment = first(party, query)
        assert (moment.path.name, moment.best) == ("v1.mp4", at), query
        assert reason(moment, ReasonKind.SAID).marked_quote == marked


def test_a_hostile_line_is_quoted_as_plain_text(party: Session) -> None:
    text = "<b>birthday</b> \u202egnp.exe **bold** " + "x" * 100_000
    say(party, "v2.mp4", Source.SUBTITLE, Line(0, 1, text))
    because = reason(first(party, "said:exe"), ReasonKind.SAID)
    assert len(because.quote) < 120
    assert "\u202e" not in because.quote
    for start, end in because.marks:
        assert 0 <= start < end <= len(because.quote)


def test_a_description_that_the_model_cannot_read_is_looked_for_in_lines(party: Session) -> None:
    with pytest.raises(QueryError, match="does not read"):
        party.search("собака на пляже")
    say(party, "v1.mp4", Source.SUBTITLE, Line(4, 5, "собака на пляже"))
    outcome = party.search("собака на пляже")
    assert (outcome.moments[0].path.name, outcome.moments[0].best) == ("v1.mp4", 4)
    assert "Only what is said and written" in outcome.notice


def test_why_a_moment_was_found_by_its_words(party: Session) -> None:
    query = "said:birthday"
    explanation = party.why(query, first(party, query))
    assert [step.parts for step in explanation.steps] == [()]
    party.catalogue.forget_model(party.bundle.identity)
    explanation = party.why(query, first(party, query))
    assert (explanation.steps, "found by its words" in explanation.problem) == ((), True)


def test_the_filter_for_names_takes_words_and_forgives_slips(party: Session) -> None:
    for query in (
        "red name:img",
        "red name:2043",
        "red name:garda",
        'red name:"garda lake"',
        "red name:gadra",
    ):
        assert {moment.path.name for moment in party.search(query).moments} == {"IMG_2043.mp4"}, query
    assert {moment.path.name for moment in party.search("red -name:garda").moments} == {"v1.mp4", "v2.mp4"}
    assert party.search("red name:nowhere").moments == ()


def test_a_damaged_index_of_words_leaves_pictures(party: Session, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "library" / FILE_NAME)) as database:
        database.execute("UPDATE line_index_data SET block = x'ff00ff00' WHERE id > 1")
        database.commit()
    assert first(party, "red birthday").path.name in {"v1.mp4", "v2.mp4"}
    assert party.search("said:birthday").moments == ()
