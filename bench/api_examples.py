"""The examples in the API's description: answers of a demo catalogue, shortened.

    filmscore demo --home DEMO
    python -m bench.api_examples --home DEMO > service/data/api_examples.json

Films and numbers are those of the demo. Each list keeps two items, each number four decimals.
"""

from __future__ import annotations

import argparse
import io
import json
import time
import wave
from typing import Any

import numpy as np
from fastapi.testclient import TestClient

from bench.given import existing
from db.home import Home
from service.api.routes import create_app
from service.rights.access import LOCAL, new_api_token

MOST_ITEMS, CLIP_S, RATE_HZ = 2, 12, 8_000


def shortened(answer: Any) -> Any:
    """An answer with MOST_ITEMS of each list, and numbers of four decimals."""
    if isinstance(answer, dict):
        return {name: shortened(value) for name, value in answer.items()}
    if isinstance(answer, list):
        return [shortened(value) for value in answer[:MOST_ITEMS]]
    return round(answer, 4) if isinstance(answer, float) else answer


def chord() -> bytes:
    """A WAV file of a chord."""
    t = np.arange(CLIP_S * RATE_HZ) / RATE_HZ
    sound = sum(np.sin(2 * np.pi * hz * t) for hz in (220.0, 277.2, 329.6)) * 8_000
    held = io.BytesIO()
    with wave.open(held, "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(RATE_HZ)
        stream.writeframes(np.asarray(sound, np.int16).tobytes())
    return held.getvalue()


def answers(home: Home) -> dict[str, Any]:
    """ "get /films/{film_id}" -> an answer."""
    bearer = {"authorization": f"Bearer {new_api_token(home, LOCAL, f'examples {time.time_ns()}')}"}
    with TestClient(create_app(home), headers=bearer) as client:
        films = client.get("/films", params={"with_music": True}).json()["films"]
        film = next(one for one in films if one["collection"] == "demo")
        film_id, title = film["film_id"], film["title"]
        asked: dict[str, tuple[str, dict[str, Any]]] = {
            "get /health": ("/health", {}),
            "get /films": ("/films", {"params": {"with_music": True}}),
            "get /titles": ("/titles", {"params": {"query": title.split()[0]}}),
            "get /films/{film_id}": (f"/films/{film_id}", {}),
            "get /films/{film_id}/summary": (f"/films/{film_id}/summary", {}),
            "get /films/{film_id}/runs": (f"/films/{film_id}/runs", {}),
            "get /films/{film_id}/runs/{run}/similar": (f"/films/{film_id}/runs/0/similar", {}),
            "get /films/{film_id}/similar": (f"/films/{film_id}/similar", {}),
            "post /recommend": ("/recommend", {"json": {"likes": [film_id], "n": 2}}),
            "post /tonight": (
                "/tonight",
                {"json": {"people": [{"name": "first", "likes": [film_id]}, {"name": "second", "likes": [title]}]}},
            ),
            "post /surprise": ("/surprise", {"json": {"likes": [film_id]}}),
            "get /find": ("/find", {"params": {"words": "slow sad piano"}}),
            "get /map": ("/map", {}),
            "get /profiles": ("/profiles", {}),
            "post /sounds-like": ("/sounds-like", {"files": {"clip": ("clip.wav", chord())}}),
        }
        found = {}
        for route, (path, more) in asked.items():
            answer = client.request(route.split()[0], path, **more)
            if answer.status_code != 200:
                raise SystemExit(f"{route}: {answer.status_code} {answer.text}")
            found[route] = shortened(answer.json())
    return found


def main() -> None:
    """Print the examples."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=existing, required=True, help="a complete demo home; it gets an API token")
    print(json.dumps(answers(Home.at(parser.parse_args().home)), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
