"""A query that the model cannot read is not answered with nonsense."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from app.bundle.encoder_bundle import load_bundle
from app.engines.readability import doubt_about
from app.paths import bundled_model
from app.query.parser import read
from app.query.query_error import QueryError
from app.query.scripts import LATIN, letters_of
from app.runtime.encoders import TextEncoder
from app.session import Session
from tests.bundles import make_bundle, write_manifest
from tests.search.test_searcher import fill

RED = np.array([0.5, -0.5, -0.5], np.float32)
GREEN = np.array([-0.5, 0.5, -0.5], np.float32)


@pytest.fixture
def encoder(tmp_path: Path) -> Iterator[TextEncoder]:
    made = TextEncoder(load_bundle(make_bundle(tmp_path / "bundle")))
    yield made
    made.release()


def knowing(folder: Path, words: list[str]) -> TextEncoder:
    """An encoder whose tokenizer knows these words."""
    make_bundle(folder)
    vocabulary = {word: number for number, word in enumerate(["[PAD]", "[UNK]", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    write_manifest(folder)
    return TextEncoder(load_bundle(folder))


@pytest.mark.parametrize(
    ("query", "letters"),
    [
        ("собака на пляже", "Cyrillic letters"),
        ("狗在海滩上", "Chinese characters"),
        ("犬がビーチにいる", "Japanese letters"),
        ("개가 해변에", "Korean letters"),
        ("σκύλος στην παραλία", "Greek letters"),
        ("كلب على الشاطئ", "Arabic letters"),
        ("समुद्र तट पर कुत्ता", "Devanagari letters"),
        ("หมาบนชายหาด", "Thai letters"),
        ("red >> собака", "Cyrillic letters"),
        ("red -собака", "Cyrillic letters"),
    ],
)
def test_letters_that_the_tokenizer_does_not_know_are_named(
    encoder: TextEncoder, query: str, letters: str
) -> None:
    doubt = doubt_about(read(query), encoder)
    assert doubt is not None
    assert doubt.at_all
    assert doubt.sentence.endswith(f"does not read {letters}.")


@pytest.mark.parametrize(
    "query", ["red", "a café", "5 km", "π and a red car", "🐕 red", "ﬁne ﬂowers", "２０２３"]
)
def test_what_has_letters_that_it_knows_is_left_alone(encoder: TextEncoder, query: str) -> None:
    assert doubt_about(read(query), encoder) is None


def test_a_mixture_and_another_language_are_doubted_only(encoder: TextEncoder) -> None:
    mixed, german = doubt_about(read("собака dog"), encoder), doubt_about(read("ein Hund am Strand"), encoder)
    assert mixed is not None
    assert german is not None
    assert not mixed.at_all
    assert not german.at_all
    assert german.sentence.startswith("This looks like German")


def test_a_model_for_many_languages_takes_all(tmp_path: Path) -> None:
    encoder = knowing(tmp_path / "many", [f"word{number}" for number in range(100_000)])
    for query in ("собака", "ein Hund am Strand", "狗在海滩上"):
        assert doubt_about(read(query), encoder) is None


def test_a_model_for_one_other_script_takes_that(tmp_path: Path) -> None:
    encoder = knowing(tmp_path / "chinese", [chr(0x4E00 + number) for number in range(1_500)])
    assert doubt_about(read("狗在海滩上"), encoder) is None
    assert doubt_about(read("собака"), encoder) is not None


def test_letters_are_counted_by_script() -> None:
    assert letters_of("Añb 5 собака 犬µℕ") == {LATIN: 3, "CYRILLIC": 6, "CJK": 1}


def test_a_session_says_so_and_names_a_model(tmp_path: Path) -> None:
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        fill(session, tmp_path / "videos", {"a.mp4": RED[np.newaxis]})
        outcome = session.search("ein roter Ball im Schnee")
        assert len(outcome.moments) == 1
        assert outcome.notice.startswith(
            "This looks like German, which the model Colours 1 hardly understands."
        )
        assert "reelfind models add" in outcome.notice
        assert session.search("a red ball in the snow").notice == ""
        with pytest.raises(QueryError, match="does not read Cyrillic letters") as caught:
            session.search("красный мяч")
        assert "languages" in caught.value.advice
        assert caught.value.query == "красный мяч"


def test_the_bundled_tokenizer_reads_latin_letters_only() -> None:
    tokenizer = json.loads((bundled_model() / "tokenizer.json").read_text(encoding="utf-8"))
    assert len(tokenizer["model"]["vocab"]) < 100_000


def test_a_session_with_a_multilingual_model_answers_in_the_querys_language(tmp_path: Path) -> None:
    """The tokens of its languages are words that it has: Russian begins with “red”, German with “green”."""
    folder = make_bundle(tmp_path / "bundle")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["text"]["language_tokens"] = {"en": "[UNK]", "ru": "red", "de": "green"}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with Session(tmp_path / "library", folder) as session:
        fill(session, tmp_path / "videos", {"red.mp4": RED[np.newaxis], "green.mp4": GREEN[np.newaxis]})
        for query, first in (("мяч в снегу", "red.mp4"), ("ein Ball im Schnee", "green.mp4")):
            outcome = session.search(query)
            assert outcome.notice == ""
            assert outcome.moments[0].path.name == first
