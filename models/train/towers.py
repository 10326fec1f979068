"""Training an open_clip model together with the head: its towers as a module, and batches that run them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from models.datasets.backbones import OpenClipBackbone
from models.open_clip_setup import import_open_clip
from models.train.config import AugmentConfig
from models.train.inputs.batches import Batch, PairOrder
from models.train.inputs.clips import ClipSet

_CROP_TRIES = 10


class Towers(nn.Module):
    """Both towers of an open_clip model, with gradients; embeddings are those before normalisation.

    The model's own logit scale takes no part: the loop has one.

    Args:
        backbone: a loaded model; its weights are shared, not copied.
        name: the model's name at open_clip, for its tokenizer.
        per_pass: pictures embedded at a time; where there are more, what lies between is computed again for
            the gradient.
    """

    def __init__(self, backbone: OpenClipBackbone, name: str, per_pass: int) -> None:
        super().__init__()
        self.model = backbone.model
        self.width = backbone.width
        self._tokenize: Any = import_open_clip().get_tokenizer(name)
        self._per_pass = per_pass
        self.register_buffer("_mean", torch.tensor(backbone.input.mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("_std", torch.tensor(backbone.input.std).view(1, 3, 1, 1), persistent=False)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.model.parameters()).device

    def encode_frames(self, pictures: Tensor) -> Tensor:
        """Embed float32 `(N, 3, S, S)`, 0 to 1: `(N, D)`, raw."""
        normal = (pictures - self.get_buffer("_mean")) / self.get_buffer("_std")
        parts = torch.split(normal, self._per_pass)
        if len(parts) == 1:
            return self._embed(normal)
        return torch.cat([checkpoint(self._embed, part, use_reentrant=False) for part in parts])

    def encode_texts(self, captions: list[str]) -> Tensor:
        """Embed descriptions: `(N, D)`, raw."""
        return self._run("encode_text", self._tokenize(captions).to(self.device))

    def save(self, path: Path) -> None:
        """Write the model's weights to a file that open_clip takes as `pretrained`."""
        partial = path.with_suffix(".part")
        torch.save({name: tensor.cpu() for name, tensor in self.model.state_dict().items()}, partial)
        partial.replace(path)

    def _embed(self, pictures: Tensor) -> Tensor:
        return self._run("encode_image", pictures)

    def _run(self, method: str, batch: Tensor) -> Tensor:
        embedded: Tensor = getattr(self.model, method)(batch, normalize=False)
        return embedded


class TowerBatches:
    """Batches whose embeddings the towers compute, with their graph; captions of one video share a group."""

    def __init__(
        self, clips: ClipSet, towers: Towers, order: PairOrder, frames: int, augment: AugmentConfig
    ) -> None:
        self._clips, self._towers, self._order = clips, towers, order
        self._frames, self._augment = frames, augment

    @property
    def width(self) -> int:
        """The width D of the embeddings."""
        return self._towers.width

    @property
    def steps_per_epoch(self) -> int:
        """Batches an epoch."""
        return self._order.steps_per_epoch

    def batch(self, step: int) -> Batch:
        """The batch of a step; crops are drawn by torch's default generator."""
        texts = self._order.texts(step)
        videos = self._clips.video_of_text[texts]
        device = self._towers.device
        clips = [self._pictures(int(video)).to(device) for video in videos]
        lengths = [len(clip) for clip in clips]
        embedded = torch.split(self._towers.encode_frames(torch.cat(clips)), lengths)
        padded = [functional.pad(part, (0, 0, 0, self._frames - len(part))) for part in embedded]
        counts = torch.tensor(lengths, device=device)
        return Batch(
            texts=self._towers.encode_texts([self._clips.captions[text] for text in texts]),
            frames=torch.stack(padded),
            mask=torch.arange(self._frames, device=device) < counts[:, None],
            groups=torch.from_numpy(videos),
        )

    def _pictures(self, video: int) -> Tensor:
        """A video's frames, float32 `(n, 3, S, S)`, 0 to 1, all cropped and mirrored alike."""
        pixels = torch.from_numpy(self._clips.frames(video).copy())
        return crop_and_mirror(pixels.permute(0, 3, 1, 2).float() / 255, self._augment)


def crop_and_mirror(pictures: Tensor, augment: AugmentConfig) -> Tensor:
    """One random crop, resized to the square again, and one mirroring for all of `(n, 3, S, S)`.

    The crop's share of the area is uniform from `least_area` to 1, its logarithmic aspect ratio uniform
    within `most_stretch` either way, as torchvision's RandomResizedCrop draws them.
    """
    side = pictures.shape[-1]
    if augment.least_area < 1:
        rows, columns = _crop_size(side, augment)
        top = int(torch.randint(side - rows + 1, ()))
        left = int(torch.randint(side - columns + 1, ()))
        crop = pictures[:, :, top : top + rows, left : left + columns]
        pictures = functional.interpolate(crop, (side, side), mode="bilinear", antialias=True)
    if augment.mirror and torch.rand(()) < 0.5:
        pictures = pictures.flip(-1)
    return pictures


def _crop_size(side: int, augment: AugmentConfig) -> tuple[int, int]:
    bound = math.log(augment.most_stretch)
    for _ in range(_CROP_TRIES):
        area, stretch = torch.rand(2).tolist()
        area = augment.least_area + area * (1 - augment.least_area)
        ratio = math.exp((2 * stretch - 1) * bound)
        rows, columns = round(side * math.sqrt(area / ratio)), round(side * math.sqrt(area * ratio))
        if 0 < rows <= side and 0 < columns <= side:
            return rows, columns
    return side, side
