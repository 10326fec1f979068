"""The bundle's tokenizer gives open_clip's own ids, through the program's own encoder."""

import hashlib
import random
import unicodedata
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.bundle.encoder_bundle import EncoderBundle, ImageSpec
from app.bundle.score_calibration import Calibration
from app.errors import ModelError
from app.runtime.encoders import TextEncoder
from models.export.tokenizers.tokenizer import BundleTokenizer, open_clip_tokenizer
from models.open_clip_setup import import_open_clip
from tests.models.export.making import CONTEXT

TEXTS = [
    "a dog",
    "A MAN in a Red Shirt, playing the guitar.",
    "  white \t space\r\n\n everywhere   ",
    "no-break and narrow　spaces\x0b\x1c\x1f\x85end",
    "it's we're I'd he'll they've can't I'm JOHN'S dogs' 's''s",
    "curly ‘single’ and “double” quotes, don’t",
    "12 dogs, 3.5 metres, 1,000,000 € at 50% -- (really?) [yes] {no} #tag @home a_b c/d \\ ^ ~ `",
    "emoji 🎸🔥 👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 ❤️ ☺",
    "Ein großes Straßenfest in München: Äpfel, Öl, Übermut",
    "L'été à la plage, où l'on mange des crêpes ; ¿qué tal, niño?",
    "Москва зимой, снег идёт",
    "ΟΔΥΣΣΕΥΣ στη θάλασσα",
    "İstanbul'da ılık bir gün, DİYARBAKIR",
    "東京の桜、きれいですね。 ｶﾀｶﾅ ＦＵＬＬ　ｗｉｄｔｈ １２３！",
    "一只狗在雪地里奔跑",
    "서울의 밤하늘",
    "القطة نائمة على الأريكة",
    "बिल्ली सो रही है १२३",
    "แมวนอนหลับ",
    "ﬁre ﬂower ĳs ǆ Ǆ",
    "cafe\u0301 re\u0301sume\u0301 \u1112\u1161\u11ab",
    "zero\u200bwidth soft\u00adhyphen bom\ufeff mark \u202eright to left",
    "salt &amp; pepper &lt;b&gt;bold&lt;/b&gt; &quot;so&quot; don&#39;t &nbsp; &amp;amp;lt;",
    "&eacute;t&Eacute; &hellip; &euro;5 &rsquo;s",
    "control \x00\x07 characters \x93quoted\x94 \x80",
    "½ ² Ⅳ ① ٣ ๓",
    "<start_of_text> in a text <END_OF_TEXT> or <|endoftext|>",
    "supercalifragilisticexpialidocious antidisestablishmentarianism xqzvwkjp",
    "",
    " ",
    "!",
    "one after another, " * 40,
    "word " * 74 + "seventy-fifth",
    "🎸" * 200,
]


@pytest.fixture(scope="module")
def simple() -> Any:
    return import_open_clip().SimpleTokenizer()


@pytest.fixture(scope="module")
def converted(simple: Any) -> BundleTokenizer:
    return open_clip_tokenizer(simple)


