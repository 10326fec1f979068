"""X-Pool at query time, in numpy (Gorti et al., CVPR 2022): a clip's frames pooled as a text asks for.

`q = W_q·LN1(t) + b_q`, `k_i`, `v_i` likewise of the frames, `a = softmax_i(k_i·q / √D)`,
`o = W_o·Σ a_i v_i + b_o`, `h = LN2(o)`, `ψ = LN3(h + W_l·h + b_l)`: the same numbers in another order.

What stands before the softmax or the sum over frames is taken out of it. With u = W_kᵀq the attention logits
are dot products of u with the frames, W_o·W_v is one matrix, I + W_l another: per frame there is one dot
product and one weighted sum. The layer normalisation of a frame n·v (v of length one) is
`(v - mean v) / sqrt(1/D - (mean v)² + eps/n²) · w + b`: subtracting a mean is linear and becomes part of the
matrices, w and b too, and the root is one number per frame. Of o itself only the length is needed, for LN2;
a triangular matrix (QR) gives it in little more than half a product with a full one.

The products with D × D matrices, two per clip, are paid by every query: a gallery is not held a second time
behind them (docs/decisions/0007-re-scoring.md).

Clips are gathered block by block, so that a frame comes from memory once and is used while in the cache.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.bundle.sampling_head import LAYER_NORM_EPS, SamplingHead
from app.search.candidates import Candidates
from app.vectors.vector_index import Gallery

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

PART = 512
"""Clips at most that are pooled together: fewer cost more in calls than the cache gives back."""

_BLOCK = 1 << 20
"""Numbers (clips × frames × D) that are gathered at a time, 4 MiB: of 0.25 to 16 MiB the quickest."""

_STRIPE = 128
"""Rows of a triangular matrix that are multiplied together."""


@dataclass(frozen=True, slots=True)
class Slots:
    """The frames that stand for each of K clips, in order of time, F slots per clip."""

    rows: Rows
    """(K, F) rows of the gallery; slots that a short clip leaves empty repeat its first frame."""
    similarities: Floats
    """(K, F) the text's cosines to them."""
    lengths: Rows
    """(K,) how many slots of each clip are real: its first ones."""

    @classmethod
    def of(cls, candidates: Candidates, frames: int) -> "Slots":
        """Slots of K clips; of one with more than `frames` frames that many are taken, evenly spaced."""
        lengths, slot = candidates.lengths, np.arange(frames)
        count = lengths[:, np.newaxis]
        spread = (2 * slot * (count - 1) + frames - 1) // max(1, 2 * (frames - 1))  # rounded to whole frames
        offset = np.where(count > frames, spread, np.where(slot < count, slot, 0))
        places = candidates.starts[:, np.newaxis] + offset
        return cls(candidates.rows[places], candidates.similarities[places], np.minimum(lengths, frames))

    @property
    def real(self) -> NDArray[np.bool_]:
        """(K, F): False in the slots that are left empty."""
        return np.arange(self.rows.shape[1]) < self.lengths[:, np.newaxis]

    def __len__(self) -> int:
        return len(self.lengths)

    def __getitem__(self, clips: Rows | slice) -> "Slots":
        """Some of the clips."""
        return Slots(self.rows[clips], self.similarities[clips], self.lengths[clips])

    def trimmed(self) -> "Slots":
        """Without the slots that no clip fills."""
        most = self.lengths.max()
        return Slots(self.rows[:, :most], self.similarities[:, :most], self.lengths)


class Workspace:
    """Buffers that one thread fills again and again."""

    def __init__(self, width: int, frames: int) -> None:
        self.frames = np.empty(max(_BLOCK, frames * width), np.float32)
        self.summed = np.empty((PART, width), np.float32)
        self.pooled = np.empty((PART, width), np.float32)
        self.radius = np.empty((PART, width), np.float32)


