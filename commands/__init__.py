"""The verbs of `filmscore`: which module of this room holds each. A module is imported when its verb is used.

Every module has `register(app)`, which adds its verbs to a Typer app.
"""

from __future__ import annotations

from typing import NamedTuple


class Verb(NamedTuple):
    """Where a verb is defined, and its line in the list of verbs."""

    module: str
    help: str


VERBS: dict[str, Verb] = {
    "ingest": Verb(
        "ingest", "Add films: hear them, describe their music, publish them. Films heard before are skipped."
    ),
    "analyse": Verb(
        "analyse", "Listen to one file with the models in use: where is music, and what is it like? Stores nothing."
    ),
    "recommend": Verb(
        "recommend",
        "Films to see next, with reasons whose shares sum to the score. Without likes: films to begin with.",
    ),
    "sounds-like": Verb("sounds_like", "Films and scenes whose music is nearest to a clip's. The clip is not stored."),
    "find": Verb("find", "Scenes and films that sound as some words say, each with what matched."),
    "profiles": Verb("profiles", "Tastes kept under a name (recommend --save-profile, or in the app)."),
    "validity": Verb(
        "validity", "Run the pipeline on a synthetic file of known truth. It tests the pipeline, not the ear."
    ),
    "train": Verb("train", "Train a model on your own labelled recordings."),
    "evaluate": Verb("evaluate", "Measure the models on labelled recordings, or the recommender on ratings."),
    "demo": Verb("demo", "Build the demo catalogue: the thesis's 144 films, and 36 rendered ones that can be heard."),
    "export": Verb("export", "Write the enhanced dataset: one row a film, the thesis's 25 columns, then filmscore's."),
    "backup": Verb(
        "backup", "Write films, metadata, analyses and your own heads into one file, while others go on working."
    ),
    "restore": Verb("backup", "Put a backup in the place of the present state, and publish it."),
    "doctor": Verb(
        "doctor",
        "Check versions, weights, jobs, state, snapshot, index, parts and disk; exit code 3 if something is wrong.",
    ),
    "api": Verb(
        "api", "Serve /films, /recommend, /sounds-like, /health, and /jobs for who has a token; documentation at /docs."
    ),
    "api-token": Verb("api", "Tokens of programs that write through the HTTP API."),
    "imdb": Verb("imdb", "Metadata from IMDb."),
    "metadata": Verb("metadata", "Metadata of films, in and out as tables."),
    "jellyfin": Verb(
        "jellyfin",
        "Read a Jellyfin server's library: films, metadata, ratings and what was played; write a playlist back.",
    ),
    "spotify": Verb("spotify", "Tracks with Spotify's attributes."),
    "mine": Verb(
        "mine", "What sets directors apart: correlations, projection, decision surfaces (separation), cross-validation."
    ),
    "models": Verb("models", "Shipped models, and heads that were trained here."),
    "roots": Verb("roots", "Folders that the app may add films from."),
    "listeners": Verb(
        "listening",
        "Say who may listen to excerpts of the films in the app and the API; without WHO: print what is set.",
    ),
    "serve": Verb(
        "serve", "Serve the app, with a worker for its admins' jobs; it opens no browser and sends nothing anywhere."
    ),
    "forget-password": Verb(
        "serve", "Forget the admin's password and end all sessions; the next `serve` prints a link to choose another."
    ),
    "worker": Verb(
        "worker", "Work through the jobs of this home until stopped; a killed worker's jobs are taken up again."
    ),
}
"""In the order of the help. Each line repeats the first paragraph of the verb's own help, which a test compares;
`filmscore --help` prints it without importing the verb."""
