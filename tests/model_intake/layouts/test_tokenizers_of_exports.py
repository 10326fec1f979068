"""What the program makes of a text is what the publisher's own code makes of it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.bundle.encoder_bundle import TextSpec
from app.engines.readability import doubt_about
from app.errors import ModelError
from app.model_intake.layouts.configuration import read_configuration
from app.model_intake.layouts.detection import describe
from app.model_intake.layouts.published_model import Cleaning, PublishedTextTower
from app.model_intake.layouts.sample_texts import TEXTS
from app.model_intake.layouts.tokenizer import program_tokenizer, reference_tokens, unused_id
from app.model_intake.layouts.tokenizer_file import TokenizerFile, pad_id_of
from app.query.parser import read
from app.runtime.encoders import TextEncoder
from tests.model_intake.layout_maker import POCKET, VOCABULARY, Source, little_as_bundle, pocket_as
from tests.model_intake.layouts.token_echo import echo_bundle, echo_of, ids_of
from tests.model_intake.little_model import CONTEXT, SIZE, WIDTH
from tests.models.export.tokenizers_made import bert, clip, gemma, nllb, t5, xlm_roberta

LENGTH = 24
ODDITIES = [
    "under_score__s and-dashes",
    "ΟΔΥΣΣΕΥΣ Άνω-Κάτω!",
    "Straße İZMİR Ǆ ﬀ",
    "tab\tnbsp\u00a0line\u2028end",
    "salt &amp; pepper &lt;b&gt;",
    "one after another, " * 40,
    "the eos of s is pad",
]
TOKENS_AS_WORDS = "<eos>, </s>, <pad>, [SEP] and <unk> are words"


@dataclass(frozen=True)
class Kind:
    make: Callable[[Path], Path]
    cleaning: Cleaning | None
    silent: bool = False


KINDS = {
    "SigLIP": Kind(t5, "canonicalize"),
    "SigLIP 2": Kind(gemma, "canonicalize"),
    "xlm-roberta": Kind(xlm_roberta, "whitespace"),
    "NLLB": Kind(nllb, "whitespace"),
    "CLIPA": Kind(bert, "canonicalize", silent=True),
    "CLIP of open_clip": Kind(clip, "lower"),
    "CLIP of transformers": Kind(clip, None),
    "SigLIP of transformers": Kind(t5, None),
}


def tower(kind: Kind, folder: Path) -> PublishedTextTower:
    kind.make(folder)
    file = TokenizerFile(folder)
    return PublishedTextTower(
        graph=folder / "text_model.onnx",
        tokenizer=file.path,
        context_length=LENGTH,
        pad_id=pad_id_of(file, read_configuration(folder, "tokenizer_config.json")),
        cleaning=kind.cleaning,
        lowercase=kind.cleaning in ("lower", "canonicalize") or kind.make is t5,
        language_tokens=file.language_tokens(),
        silent_id=file.id_of("[SEP]") if kind.silent else None,
    )


@pytest.fixture(scope="module", params=sorted(KINDS))
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("published")
    text = tower(KINDS[request.param], folder / "export")
    return text, echo_of(text, folder)


def test_texts_in_many_scripts_get_the_publishers_ids(pair: tuple[PublishedTextTower, TextEncoder]) -> None:
    text, program = pair
    np.testing.assert_array_equal(ids_of(program, TEXTS, text.pad_id), reference_tokens(text, TEXTS))


def test_a_text_alone_gets_the_ids_it_gets_among_others(pair: tuple[PublishedTextTower, TextEncoder]) -> None:
    text, program = pair
    alone = [ids_of(program, [item], text.pad_id) for item in TEXTS]
    np.testing.assert_array_equal(np.concatenate(alone), ids_of(program, TEXTS, text.pad_id))


def test_oddities_get_the_publishers_ids(pair: tuple[PublishedTextTower, TextEncoder]) -> None:
    text, program = pair
    texts = [*ODDITIES, *([TOKENS_AS_WORDS] if text.cleaning == "canonicalize" else [])]
    ours, theirs = ids_of(program, texts, text.pad_id), reference_tokens(text, texts)
    different = [item for item, left, right in zip(texts, ours, theirs, strict=True) if (left != right).any()]
    assert not different


def test_the_sample_tells_texts_apart_and_is_cut_and_filled_up(
    pair: tuple[PublishedTextTower, TextEncoder],
) -> None:
    text, _ = pair
    rows = reference_tokens(text, TEXTS)
    assert rows.shape == (len(TEXTS), LENGTH)
    assert rows.dtype == np.int64
    assert len(np.unique(rows, axis=0)) >= 0.9 * len(TEXTS)
    long, empty = rows[-1], rows[TEXTS.index("")]
    assert (long != text.pad_id).sum() >= LENGTH - 2
    assert (empty[3:] == text.pad_id).all()


def test_no_token_has_the_id_that_rows_of_a_bundle_are_filled_up_with(
    pair: tuple[PublishedTextTower, TextEncoder],
) -> None:
    text, _ = pair
    free = unused_id(text)
    assert program_tokenizer(text).id_to_token(free) is None
    assert free > reference_tokens(text, TEXTS).max()


def test_the_file_says_nothing_of_length_and_padding(pair: tuple[PublishedTextTower, TextEncoder]) -> None:
    text, _ = pair
    tokenizer = program_tokenizer(text)
    assert tokenizer.truncation is None
    assert tokenizer.padding is None


def test_each_text_begins_with_the_token_of_its_language(tmp_path: Path) -> None:
    text = tower(KINDS["NLLB"], tmp_path / "export")
    assert dict(text.language_tokens) == {
        **{"de": "deu_Latn", "en": "eng_Latn", "fr": "fra_Latn", "ja": "jpn_Jpan", "ru": "rus_Cyrl"},
        "zh": "zho_Hans",
    }
    program = echo_of(text, tmp_path)
    expected = {
        "a dog runs on the beach": "eng_Latn",
        "eine Katze schläft auf dem Sofa": "deu_Latn",
        "un chat dort sur le canapé": "fra_Latn",
        "Москва зимой": "rus_Cyrl",
        "一只狗在雪地里奔跑": "zho_Hans",
        "東京の桜": "jpn_Jpan",
        "서울의 밤하늘": "eng_Latn",
        "": "eng_Latn",
    }
    first = ids_of(program, list(expected), text.pad_id)[:, 0]
    file = TokenizerFile(tmp_path / "export")
    assert first.tolist() == [file.id_of(token) for token in expected.values()]
    for typed in ("eine Katze schläft auf dem Sofa", "서울의 밤하늘"):
        assert doubt_about(read(typed), program) is None


def test_languages_are_known_by_their_codes_of_two_letters(tmp_path: Path) -> None:
    tokens = ["ary_Arab", "arb_Arab", "ckb_Arab", "deu_Latn", "eng_Latn", "kmr_Latn", "lvs_Latn", "nob_Latn"]
    tokens += ["nno_Latn", "pes_Arab", "prs_Arab", "swh_Latn", "yue_Hant", "zho_Hans", "zho_Hant", "qqq_Latn"]
    content = {
        "added_tokens": [{"id": number, "content": token} for number, token in enumerate(tokens)],
        "post_processor": {"special_tokens": {"eng_Latn": {}}},
    }
    (tmp_path / "tokenizer.json").write_text(json.dumps(content))
    assert TokenizerFile(tmp_path).language_tokens() == {
        **{"ar": "arb_Arab", "de": "deu_Latn", "en": "eng_Latn", "fa": "pes_Arab", "ku": "kmr_Latn"},
        **{"lv": "lvs_Latn", "nb": "nob_Latn", "nn": "nno_Latn", "no": "nob_Latn", "sw": "swh_Latn"},
        "zh": "zho_Hans",
    }


def test_a_model_with_one_language_has_no_such_tokens(tmp_path: Path) -> None:
    for name in ("xlm-roberta", "SigLIP 2", "CLIP of open_clip"):
        assert not tower(KINDS[name], tmp_path / name).language_tokens


def test_pockets_tokenizer_gives_the_publishers_ids_in_every_layout(tmp_path: Path) -> None:
    little_as_bundle(tmp_path / "little")
    shutil.copy(POCKET / "tokenizer.json", tmp_path / "little")
    source = Source(tmp_path / "little", SIZE, CONTEXT, WIDTH, VOCABULARY)
    for layout in ("immich", "transformers.js", "qdrant"):
        folder = pocket_as(layout, tmp_path / layout, source=source)  # type: ignore[arg-type]
        text = describe(folder, name="pocket", source="a test").text
        program = echo_of(text, folder)
        np.testing.assert_array_equal(ids_of(program, TEXTS, text.pad_id), reference_tokens(text, TEXTS))


def test_a_tokenizer_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    text = tower(KINDS["xlm-roberta"], tmp_path)
    for content in ('{"model": {"type": "Magic"}}', '{"version": "1.0"}', '{"model": 5, "added_tokens": 7}'):
        text.tokenizer.write_text(content)
        with pytest.raises(ModelError, match="of an unknown kind"):
            program_tokenizer(text)
        with pytest.raises(ModelError, match="of an unknown kind"):
            reference_tokens(text, ["a dog"])


def test_a_tokenizer_that_claims_languages_it_does_not_mark_is_refused(tmp_path: Path) -> None:
    text = replace(tower(KINDS["xlm-roberta"], tmp_path), language_tokens={"en": "eng_Latn"})
    with pytest.raises(ModelError, match="of an unknown kind"):
        reference_tokens(text, ["a dog"])


def test_a_bundle_whose_tokenizer_lacks_its_languages_is_refused(tmp_path: Path) -> None:
    text = tower(KINDS["NLLB"], tmp_path / "export")
    program_tokenizer(text).save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(ModelError, match="lacks tokens of its languages"):
        echo_bundle(tmp_path, TextSpec(LENGTH, 5000, False, {"en": "eng_Latn", "de": "deu_None"}))
