"""What a picture of a cockatoo has to do with "a bird"."""

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from models.pocket.pictures.data import Picture
from models.pocket.words.general_names import GENERAL, GeneralNames, class_numbers, general_sentences, told_by
from models.pocket.words.pairs import PictureWords
from models.pocket.words.phrases import collect_phrases

NAMES = [name.name for name in GENERAL]
COCKATOO, SHIH_TZU, CAR_WHEEL = 89, 155, 479


def picture(*captions: str, label: str = "", kind: str = "", name: str = "a") -> Picture:
    return Picture("shard", name, "made", "train", captions, kind, label, (), ())


def fits(pictures: list[Picture], classes: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """How each name fits pictures of which the classifier is sure."""
    texts = [text for row in general_sentences() for text in row]
    general = GeneralNames.of(pictures, {text: number for number, text in enumerate(texts)}, 1_000)
    return general.fit(np.arange(len(pictures)), torch.eye(1_000)[classes])


def test_what_the_classifier_believes_counts_for_general_names() -> None:
    shares, known = fits([picture(label="x", kind="object")] * 3, [COCKATOO, SHIH_TZU, CAR_WHEEL])
    assert shares[NAMES.index("bird")].tolist() == [1, 0, 0]
    assert shares[NAMES.index("dog")].tolist() == [0, 1, 0]
    assert shares[NAMES.index("animal")].tolist() == [1, 1, 0]
    assert known[NAMES.index("dog")].all()
    assert not known[NAMES.index("man")].any(), "a label of one thing does not say whether a man holds it"


def test_words_count_whatever_the_classifier_says() -> None:
    pictures = [picture("Two puppies in a meadow."), picture(label="kitchen", kind="place")]
    shares, known = fits(pictures, [CAR_WHEEL, CAR_WHEEL])
    assert shares[NAMES.index("dog")].tolist() == [1, 0]
    assert known[NAMES.index("chair")].tolist() == [True, False], "a kitchen may have chairs"


def test_every_name_says_something_and_its_classes_exist() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for name in GENERAL:
        assert name.classes or name.words or name.kinds
        assert all(0 <= number < 1_000 for number in name.classes)
    assert class_numbers("0-2 7") == [0, 1, 2, 7]
    assert told_by([picture(label="soup", kind="food")])[0, NAMES.index("food")] == 1


def test_a_picture_is_not_wrong_for_the_label_of_another_that_it_fits() -> None:
    pictures = [
        picture("a brown dog runs", name="0"),
        picture(label="dog", kind="animal", name="1"),
        picture(label="Saint Bernard", kind="object", name="2"),
        picture("a red car", name="3"),
        picture(label="boxer", kind="object", name="4"),
    ]
    words = PictureWords.of(pictures, {}, [*["-"] * 247, "Saint Bernard"])
    also = words.also(np.arange(5))
    assert np.argwhere(also).tolist() == [[0, 1], [2, 1]], "rows are pictures, columns their texts"


def test_phrases_come_bare_and_with_their_article() -> None:
    captions = ["a dog runs on grass"] * 4 + ["the two cats sleep"] * 5
    phrases = collect_phrases([picture(caption, name=str(number)) for number, caption in enumerate(captions)])
    assert ("dog", "a dog") in phrases.both()
    assert ("grass", "grass") in phrases.both()
    assert "cats" not in phrases.texts, "more than half of the pictures have it"
