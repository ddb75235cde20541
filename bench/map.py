"""The map: does it keep neighbours, how long does it take, and does it move smoothly?

    python -m bench.map [--films 100000] [--skip-browser | --only-browser] [--json]
    python -m bench.map --rivals [--films 100000] [--json]

Neighbours: trustworthiness and continuity at k = 15 (J. Venna and S. Kaski, Neural Networks 19, 2006; 1 is best) of
2,000 real windows of music (MusiCNN's embeddings in $FILMSCORE_DATA/music/mixed.npz), for this map and for a PCA alone.
Time: 1,000 and `--films` vectors, windows with noise of fixed seed. Frames a second: the map's canvas with `--films`
points in headless Chromium, dragged for five seconds, beside Plotly's WebGL with the same points; and both with 10,000.
The canvas's bytes and the time from them to its first picture are those of the page alone, without the app around it.

`--rivals` gives neighbours and time for openTSNE, UMAP and PaCMAP too, each with its own defaults and a PCA start. They
are no dependencies: `pip install openTSNE umap-learn pacmap` into an environment that is thrown away afterwards.
"""

from __future__ import annotations

import argparse
import base64
import importlib
import json
import logging
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from bench.given import real_data
from film import GENRES
from recommender.layout import _components, lay_out
from service.figures.look import DARK, template
from service.figures.map_points import as_bytes, by_names
from views import map_canvas

Float32 = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]

K, SAMPLE, SEED = 15, 2_000, 21
DRAG_S = 5.0
PATIENCE_MS = 300_000
"""A wait ends with what it waits for; this bound only ends a run that fails, so it is generous on a busy machine."""
_COUNT = """() => { window.drawn = []; const note = (now) => { window.drawn.push(now); requestAnimationFrame(note); };
requestAnimationFrame(note); }"""


def windows() -> Float32:
    """(n, 200) unit vectors of real windows of music."""
    data = real_data() / "music" / "mixed.npz"
    with np.load(data) as held:
        vectors = np.unique(held["msd_embedding"].astype(np.float32), axis=0)
    centred = vectors - vectors.mean(axis=0)
    unit: Float32 = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return unit


def kept(vectors: Float32, points: Float64) -> dict[str, float]:
    """How well neighbouring vectors remain neighbouring points, and the reverse."""
    from sklearn.manifold import trustworthiness

    return {
        "trustworthiness": round(float(trustworthiness(vectors, points, n_neighbors=K)), 3),
        "continuity": round(float(trustworthiness(points, vectors, n_neighbors=K)), 3),
    }


def many(real: Float32, n: int) -> Float32:
    """(n, d) vectors scattered around real ones."""
    rng = np.random.default_rng(SEED)
    made = real[rng.integers(len(real), size=n)] + rng.normal(0, 0.02, (n, real.shape[1])).astype(np.float32)
    unit: Float32 = made / np.linalg.norm(made, axis=1, keepdims=True)
    return unit


def _open_tsne(vectors: Float32) -> Float64:
    points: Float64 = np.asarray(importlib.import_module("openTSNE").TSNE(n_jobs=1, random_state=SEED).fit(vectors))
    return points


def _umap(vectors: Float32) -> Float64:
    model = importlib.import_module("umap").UMAP(init="pca", random_state=SEED)
    return np.asarray(model.fit_transform(vectors), np.float64)


def _pacmap(vectors: Float32) -> Float64:
    model = importlib.import_module("pacmap").PaCMAP(random_state=SEED)
    return np.asarray(model.fit_transform(vectors, init="pca"), np.float64)


LAYOUTS: dict[str, Callable[[Float32], Float64]] = {
    "PCA": _components,
    "filmscore": lay_out,
    "openTSNE": _open_tsne,
    "UMAP": _umap,
    "PaCMAP": _pacmap,
}


def compare(films: int) -> dict[str, Any]:
    """Neighbours and seconds of each layout: real windows, 1,000 and `films` vectors around them.

    A layout whose library is not installed is told in its place.
    """
    real = windows()
    few = real[np.random.default_rng(SEED).permutation(len(real))[:SAMPLE]]
    part = np.random.default_rng(SEED).permutation(films)[:SAMPLE]
    found: dict[str, Any] = {}
    for name, layout in LAYOUTS.items():
        try:
            layout(few[:100])  # imports and compiles
        except ImportError as error:
            found[name] = {"missing": str(error)}
            continue
        row: dict[str, Any] = {**kept(few, layout(few)), "seconds": {}}
        for n in (1_000, films):
            vectors = many(real, n)
            began = time.perf_counter()
            points = layout(vectors)
            row["seconds"][n] = round(time.perf_counter() - began, 1)
        found[name] = row | {f"{key}_of_all": value for key, value in kept(vectors[part], points[part]).items()}
    return found


