"""The Triton kernels of `depthwise`: one program computes `places` places of `lanes` channels, channels last,
and sums in float32."""

# mypy: disable-error-code="no-untyped-def,untyped-decorator"

import triton
import triton.language as tl


@triton.jit
def filter_maps(
    maps, taps, out, height, width, out_height, out_width, channels, top, left,
    stride: tl.constexpr, kernel: tl.constexpr, places: tl.constexpr, lanes: tl.constexpr,
):  # fmt: skip
    channel = tl.program_id(0) * lanes + tl.arange(0, lanes)
    place = tl.program_id(1) * places + tl.arange(0, places)
    picture = tl.program_id(2).to(tl.int64)
    real, inside = channel < channels, place < out_height * out_width
    row, column = place // out_width, place % out_width
    total = tl.zeros((places, lanes), tl.float32)
    first = maps + picture * height * width * channels
    for down in tl.static_range(kernel):
        for across in tl.static_range(kernel):
            y, x = row * stride - top + down, column * stride - left + across
            there = inside & (y >= 0) & (y < height) & (x >= 0) & (x < width)
            seen = tl.load(
                first + (y * width + x)[:, None] * channels + channel[None, :],
                mask=there[:, None] & real[None, :], other=0.0,
            )  # fmt: skip
            tap = tl.load(taps + (down * kernel + across) * channels + channel, mask=real, other=0.0)
            total += seen.to(tl.float32) * tap.to(tl.float32)[None, :]
    where = out + picture * out_height * out_width * channels + place[:, None] * channels + channel[None, :]
    tl.store(where, total.to(out.dtype.element_ty), mask=inside[:, None] & real[None, :])


@triton.jit
def gradient_of_maps(
    gradient, taps, out, height, width, out_height, out_width, channels, top, left,
    stride: tl.constexpr, kernel: tl.constexpr, places: tl.constexpr, lanes: tl.constexpr,
):  # fmt: skip
    channel = tl.program_id(0) * lanes + tl.arange(0, lanes)
    place = tl.program_id(1) * places + tl.arange(0, places)
    picture = tl.program_id(2).to(tl.int64)
    real, inside = channel < channels, place < height * width
    row, column = place // width, place % width
    total = tl.zeros((places, lanes), tl.float32)
    first = gradient + picture * out_height * out_width * channels
    for down in tl.static_range(kernel):
        for across in tl.static_range(kernel):
            above, before = row + top - down, column + left - across
            there = inside & (above >= 0) & (before >= 0)
            if stride > 1:
                there = there & (above % stride == 0) & (before % stride == 0)
            y, x = above // stride, before // stride
            there = there & (y < out_height) & (x < out_width)
            seen = tl.load(
                first + (y * out_width + x)[:, None] * channels + channel[None, :],
                mask=there[:, None] & real[None, :], other=0.0,
            )  # fmt: skip
            tap = tl.load(taps + (down * kernel + across) * channels + channel, mask=real, other=0.0)
            total += seen.to(tl.float32) * tap.to(tl.float32)[None, :]
    where = out + picture * height * width * channels + place[:, None] * channels + channel[None, :]
    tl.store(where, total.to(out.dtype.element_ty), mask=inside[:, None] & real[None, :])


@triton.jit
def gradient_of_weights(
    maps, gradient, out, pictures, height, width, out_height, out_width, channels, top, left, share,
    stride: tl.constexpr, kernel: tl.constexpr, places: tl.constexpr, lanes: tl.constexpr,
):  # fmt: skip
    down = tl.program_id(0)
    channel = tl.program_id(1) * lanes + tl.arange(0, lanes)
    part = tl.program_id(2)
    real = channel < channels
    sum0 = tl.zeros((places, lanes), tl.float32)
    sum1 = tl.zeros((places, lanes), tl.float32)
    sum2 = tl.zeros((places, lanes), tl.float32)
    sum3 = tl.zeros((places, lanes), tl.float32)
    sum4 = tl.zeros((places, lanes), tl.float32)
    area = out_height * out_width
    for offset in range(0, share, places):
        step = offset + tl.arange(0, places)
        place = part * share + step
        inside = (step < share) & (place < pictures * area)
        picture, rest = (place // area).to(tl.int64), place % area
        y, left_of = (rest // out_width) * stride - top + down, (rest % out_width) * stride - left
        given = tl.load(
            gradient + place[:, None].to(tl.int64) * channels + channel[None, :],
            mask=inside[:, None] & real[None, :], other=0.0,
        ).to(tl.float32)  # fmt: skip
        inside = inside & (y >= 0) & (y < height)
        row = maps + ((picture * height + y) * width)[:, None] * channels + channel[None, :]
        for across in tl.static_range(kernel):
            x = left_of + across
            there = inside & (x >= 0) & (x < width)
            seen = tl.load(
                row + x[:, None].to(tl.int64) * channels, mask=there[:, None] & real[None, :], other=0.0
            )
            product = seen.to(tl.float32) * given
            if across == 0:
                sum0 += product
            if across == 1:
                sum1 += product
            if across == 2:
                sum2 += product
            if across == 3:
                sum3 += product
            if across == 4:
                sum4 += product
    where = out + (part * kernel + down) * kernel * channels + channel
    tl.store(where, tl.sum(sum0, 0), mask=real)
    tl.store(where + channels, tl.sum(sum1, 0), mask=real)
    tl.store(where + 2 * channels, tl.sum(sum2, 0), mask=real)
    if kernel > 3:
        tl.store(where + 3 * channels, tl.sum(sum3, 0), mask=real)
        tl.store(where + 4 * channels, tl.sum(sum4, 0), mask=real)
