"""Every number of the Pocket recipe, named once."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.pocket.backbone import FEATURES, LEVELS


@dataclass(frozen=True, slots=True)
class ViewConfig:
    """How a picture is turned into the `views` the image tower is trained on.

    View 0 is exactly what the program does at run time (the whole frame squashed), view 1 its mirror image;
    the others are random crops with a random mirror, drawn once per picture from `seed`.
    """

    size: int = 160
    views: int = 5
    min_area: float = 0.5
    max_aspect_change: float = 1.25
    mirror_probability: float = 0.5
    seed: int = 20


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
    """The shape of the text tower: a pre-norm transformer over WordPiece subwords."""

    vocabulary: int = 30_522
    width: int = 256
    layers: int = 2
    heads: int = 4
    feed_forward: int = 1_024
    context_length: int = 64
    pad_id: int = 0
    dropout: float = 0.0
    head_width: int = 1_024


@dataclass(frozen=True, slots=True)
class ImageTowerConfig:
    """The head on the backbone's pooled features."""

    features: int = FEATURES + LEVELS
    head_width: int = 1_024


@dataclass(frozen=True, slots=True)
class HeadStage:
    """Stage 1: the joint space, learned from frozen image features and frozen sentence vectors."""

    steps: int = 400
    batch: int = 1_024
    captioned_share: float = 0.6
    learning_rate: float = 1e-3
    weight_decay: float = 0.05
    warm_up: int = 50
    initial_temperature: float = 0.05
    image_dropout: float = 0.3
    sentence_dropout: float = 0.1


@dataclass(frozen=True, slots=True)
class BackboneStage:
    """Stage 2: the backbone's last blocks and both heads, from cached trunk maps."""

    steps: int = 300
    batch: int = 512
    captioned_share: float = 0.6
    backbone_learning_rate: float = 2e-4
    head_learning_rate: float = 3e-4
    weight_decay: float = 0.05
    warm_up: int = 20


@dataclass(frozen=True, slots=True)
class DistilStage:
    """Stage 3: the text tower learns to give the joint-space vector and the teacher's own vector of a
    sentence."""

    passes: int = 3
    batch: int = 512
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    warm_up: int = 300
    joint_weight: float = 1.0
    teacher_weight: float = 1.0


@dataclass(frozen=True, slots=True)
class JointStage:
    """Stage 4: text tower and image head trained together on pictures and their words."""

    steps: int = 300
    batch: int = 1_024
    captioned_share: float = 0.6
    text_learning_rate: float = 1e-4
    image_learning_rate: float = 3e-4
    weight_decay: float = 0.05
    warm_up: int = 30
    anchor_weight: float = 1.0
    anchor_batch: int = 256


@dataclass(frozen=True, slots=True)
class RefineStage:
    """Stage 5: the backbone's last blocks, the image head and the text tower together, on hard batches.

    `neighbour_share` of the captioned pictures of a batch come in families of `family` pictures whose
    captions are alike, drawn from `neighbours` nearest ones. `averaging` is the decay of the moving average
    of the weights, which is what is kept in the end.
    """

    steps: int = 160
    batch: int = 384
    captioned_share: float = 0.6
    neighbour_share: float = 0.5
    family: int = 4
    neighbours: int = 24
    backbone_learning_rate: float = 1e-4
    image_learning_rate: float = 2e-4
    text_learning_rate: float = 1e-4
    weight_decay: float = 0.05
    warm_up: int = 15
    initial_temperature: float = 0.05
    averaging: float = 0.96
    anchor_weight: float = 1.0
    anchor_batch: int = 128


@dataclass(frozen=True, slots=True)
class EndToEndStage:
    """Stage 6: every weight of both towers from freshly cropped pictures, and a head beside them.

    `trunk_learning_rate` is that of the backbone's first blocks, `top_learning_rate` that of its last.
    `brightness` is how far a picture's light is changed at most. A clip of the batch has its own picture and
    up to `clip_frames - 1` others; `clip_weight` is the weight of the head's loss.
    """

    steps: int = 200
    batch: int = 384
    captioned_share: float = 0.6
    neighbour_share: float = 0.5
    family: int = 4
    neighbours: int = 24
    trunk_learning_rate: float = 5e-5
    top_learning_rate: float = 1e-4
    image_learning_rate: float = 1e-4
    text_learning_rate: float = 1e-4
    clip_learning_rate: float = 3e-4
    weight_decay: float = 0.05
    warm_up: int = 15
    initial_temperature: float = 0.05
    averaging: float = 0.97
    brightness: float = 0.25
    anchor_weight: float = 1.0
    anchor_batch: int = 128
    clip_frames: int = 4
    clip_weight: float = 0.25


@dataclass(frozen=True, slots=True)
class PocketConfig:
    """The whole recipe.

    `embedding_width` is the width D of the joint space. `softness` and `likeness_temperature` soften the
    contrastive targets of every stage by how alike the teacher finds the sentences.
    """

    embedding_width: int = 384
    seed: int = 7
    threads: int = 2
    softness: float = 0.2
    likeness_temperature: float = 0.1
    views: ViewConfig = field(default_factory=ViewConfig)
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    text: TextTowerConfig = field(default_factory=TextTowerConfig)
    image: ImageTowerConfig = field(default_factory=ImageTowerConfig)
    head_stage: HeadStage = field(default_factory=HeadStage)
    backbone_stage: BackboneStage = field(default_factory=BackboneStage)
    distil_stage: DistilStage = field(default_factory=DistilStage)
    joint_stage: JointStage = field(default_factory=JointStage)
    refine_stage: RefineStage = field(default_factory=RefineStage)
    end_to_end_stage: EndToEndStage = field(default_factory=EndToEndStage)
