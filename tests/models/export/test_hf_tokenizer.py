"""Tokenizers of `transformers` in the program's form give open_clip's ids."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.errors import ModelError
from app.model_intake.layouts.sample_texts import TEXTS
from models.export.tokenizers.tokenizer import BundleTokenizer, open_clip_tokenizer, program_ids, prove_equal
from models.open_clip_setup import import_open_clip
from tests.models.export.tokenizers_made import KINDS, gemma

pytest.importorskip("transformers", reason="transformers is not installed: part of the extra “models”")

LENGTH = 24
ODDITIES = [
    "<eos>, </s>, <pad>, [SEP] and <unk> are words",
    "the eos of s is pad",
    "under_score__s and-dashes",
    "paragraph\n\nparagraph",
    "ΟΔΥΣΣΕΥΣ Άνω-Κάτω!",
    "Straße İZMİR Ǆ ﬀ",
    "tab\tnbsp\u00a0line\u2028end",
]


@pytest.fixture(scope="module", params=sorted(KINDS))
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """open_clip's tokenizer and the file it was published in."""
    make, options = KINDS[request.param]
    folder = make(tmp_path_factory.mktemp(request.param))
    wrapped = import_open_clip().tokenizer.HFTokenizer(str(folder), context_length=LENGTH, **options)
    return wrapped, folder / "tokenizer.json"


@pytest.fixture(scope="module")
def made(pair: tuple[Any, Path]) -> BundleTokenizer:
    # Without the published file: transformers keeps no normaliser but SentencePiece's compiled one.
    return open_clip_tokenizer(pair[0])


def test_texts_in_many_scripts_get_open_clips_ids(made: BundleTokenizer, pair: tuple[Any, Path]) -> None:
    np.testing.assert_array_equal(program_ids(made, TEXTS), pair[0](list(TEXTS)).numpy())


def test_oddities_get_open_clips_ids(made: BundleTokenizer, pair: tuple[Any, Path]) -> None:
    ours, theirs = program_ids(made, ODDITIES), pair[0](ODDITIES).numpy()
    different = [
        text for text, left, right in zip(ODDITIES, ours, theirs, strict=True) if (left != right).any()
    ]
    assert not different


def test_the_sample_tells_texts_apart_and_is_cut_and_padded(made: BundleTokenizer) -> None:
    rows = program_ids(made, TEXTS)
    assert rows.shape == (len(TEXTS), LENGTH)
    assert len(np.unique(rows, axis=0)) >= 0.9 * len(TEXTS)
    long, empty = rows[-1], rows[TEXTS.index("")]
    assert (long != made.spec.pad_id).sum() >= LENGTH - 2
    assert (empty[3:] == made.spec.pad_id).all()


def test_a_tokenizer_that_differs_is_refused(made: BundleTokenizer) -> None:
    other = BundleTokenizer(made.tokenizer, made.spec, lambda texts: made.reference([f"x{t}" for t in texts]))
    with pytest.raises(ModelError, match="cannot be put into the program's form"):
        prove_equal(other)


def test_a_published_file_that_reads_otherwise_is_refused(tmp_path: Path) -> None:
    folder = gemma(tmp_path)
    wrapped = import_open_clip().tokenizer.HFTokenizer(
        str(folder), context_length=LENGTH, clean="canonicalize"
    )
    file = folder / "tokenizer.json"
    assert open_clip_tokenizer(wrapped, file).spec.pad_id == 0
    content = json.loads(file.read_text("utf-8"))
    content["post_processor"] = None  # no end token any more
    file.write_text(json.dumps(content), "utf-8")
    with pytest.raises(ModelError, match="otherwise than the published"):
        open_clip_tokenizer(wrapped, file)


def test_another_mode_is_refused(tmp_path: Path) -> None:
    wrapped = import_open_clip().tokenizer.HFTokenizer(
        str(gemma(tmp_path)), context_length=LENGTH, tokenizer_mode="clips"
    )
    with pytest.raises(ModelError, match="in its own way"):
        open_clip_tokenizer(wrapped)