@pytest.fixture(scope="module")
def program(converted: BundleTokenizer, tmp_path_factory: pytest.TempPathFactory) -> TextEncoder:
    """The program's text encoder over a graph that gives the ids it gets, with zeros behind them."""
    folder = tmp_path_factory.mktemp("ids")
    converted.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    nodes = [
        helper.make_node("Shape", ["tokens"], ["rows"], end=1),
        helper.make_node("Concat", ["rows", "context"], ["shape"], axis=0),
        helper.make_node("ConstantOfShape", ["shape"], ["zeros"], value=helper.make_tensor("z", 7, [1], [0])),
        helper.make_node("Concat", ["tokens", "zeros"], ["padded"], axis=1),
        helper.make_node("Slice", ["padded", "first", "context", "axis"], ["cut"]),
        helper.make_node("Cast", ["cut"], ["embedding"], to=TensorProto.FLOAT),
    ]
    constants = {"context": CONTEXT, "first": 0, "axis": 1}
    graph = helper.make_graph(
        nodes,
        "ids",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["n", "length"])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", CONTEXT])],
        [numpy_helper.from_array(np.array([value]), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(model, str(folder / "text.onnx"))
    bundle = EncoderBundle(
        folder=folder,
        name="ids",
        version="1",
        licence="Apache-2.0",
        embedding_width=CONTEXT,
        image=ImageSpec(32, "crop", "cubic"),
        text=converted.spec,
        calibration=Calibration(),
        hashes={
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for name in ("text.onnx", "tokenizer.json")
        },
    )
    return TextEncoder(bundle, threads=1)


def ids(program: TextEncoder, texts: list[str]) -> np.ndarray:
    return program.encode(texts).astype(np.int64)


def assert_equal_ids(program: TextEncoder, simple: Any, texts: list[str]) -> None:
    ours, theirs = ids(program, texts), simple(texts).numpy()
    different = [text for text, left, right in zip(texts, ours, theirs, strict=True) if (left != right).any()]
    assert not different


def test_every_script_and_oddity_gives_open_clips_ids(program: TextEncoder, simple: Any) -> None:
    assert_equal_ids(program, simple, TEXTS)


def test_a_text_alone_gives_the_ids_it_gives_beside_others(program: TextEncoder) -> None:
    together = ids(program, TEXTS)
    np.testing.assert_array_equal(np.concatenate([ids(program, [text]) for text in TEXTS]), together)


def test_a_long_text_is_cut_and_keeps_its_end(program: TextEncoder, simple: Any) -> None:
    (row,) = ids(program, ["one after another, " * 40])
    assert row[0] == simple.sot_token_id
    assert row[-1] == simple.eot_token_id
    assert (row[1:-1] < simple.sot_token_id).all()


def test_the_characters_of_the_world_give_open_clips_ids(program: TextEncoder, simple: Any) -> None:
    """All up to the end of Cyrillic, punctuation and symbols, widths, and every 37th of the rest.

    “Â” and “Ã” before a space are what wrongly decoded text looks like, which ftfy repairs; U+0345 is a mark
    that open_clip's expression takes for a letter because its capital is one.
    """
    points = [*range(0x530), *range(0x2000, 0x2700), *range(0xFB00, 0xFB07), *range(0xFE00, 0x10000)]
    points += range(0x530, 0x2FA1E, 37)
    characters = [
        chr(point) for point in points if unicodedata.category(chr(point)) not in ("Cn", "Co", "Cs")
    ]
    kept = [character for character in characters if character not in "ÂÃ\u0345"]
    assert_equal_ids(program, simple, [f"a{character}b {character} x" for character in kept])


def test_any_mixture_gives_open_clips_ids(program: TextEncoder, simple: Any) -> None:
    """Of what cannot be taken for wrongly decoded text (“ß” behind a closing quote can)."""
    draw = random.Random(5)  # noqa: S311
    alphabet = ["'s", "'T", "&amp;", "&lt;", " ", "  ", "\n", ".", "-", "_", "’", "”", "ﬁ", "é", "e\u0301"]
    alphabet += ["Σ", "я", "Ж", "犬", "カ", "ｶ", "한", "ع", "९", "7", "42", "🎸", "\u200d", "\ufe0f"]
    alphabet += list("abcdefghijklmnopqrstuvwxyzAEIOU")
    texts = ["".join(draw.choices(alphabet, k=draw.randint(1, 60))) for _ in range(1500)]
    assert_equal_ids(program, simple, texts)


def test_another_tokenizer_is_refused_with_a_sentence() -> None:
    open_clip = import_open_clip()
    with pytest.raises(ModelError, match="in its own way"):
        open_clip_tokenizer(open_clip.SimpleTokenizer(clean="canonicalize"))
    with pytest.raises(ModelError, match="is a dict"):
        open_clip_tokenizer({})