@dataclass(frozen=True, slots=True)
class FoldedPooling:
    """X-Pool with its matrices folded; float32, row vectors times matrices."""

    attend: Floats
    """(D, D) and `attend_bias` (D,): from the normalised text to u, centred and scaled by 1/√D."""
    attend_bias: Floats
    stripes: tuple[Floats, ...]
    """Of a triangular matrix T, `_STRIPE` rows each, transposed and without their zeros: (D - 128·i, 128)."""
    stripes_bias: Floats
    """(D,): ‖T·z + bias‖ is the length of o, centred for LN2, where z is the weighted sum of frames."""
    move: Floats
    """(D, D) and `move_bias` (D,): from z to (I + W_l)·W_o·W_v of it, with LN2's gain, centred for LN3."""
    move_bias: Floats
    shift: Floats
    """(D,): what LN2's offset and b_l add to it."""
    gain: Floats
    """(D,) and `offset` (D,): of LN3."""
    offset: Floats

    @classmethod
    def of(cls, head: SamplingHead) -> "FoldedPooling":
        """Fold a head's matrices, in float64."""
        gain1, bias1 = _wide(head.norm1.weight), _wide(head.norm1.bias)
        query, key = _wide(head.query.weight), _wide(head.key.weight)
        value, output = _wide(head.value.weight), _wide(head.output.weight)
        moved = np.eye(head.width) + _wide(head.linear.weight)
        seek = gain1[:, np.newaxis] * key.T / np.sqrt(head.width)
        seen = value @ bias1 + _wide(head.value.bias)
        mix = _centred(_centred(output @ (value * gain1)).T).T
        mix_bias = _centred(output @ seen + _wide(head.output.bias))
        triangle = np.asarray(np.linalg.qr(np.column_stack((mix, mix_bias)), mode="r"))
        move = _centred(moved * _wide(head.norm2.weight))
        return cls(
            attend=_narrow(_centred(seek @ (query * gain1)).T),
            attend_bias=_narrow(_centred(seek @ (query @ bias1 + _wide(head.query.bias)))),
            stripes=tuple(
                _narrow(triangle[start : start + _STRIPE, start:-1].T)
                for start in range(0, head.width, _STRIPE)
            ),
            stripes_bias=_narrow(triangle[:, -1]),
            move=_narrow((move @ mix).T),
            move_bias=_narrow(move @ mix_bias),
            shift=_narrow(_centred(moved @ _wide(head.norm2.bias) + _wide(head.linear.bias))),
            gain=head.norm3.weight,
            offset=head.norm3.bias,
        )

    def attention(self, text: Floats) -> Floats:
        """u (D,): its product with a frame, times the frame's `_scales`, is the attention logit."""
        apart = text - text.mean()
        normalised = apart / np.sqrt(np.mean(apart * apart) + np.float32(LAYER_NORM_EPS))
        return np.asarray(normalised @ self.attend + self.attend_bias, dtype=np.float32)

    def pool(self, attention: Floats, slots: Slots, gallery: Gallery, space: Workspace) -> Floats:
        """ψ (k, D), not normalised, of k clips (`PART` at most) in order of length; a buffer of `space`.

        Args:
            attention: of the text, see `attention`.
            slots: the clips' frames.
            gallery: where the frames are.
            space: buffers.
        """
        summed, pooled = space.summed[: len(slots)], space.pooled[: len(slots)]
        step = max(1, _BLOCK // (int(slots.lengths[-1]) * gallery.vectors.shape[1]))
        for start in range(0, len(slots), step):
            part = slots[start : start + step].trimmed()
            _sum_frames(attention, part, gallery, space, out=summed[start : start + step])
        np.matmul(summed, self.move, out=pooled)
        pooled += self.move_bias
        squares = _row_squares(self._outputs(summed))
        pooled *= _normaliser(squares, pooled.shape[1])
        pooled += self.shift
        pooled *= _normaliser(_row_squares(pooled), pooled.shape[1])
        pooled *= self.gain
        pooled += self.offset
        return pooled

    def _outputs(self, seen: Floats) -> Floats:
        """o, centred and turned, (k, D), of weighted sums of normalised frames (k, D)."""
        outputs = np.empty_like(seen)
        start = 0
        for stripe in self.stripes:
            stop = start + stripe.shape[1]
            np.matmul(seen[:, start:], stripe, out=outputs[:, start:stop])
            start = stop
        outputs += self.stripes_bias
        return outputs


def _sum_frames(attention: Floats, slots: Slots, gallery: Gallery, space: Workspace, out: Floats) -> None:
    """Sums (n, D) of the clips' normalised frames, weighted as the text attends to them, into `out`."""
    rows = slots.rows
    taken = space.frames[: rows.size * out.shape[1]].reshape(rows.size, out.shape[1])
    gallery.vectors.take(rows.reshape(-1), out=taken)
    scales = _scales(rows, gallery)
    logits = (taken @ attention).reshape(rows.shape)
    logits *= scales
    logits[~slots.real] = -np.inf
    logits -= logits.max(axis=1, keepdims=True)
    weights = np.exp(logits, out=logits)
    weights /= weights.sum(axis=1, keepdims=True)
    weights *= scales
    np.matmul(weights[:, np.newaxis], taken.reshape(*rows.shape, -1), out=out[:, np.newaxis])


def _scales(rows: Rows, gallery: Gallery) -> Floats:
    """By what a frame of length one is multiplied in its layer normalisation, of the shape of `rows`.

    `1 / sqrt(1/D - mean² + eps/n²)` for a frame of length n before; 0 for one without direction.
    """
    width = gallery.vectors.shape[1]
    norms, means = gallery.norms[rows], gallery.means[rows]
    variance = norms * norms * np.maximum(np.float32(1 / width) - means * means, 0)
    return np.asarray(norms / np.sqrt(variance + np.float32(LAYER_NORM_EPS)), dtype=np.float32)


def _normaliser(squares: Floats, width: int) -> Floats:
    """(k, 1): by what rows of mean 0 and squared lengths (k,) are multiplied in a layer normalisation."""
    variance = squares / np.float32(width) + np.float32(LAYER_NORM_EPS)
    return np.asarray(1 / np.sqrt(variance), dtype=np.float32)[:, np.newaxis]


def _row_squares(rows: Floats) -> Floats:
    """Squared lengths (k,) of rows (k, D)."""
    return np.asarray(np.einsum("ij,ij->i", rows, rows))


def _centred(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take the mean out of every column: what is multiplied by the matrix then has a mean of 0."""
    return np.asarray(matrix - matrix.mean(axis=0))


def _wide(array: Floats) -> NDArray[np.float64]:
    return array.astype(np.float64)


def _narrow(array: NDArray[np.float64]) -> Floats:
    return np.ascontiguousarray(array, dtype=np.float32)
