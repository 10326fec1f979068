"""A tiny training set for Pocket, and a teacher that knows nothing."""

from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from models.pocket.config import (
    DistilStage,
    ImageTowerConfig,
    ImitationStage,
    Int8Stage,
    JointStage,
    PocketConfig,
    TextTowerConfig,
    ViewConfig,
)
from models.pocket.learning.joint import Classifier, Lessons
from models.pocket.material import Material
from models.pocket.networks import teacher as teacher_module
from models.pocket.networks.efficientnet import CLASSES, POOLED, EfficientNetLite0
from models.pocket.networks.image_tower import ImageTower
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.teacher import Teacher, encode, tokenise
from models.pocket.networks.text_tower import TextTower, from_teacher
from models.pocket.networks.towers import Towers
from models.pocket.pictures.data import Picture, read_pictures, read_pixels
from models.pocket.pictures.pixel_store import cached_pixels
from models.pocket.words.general_names import GeneralNames, general_sentences
from models.pocket.words.pairs import Families, PictureWords, Pool
from models.pocket.words.phrases import Phrases
from models.pocket.words.prompts import picture_texts
from models.pocket.words.sentences import Sentences
from tests.models.test_pocket_data import record, write_training

CPU = torch.device("cpu")
TINY = PocketConfig(
    threads=1,
    runs=2,
    embedding_width=8,
    views=ViewConfig(size=32),
    text=TextTowerConfig(layers_taken=(0, 5), context_length=12, head_width=24),
    image=ImageTowerConfig(head_width=16),
    distil_stage=DistilStage(passes=4, batch=32, warm_up=2, learning_rate=2e-3),
    joint_stage=JointStage(
        head_steps=3, steps=4, batch=8, warm_up=2, captioned_share=0.75, family=2, neighbours=2, phrases=4,
        anchor_batch=4,
    ),
    imitation_stage=ImitationStage(
        image_steps=2, pictures=4, text_steps=2, sentences=8, head_steps=2, head_pictures=4, warm_up=1
    ),
    int8_stage=Int8Stage(steps=3, batch=6, observed=8, warm_up=1),
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """A tiny training set, and a teacher that knows nothing."""

    folder: Path
    config: PocketConfig
    pictures: list[Picture]
    texts: list[str]
    words: PictureWords
    lessons: Lessons

    def tower(self) -> TextTower:
        torch.manual_seed(1)
        return from_teacher(self.lessons.teacher, self.config.text, self.config.embedding_width)

    def towers(self) -> Towers:
        text = self.tower()
        image = self.config.image
        head = JointHead(image.features, image.head_width, self.config.embedding_width, image.dropout)
        return Towers(ImageTower(EfficientNetLite0(), head), text)

    def material(self) -> Material:
        tokenizer = self.folder / "tokenizer.json"
        return Material(self.pictures, self.words, self.lessons, EfficientNetLite0(), tokenizer)

    def pool(self) -> Pool:
        families = Families(torch.eye(len(self.pictures)), share=0.5, size=2, neighbours=2)
        return Pool.of(self.pictures, self.words, ("train",), families)


def word_tokenizer(path: Path, words: list[str]) -> Tokenizer:
    """A lower-casing word tokenizer with start and end tokens, kept as JSON."""
    vocabulary = {token: number for number, token in enumerate(["[PAD]", "[CLS]", "[SEP]", "[UNK]", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    tokenizer.save(str(path))
    return tokenizer


def make_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Eight pictures of plain colour, six with two captions each."""
    torch.manual_seed(0)
    names = ["red", "green", "blue", "dark", "pale", "warm"]
    captioned = [record(f"{name}.png", captions=[f"a {name} card", f"the {name} picture"]) for name in names]
    labelled = [record(f"{name}.png", kind="food", label=name) for name in ("soup", "bread")]
    training = write_training(tmp_path / "training", captioned + labelled)
    pictures = read_pictures(training)
    texts = list(dict.fromkeys(text for picture in pictures for text in picture_texts(picture)))
    phrase_texts = ("card", *names)
    texts = list(dict.fromkeys([*texts, *phrase_texts, *chain.from_iterable(general_sentences())]))
    numbers = {text: number for number, text in enumerate(texts)}
    vocabulary = sorted({word.strip(",") for text in texts for word in text.split()} - {""})
    tokenizer = word_tokenizer(tmp_path / "tokenizer.json", [*vocabulary, ",", "-"])
    monkeypatch.setattr(teacher_module, "VOCABULARY", tokenizer.get_vocab_size())
    phrases = Phrases(
        phrase_texts,
        phrase_texts,
        tuple(np.array([0, 1 + index] if index < 6 else [], np.int64) for index in range(8)),
    )
    classifier = Classifier(
        EfficientNetLite0().eval().requires_grad_(False),
        torch.nn.Linear(POOLED, CLASSES).requires_grad_(False),
        torch.zeros(CLASSES, 2, dtype=torch.int64) + torch.tensor([3, 4]),
    )
    teacher, rows = Teacher().eval().requires_grad_(False), tokenise(tokenizer, texts, 12)
    config = replace(TINY, text=replace(TINY.text, vocabulary=tokenizer.get_vocab_size()))
    return World(
        folder=tmp_path,
        config=config,
        pictures=pictures,
        texts=texts,
        words=PictureWords.of(pictures, numbers),
        lessons=Lessons(
            cached_pixels(pictures, read_pixels(training, pictures), 32, tmp_path),
            Sentences.of(rows, CPU),
            phrases,
            torch.tensor([[numbers[text]] * 2 for text in phrase_texts]),
            GeneralNames.of(pictures, numbers, CLASSES),
            teacher,
            torch.from_numpy(encode(teacher, rows)),
            classifier,
        ),
    )
