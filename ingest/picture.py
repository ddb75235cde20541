"""Describe a film's picture by its key frames. Definitions: docs/senses.md."""

from __future__ import annotations

import base64
import io
import itertools

import numpy as np
import numpy.typing as npt
from PIL import Image

from media.picture import Bytes, Frames
from senses import CURVE_PARTS, Picture

Float64 = npt.NDArray[np.float64]

LUMA = np.array([0.2126, 0.7152, 0.0722])
"""Weights of red, green and blue in brightness (ITU-R BT.709), of values as they are stored."""
DARK = 0.15
"""A frame of less mean brightness is dark."""
NEARLY_BLACK = 0.1
"""A pixel of less than this of full scale in all colours has no saturation that can be seen."""
BAR = 0.07
"""Rows and columns that are never brighter than this, on average, are bars; black is stored as up to .06."""
LARGEST_BAR = 0.35
"""Of the picture on one side: more is a dark film."""

TINT_SPREAD, TINT_SATURATION = 7.0, 0.35
"""A film in black and white has one tint, or none: its colours stray from that by less (0 to 255), and are pale."""
CUT = 0.32
"""Two frames whose colours differ by more than this are of different shots."""
CUT_IN_PLACE, CUT_OF_COLOURS = 0.05, 0.08
"""So are two whose places differ by more than the first (of full scale), if their colours do by more than the second: a
camera that moves in a scene changes the places, and hardly the colours."""
NEAR_S = 12.0
"""Only frames closer together than this are used to measure how often a film cuts; encoders write a key frame at least
every 250 frames."""
PLACES = 12
"""Blocks across the picture, and down it."""

PALETTE = 5
PALETTE_PIXELS = 12_000
PALETTE_ROUNDS = 30
SEED = 20200

PRINT_WIDTH, PRINT_HEIGHT = 320, 16
"""Pixels of a colour print; all of a column have one colour."""
AT_ONCE = 200


def describe_picture(frames: Frames, duration_s: float) -> Picture:
    """The looks of a film.

    Args:
        frames: at least two key frames.
        duration_s: of the film.
    """
    top, bottom, left, right = bars(frames.pixels)
    height, width = frames.pixels.shape[1:3]
    seen = frames.pixels[:, top : height - bottom, left : width - right]
    told = np.concatenate([_of_frames(seen[i : i + AT_ONCE]) for i in range(0, len(seen), AT_ONCE)])
    bright, contrast, saturation, warmth, colourful = told.T
    sample = _sampled(seen)
    changes = are_cuts(seen)
    palette, shares = palette_of(sample)
    least, most = pace(changes, frames.times_s, duration_s)
    return Picture(
        brightness=float(bright.mean()),
        brightness_spread=float(bright.std()),
        contrast=float(contrast.mean()),
        saturation=float(saturation.mean()),
        warmth=float(warmth.mean()),
        colourfulness=float(colourful.mean()),
        black_and_white=is_black_and_white(sample),
        dark_share=float((bright < DARK).mean()),
        cuts_per_minute=least,
        cuts_per_minute_most=most,
        palette=tuple(tuple(int(value) for value in colour) for colour in palette),
        palette_shares=tuple(float(share) for share in shares),
        aspect_ratio=frames.aspect_ratio * (seen.shape[2] / width) / (seen.shape[1] / height),
        bars=1.0 - seen.shape[1] * seen.shape[2] / (height * width),
        brightness_curve=_curve(frames.times_s, bright, duration_s),
        high_range=frames.high_range,
        frames=len(frames.times_s),
        colour_print=colour_print(frames.times_s, seen.mean(axis=(1, 2)), duration_s),
    )


def bars(pixels: Bytes) -> tuple[int, int, int, int]:
    """Rows and columns at top, bottom, left and right that are black in all frames (letterbox, pillarbox).

    Args:
        pixels: (n, height, width, 3)
    """
    rows, columns = np.zeros(pixels.shape[1]), np.zeros(pixels.shape[2])
    for i in range(0, len(pixels), AT_ONCE):
        luma = pixels[i : i + AT_ONCE] @ LUMA / 255
        rows = np.maximum(rows, luma.mean(axis=2).max(axis=0))
        columns = np.maximum(columns, luma.mean(axis=1).max(axis=0))

    def leading(brightest: Float64) -> int:
        lit = np.flatnonzero(brightest > BAR)
        return int(lit[0]) if len(lit) and lit[0] <= LARGEST_BAR * len(brightest) else 0

    return leading(rows), leading(rows[::-1]), leading(columns), leading(columns[::-1])


