"""Every number of the Pocket recipe, named once."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.pocket.networks.efficientnet import FEATURES


@dataclass(frozen=True, slots=True)
class ViewConfig:
    """What a picture is turned into in training; see `augment.random_views`.

    At run time the whole frame is squashed to `size`; `whole` is the share of training pictures that are
    seen so.
    """

    size: int = 208
    whole: float = 0.2
    min_area: float = 0.35
    max_aspect_change: float = 1.6
    mirror_probability: float = 0.5
    light: float = 0.3
    grey: float = 0.04
    bars: float = 0.12
    smallest_in_bars: float = 0.45


@dataclass(frozen=True, slots=True)
class CorpusConfig:
    """How much synthetic text is made."""

    templates_per_word: int = 3
    word_pairs: int = 30_000
    caption_fragments: int = 60_000
    shortest_fragment: int = 2
    longest_fragment: int = 6
    shortest_word: int = 3
    seed: int = 11


@dataclass(frozen=True, slots=True)
class TextTowerConfig:
    """The shape of the text tower: the teacher's layers `layers_taken`, and a head."""

    vocabulary: int = 30_522
    width: int = 384
    layers_taken: tuple[int, ...] = (0, 1, 3, 5)
    heads: int = 12
    feed_forward: int = 1_536
    context_length: int = 64
    pad_id: int = 0
    dropout: float = 0.1
    head_width: int = 1_024

    @property
    def layers(self) -> int:
        return len(self.layers_taken)


@dataclass(frozen=True, slots=True)
class ImageTowerConfig:
    """The head on the trunk's features."""

    features: int = FEATURES
    head_width: int = 1_024
    dropout: float = 0.25


@dataclass(frozen=True, slots=True)
class DistilStage:
    """Stage 1: the text tower's four layers learn to say what the teacher's six say."""

    passes: int = 1
    batch: int = 1_024
    learning_rate: float = 3e-4
    weight_decay: float = 0.01
    warm_up: int = 100


@dataclass(frozen=True, slots=True)
class JointStage:
    """Stages 2 and 3: the heads while the towers stand still, then every weight of both towers, from pixels.

    `captioned_share` of a batch has captions, the rest labels; `neighbour_share` of the captioned come in
    families of `family` pictures whose captions are alike, drawn from the `neighbours` nearest. The weights
    of the losses: `phrase_weight` for `phrases` short queries, `general_weight` for general names,
    `name_weight` for what the ImageNet classifier believes, `anchor_weight` for staying near the teacher's
    sentence vectors. `averaging` is the decay of the moving average of the weights, which is what is kept. A
    sentence loses a share `words_dropped` of its words.
    """

    head_steps: int = 60
    steps: int = 915
    batch: int = 1_024
    captioned_share: float = 0.6
    neighbour_share: float = 0.3
    family: int = 4
    neighbours: int = 24
    head_learning_rate: float = 1e-3
    trunk_learning_rate: float = 5e-4
    top_learning_rate: float = 1e-3
    text_learning_rate: float = 2e-4
    weight_decay: float = 0.05
    warm_up: int = 40
    initial_temperature: float = 0.05
    averaging: float = 0.997
    phrases: int = 192
    phrase_weight: float = 0.3
    general_weight: float = 0.2
    words_dropped: float = 0.1
    name_weight: float = 0.4
    anchor_weight: float = 0.5
    anchor_batch: int = 512


@dataclass(frozen=True, slots=True)
class ImitationStage:
    """Stage 4: merged towers learn to say what their runs say together; none of it for a run alone.

    `text_steps` of `sentences` each, `image_steps` of `pictures` views each; then the image head alone has
    `head_steps` of `head_pictures`, whole ones and views, whose features are computed once. `length_weight`
    is that of a sentence's vector being as long as the runs'. The word table stays as it is.
    """

    image_steps: int = 1_580
    pictures: int = 32
    text_steps: int = 773
    sentences: int = 256
    head_steps: int = 300
    head_pictures: int = 1_024
    image_learning_rate: float = 8e-6
    image_head_learning_rate: float = 1.5e-5
    text_learning_rate: float = 1e-5
    text_head_learning_rate: float = 2e-5
    length_weight: float = 0.1
    warm_up: int = 30


@dataclass(frozen=True, slots=True)
class Int8Stage:
    """Stage 5: the towers learn to compute with int8 weights and inputs; none of it where `steps` is 0.

    Why none is the default: docs/decisions/0026-pocket-in-float32.md.
    `observed` pairs tell the ranges to begin with. The logarithms of the inputs' steps learn at `step_rate`;
    `ranking_weight` is that of keeping the order of pictures for each sentence, at `temperature`.
    """

    steps: int = 0
    batch: int = 384
    observed: int = 1_024
    warm_up: int = 10
    learning_rate: float = 5e-5
    step_rate: float = 1e-3
    ranking_weight: float = 1.0
    temperature: float = 0.03


@dataclass(frozen=True, slots=True)
class PocketConfig:
    """The whole recipe.

    `embedding_width` is the width D of the joint space. `runs` trainings, whose seeds follow `seed`, become
    one pair of towers (`learning.merge`, `learning.imitation`) by `merge_pictures` pictures and their words.
    `softness` and `likeness_temperature` soften the contrastive targets by how alike the teacher finds the
    sentences.
    """

    embedding_width: int = 384
    seed: int = 7
    runs: int = 3
    merge_pictures: int = 3_000
    threads: int = 2
    softness: float = 0.2
    likeness_temperature: float = 0.1
    views: ViewConfig = field(default_factory=ViewConfig)
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    text: TextTowerConfig = field(default_factory=TextTowerConfig)
    image: ImageTowerConfig = field(default_factory=ImageTowerConfig)
    distil_stage: DistilStage = field(default_factory=DistilStage)
    joint_stage: JointStage = field(default_factory=JointStage)
    imitation_stage: ImitationStage = field(default_factory=ImitationStage)
    int8_stage: Int8Stage = field(default_factory=Int8Stage)
