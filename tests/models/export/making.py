"""Small models in open_clip's own classes, with random weights that are large enough to matter."""

from typing import Any

import torch
from torch import Tensor, nn

from models.open_clip_setup import import_open_clip

SIZE, WIDTH, CONTEXT, VOCABULARY = 32, 64, 77, 49408


def small_clip(size: int = SIZE, patch: int = 16, **text: Any) -> nn.Module:
    """One layer of width 64, one head, a space of 48 numbers; `text` as in a `CLIPTextCfg`.

    A model of open_clip's `CustomTextCLIP` where `text` says anything.
    """
    open_clip = import_open_clip()
    torch.manual_seed(1)
    vision = open_clip.CLIPVisionCfg(1, WIDTH, head_width=WIDTH, patch_size=patch, image_size=size)
    words = open_clip.CLIPTextCfg(CONTEXT, VOCABULARY, width=WIDTH, heads=1, layers=1, **text)
    model = (open_clip.CustomTextCLIP if text else open_clip.CLIP)(48, vision, words, quick_gelu=True)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return model.eval()


class Colours(nn.Module):
    """The least that is a dual encoder: mean colours, and the sum of the words' rows in a table."""

    def __init__(self, words: int = 3) -> None:
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, words)
        torch.manual_seed(2)
        nn.init.normal_(self.table.weight)

    def encode_image(self, pixels: Tensor) -> Tensor:
        return pixels.mean((2, 3))

    def encode_text(self, tokens: Tensor) -> Tensor:
        rows: Tensor = self.table(tokens)
        return rows.sum(1)