def map_page(points: Float64) -> str:
    """A page that shows the map's canvas with these points, without the app; window.told: what was chosen."""
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # it warns where no page runs
    n = len(points)
    groups = by_names([GENRES[place % len(GENRES)] for place in range(n)])
    packed = as_bytes("bench", points, groups, [f"Film {place} (1964), Somebody {place % 900}" for place in range(n)])
    asked = map_canvas.asked("bench", "bench", groups, DARK, "Points", "", [])
    return f"""<!doctype html><style>{map_canvas.CANVAS_STYLE}</style><div id="map" style="width: 1080px"></div>
<script type="module">
const module = (text) => import(URL.createObjectURL(new Blob([text], {{ type: "text/javascript" }})));
const packed = Uint8Array.from(atob("{base64.b64encode(packed).decode()}"), (one) => one.charCodeAt(0));
window.bytes = packed.length;
const [points, canvas] = await Promise.all([{json.dumps(map_canvas.POINTS_SCRIPT)},
  {json.dumps(map_canvas.CANVAS_SCRIPT)}].map(module));
const began = performance.now();
window.told = null;
canvas.default({{ data: {json.dumps(asked)}, parentElement: document.querySelector("#map"),
  setStateValue: (_, told) => (window.told = told) }});
await points.default({{ data: packed }});
const wait = () => document.querySelector("canvas").dataset.frames
  ? (window.firstPicture = performance.now() - began) : requestAnimationFrame(wait);
wait();
</script>"""


def _plotly_page(points: Float64) -> str:
    """The same points drawn by Plotly's WebGL."""
    figure = go.Figure()
    for place, genre in enumerate(GENRES):
        part = points[place :: len(GENRES)]
        marker = {"size": 3, "opacity": 0.85, "color": DARK.genre[genre]}
        figure.add_trace(go.Scattergl(x=part[:, 0], y=part[:, 1], mode="markers", marker=marker, name=genre))
    figure.update_layout(template=template(DARK), width=1080, height=640, dragmode="pan")
    return str(figure.to_html(include_plotlyjs=True, config={"scrollZoom": True}))


def frames_a_second(html: str, drawn: str) -> dict[str, float]:
    """Frames per second of a page while its figure is dragged.

    Args:
        html: the page.
        drawn: CSS selector of what is there once the points are drawn.
    """
    from playwright.sync_api import sync_playwright

    from tests.browser.server import launch

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "map.html"
        page_file.write_text(html, encoding="utf-8")
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(page_file.as_uri())
        page.wait_for_selector(drawn)
        page.mouse.move(500, 300)
        page.mouse.down()
        page.evaluate(_COUNT)
        began, step = time.monotonic(), 0
        while time.monotonic() - began < DRAG_S:
            step += 1
            page.mouse.move(500 + 200 * np.sin(step / 20), 300 + 100 * np.cos(step / 20))
        page.mouse.up()
        times = np.array(page.evaluate("() => window.drawn"))
        first, sent = page.evaluate("() => [window.firstPicture || 0, window.bytes || 0]")
        browser.close()
    gaps = np.diff(times)
    found = {
        "frames_a_second": round(1000 * len(gaps) / float(gaps.sum()), 1),
        "longest_gap_ms": round(float(gaps.max())),
    }
    return found | ({"bytes": sent, "first_picture_ms": round(first)} if sent else {})


def panning(points: Float64) -> list[dict[str, Any]]:
    """The map's canvas beside Plotly: all points, and 10,000 of them."""
    found: list[dict[str, Any]] = []
    for some in (points, points[:: max(1, len(points) // 10_000)]):
        for name, page, drawn in (
            ("filmscore", map_page, "canvas[data-frames]"),
            ("Plotly scattergl", _plotly_page, ".gl-canvas"),
        ):
            found.append({"drawn by": name, "points": len(some), **frames_a_second(page(some), drawn)})
    return found


def measure(films: int, browser: bool) -> dict[str, Any]:
    """All measures."""
    real = windows()
    few = real[np.random.default_rng(SEED).permutation(len(real))[:SAMPLE]]
    found: dict[str, Any] = {
        "vectors": len(few),
        "map": kept(few, lay_out(few)),
        "pca": kept(few, _components(few)),
        "seconds": {},
    }
    points = np.zeros((0, 2))
    for n in (1_000, films):
        vectors = many(real, n)
        began = time.perf_counter()
        points = lay_out(vectors)
        found["seconds"][n] = round(time.perf_counter() - began, 1)
    part = np.random.default_rng(SEED).permutation(films)[:SAMPLE]
    found["map_of_all"] = kept(vectors[part], points[part])
    if browser:
        found["panning"] = panning(points)
    return found


def main() -> None:
    """Print the measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=100_000)
    parser.add_argument("--skip-browser", action="store_true")
    parser.add_argument("--only-browser", action="store_true", help="measure frames a second alone")
    parser.add_argument("--rivals", action="store_true", help="compare with openTSNE, UMAP and PaCMAP instead")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    films = arguments.films
    if arguments.rivals:
        found: Any = compare(films)
    elif arguments.only_browser:
        found = panning(lay_out(many(windows(), films)))
    else:
        found = measure(films, not arguments.skip_browser)
    print(json.dumps(found) if arguments.json else json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