def larger_without_bars(frames: Frames) -> Bytes:
    """The larger frames inside the black bars: (m, height, width, 3)."""
    top, bottom, left, right = bars(frames.pixels)
    small_height, small_width = frames.pixels.shape[1:3]
    height, width = frames.larger.shape[1:3]
    rows = slice(top * height // small_height, height - bottom * height // small_height)
    columns = slice(left * width // small_width, width - right * width // small_width)
    return frames.larger[:, rows, columns]


def _of_frames(pixels: Bytes) -> Float64:
    """(n, 5): brightness, contrast, saturation, warmth and colourfulness of each frame."""
    colours = pixels.reshape(len(pixels), -1, 3).astype(np.float64)
    luma = colours @ LUMA / 255
    pairs = opponent(colours)
    spread, middle = (np.hypot(*(of(pair, axis=1) for pair in pairs)) for of in (np.std, np.mean))
    warmth = (colours[..., 0] - colours[..., 2]).mean(axis=1) / 255
    columns = [luma.mean(axis=1), luma.std(axis=1), saturations(colours).mean(axis=1), warmth, spread + 0.3 * middle]
    return np.stack(columns, axis=1)


def is_black_and_white(pixels: Bytes) -> bool:
    """Whether some pixels (n, 3) of a film have no colours except a single tint.

    The opponent colours of a tinted film are on one ray; anything next to the ray or opposite to it is a colour.
    """
    colours = pixels.astype(np.float64)
    points = np.stack(opponent(colours), axis=1)
    centre = points.mean(axis=0)
    along, across = centre / max(float(np.linalg.norm(centre)), 1e-9), np.array([-centre[1], centre[0]])
    across /= max(float(np.linalg.norm(across)), 1e-9)
    astray = np.hypot(points @ across, np.minimum(points @ along, 0))
    strength = float(np.sqrt((astray**2).mean()))
    return strength < TINT_SPREAD and float(saturations(colours).mean()) < TINT_SATURATION


def opponent(colours: Float64) -> tuple[Float64, Float64]:
    """Red-green and yellow-blue of (..., 3) colours, as Hasler and Suesstrunk 2003."""
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
    return red - green, (red + green) / 2 - blue


def saturations(colours: Float64) -> Float64:
    """(...) saturation of (..., 3) colours, 0 to 1 (HSV); 0 where it is too dark to be seen."""
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]  # faster than .max(axis=-1) over three values
    largest = np.maximum(np.maximum(red, green), blue)
    smallest = np.minimum(np.minimum(red, green), blue)
    lit = largest > NEARLY_BLACK * 255
    found: Float64 = np.divide(largest - smallest, largest, out=np.zeros_like(largest), where=lit)
    return found


def are_cuts(pixels: Bytes) -> npt.NDArray[np.bool_]:
    """(n - 1,) whether successive frames (n, height, width, 3) are of different shots.

    Colours are compared by half of the L1 distance between histograms of 4 x 4 x 4 colours, smoothed over neighbouring
    ones, so that a colour that moves over an edge of a bin counts little; places by the mean difference of blocks.
    """
    some = pixels[:, ::2, ::2].reshape(len(pixels), -1, 3)  # a quarter of the pixels is enough
    colours = np.concatenate([_histograms(some[i : i + AT_ONCE]) for i in range(0, len(some), AT_ONCE)])
    blocks = np.stack([_blocks(frame) for frame in pixels])
    of_colours = np.abs(np.diff(colours, axis=0)).sum(axis=1) / 2
    in_place = np.abs(np.diff(blocks, axis=0)).mean(axis=(1, 2, 3)) / 255
    return np.asarray((of_colours > CUT) | ((of_colours > CUT_OF_COLOURS) & (in_place > CUT_IN_PLACE)))


def _blocks(frame: Bytes) -> Float64:
    """(up to PLACES, up to PLACES, 3) mean colours of the blocks of a frame."""
    rows = np.linspace(0, frame.shape[0], min(PLACES, frame.shape[0]) + 1).astype(int)[:-1]
    columns = np.linspace(0, frame.shape[1], min(PLACES, frame.shape[1]) + 1).astype(int)[:-1]
    sums = np.add.reduceat(np.add.reduceat(frame.astype(np.float64), rows, axis=0), columns, axis=1)
    heights, widths = np.diff([*rows, frame.shape[0]]), np.diff([*columns, frame.shape[1]])
    return np.asarray(sums / (heights[:, None] * widths[None])[..., None])


def _histograms(pixels: Bytes) -> Float64:
    """(n, 64) histograms of (n, k, 3) pixels; each pixel is distributed over the nearest of 4 x 4 x 4 colours."""
    position = pixels.astype(np.float64) / 255 * 3
    low = np.minimum(position.astype(np.int64), 2)
    above = position - low
    near = np.stack([1 - above, above])  # by corner, then (n, k, 3)
    first = low @ np.array([16, 4, 1]) + 64 * np.arange(len(pixels))[:, None]
    counts: Float64 = np.zeros(64 * len(pixels))
    for red, green, blue in itertools.product((0, 1), repeat=3):
        weight = near[red, ..., 0] * near[green, ..., 1] * near[blue, ..., 2]
        counts += np.bincount((first + 16 * red + 4 * green + blue).ravel(), weight.ravel(), len(counts))
    shares: Float64 = counts.reshape(len(pixels), 64) / pixels.shape[1]
    return shares


def pace(changes: npt.NDArray[np.bool_], times_s: Float64, duration_s: float) -> tuple[float, float]:
    """Lower and upper estimate of the cuts per minute, from pairs of frames that are close together.

    A pair of frames shows one change, even if several cuts are between them: this gives the lower estimate. If cuts
    come at random and a share p of the pairs, d seconds apart, differ, there are -ln(1 - p) / d cuts per second: this
    is the upper estimate.
    """
    gaps_s = np.diff(times_s)
    near = gaps_s <= max(NEAR_S, float(gaps_s.min()))
    changes, looked_s = changes[near], float(gaps_s[near].sum())
    minutes = min(max(looked_s, 1e-3), duration_s) / 60
    least = float(changes.sum()) / minutes
    share = min(float(changes.mean()), 1 - 0.5 / len(changes))
    most = -float(np.log1p(-share)) * len(changes) / minutes
    return least, max(least, most)


def _sampled(pixels: Bytes) -> Bytes:
    flat = pixels.reshape(-1, 3)
    return flat[np.linspace(0, len(flat) - 1, min(PALETTE_PIXELS, len(flat))).astype(np.int64)]


def palette_of(pixels: Bytes) -> tuple[Bytes, Float64]:
    """The colours of some pixels in five groups: (k, 3) RGB and (k,) shares, the largest first.

    k-means in CIELAB (where Euclidean distance is close to perceived difference), initialised with pixels that are far
    apart. Fewer than five if there are fewer colours.
    """
    points = lab_of_rgb(pixels)
    different = np.unique(points.round(1), axis=0)
    centres = _spread_out(different, min(PALETTE, len(different)))
    for _ in range(PALETTE_ROUNDS):
        nearest = _nearest(points, centres)
        moved = np.stack(
            [points[nearest == k].mean(axis=0) if (nearest == k).any() else centre for k, centre in enumerate(centres)]
        )
        if np.allclose(moved, centres, atol=0.01):
            break
        centres = moved
    nearest = _nearest(points, centres)
    shares = np.bincount(nearest, minlength=len(centres)) / len(points)
    order = [int(k) for k in np.argsort(-shares, kind="stable") if shares[k] > 0]
    return rgb_of_lab(centres[order]), shares[order]


def _spread_out(points: Float64, k: int) -> Float64:
    """k of the points, chosen one after the other with a chance that grows with the distance to those chosen."""
    rng = np.random.default_rng(SEED)
    chosen = [points[0]]
    for _ in range(k - 1):
        distance = np.min([((points - one) ** 2).sum(axis=1) for one in chosen], axis=0)
        chosen.append(points[rng.choice(len(points), p=distance / distance.sum())])
    return np.stack(chosen)


def _nearest(points: Float64, centres: Float64) -> npt.NDArray[np.intp]:
    return np.asarray(((points[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1))


_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _TO_XYZ.sum(axis=1)


def lab_of_rgb(pixels: Bytes) -> Float64:
    """(n, 3) sRGB bytes as CIELAB under D65 (IEC 61966-2-1, CIE 15)."""
    values = np.asarray(pixels, np.float64) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    ratio = linear @ _TO_XYZ.T / _WHITE
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = root.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def rgb_of_lab(colours: Float64) -> Bytes:
    """(n, 3) CIELAB as the nearest sRGB bytes."""
    y = (colours[:, 0] + 16) / 116
    root = np.stack([y + colours[:, 1] / 500, y, y - colours[:, 2] / 200], axis=1)
    ratio = np.where(root > 6 / 29, root**3, (116 * root - 16) / (24389 / 27))
    linear = np.clip(ratio * _WHITE @ np.linalg.inv(_TO_XYZ).T, 0, 1)
    values = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(values * 255), np.uint8)


def _places(times_s: Float64, duration_s: float, parts: int) -> npt.NDArray[np.int64]:
    return np.clip((times_s / duration_s * parts).astype(np.int64), 0, parts - 1)


def _curve(times_s: Float64, bright: Float64, duration_s: float) -> tuple[float | None, ...]:
    places = _places(times_s, duration_s, CURVE_PARTS)
    return tuple(float(bright[places == i].mean()) if (places == i).any() else None for i in range(CURVE_PARTS))


def colour_print(times_s: Float64, colours: Float64, duration_s: float) -> str:
    """The film as a strip of its mean colours from beginning to end: a WebP picture in base64.

    Args:
        times_s: (n,) rising
        colours: (n, 3) mean colour of each frame, 0 to 255; each lasts until the next.
    """
    at_s = (np.arange(PRINT_WIDTH) + 0.5) / PRINT_WIDTH * duration_s
    shown = np.clip(np.searchsorted(times_s, at_s, side="right") - 1, 0, len(times_s) - 1)
    row = np.rint(colours[shown]).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(np.repeat(row[None], PRINT_HEIGHT, axis=0)).save(stream, "WEBP", lossless=True)
    return base64.b64encode(stream.getvalue()).decode("ascii")
