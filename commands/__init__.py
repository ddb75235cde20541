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
    "demo": Verb("demo", "Build the demo catalogue: the thesis's 144 films, and 36 rendered films to analyse."),
    "serve": Verb(
        "serve", "Serve the app, with a worker for its admins' jobs; it opens no browser and sends nothing anywhere."
    ),
    "ingest": Verb(
        "ingest", "Add films: analyse and describe their music, then publish them. Films analysed before are skipped."
    ),
    "recommend": Verb(
        "recommend",
        "Recommend films like those you name, and say why. Without likes: films to start with.",
    ),
    "find": Verb("find", "Find scenes and films by words that describe their sound, and show what matched."),
    "sounds-like": Verb(
        "sounds_like", "Find the films and scenes whose music is most similar to a clip's. The clip is not stored."
    ),
    "tonight": Verb(
        "tonight",
        "Recommend films for several people: by the mean of their scores, lowered by whoever likes a film least.",
    ),
    "surprise": Verb(
        "tonight", "Recommend one well-received film that is unlike the answers to a question, and say why."
    ),
    "profiles": Verb("profiles", "Manage saved taste profiles (recommend --save-profile, or in the app)."),
    "analyse": Verb(
        "analyse", "Analyse one file with the models in use: where is music, and what is it like? Stores nothing."
    ),
    "mine": Verb(
        "mine", "Compare directors: correlations, projection, decision surfaces (separation), cross-validation."
    ),
    "export": Verb(
        "export", "Export the enhanced dataset: one row per film, the thesis's 25 columns, then filmscore's."
    ),
    "metadata": Verb("metadata", "Import and export films' metadata as tables."),
    "imdb": Verb("imdb", "Get metadata from IMDb."),
    "jellyfin": Verb(
        "media_servers",
        "Read a Jellyfin server's library: films, metadata, ratings and what was played; write a playlist back.",
    ),
    "plex": Verb(
        "media_servers",
        "Read a Plex server's library: films, metadata, ratings and what was viewed; write a playlist back.",
    ),
    "spotify": Verb("spotify", "Work with tracks that have Spotify's attributes."),
    "roots": Verb("roots", "Manage the folders from which the app may add films."),
    "listeners": Verb(
        "listening",
        "Set who may listen to excerpts of the films in the app and the API; without WHO: print the setting.",
    ),
    "forget-password": Verb(
        "serve", "Reset the admin password and end all sessions; the next `serve` prints a link to choose a new one."
    ),
    "backup": Verb(
        "backup", "Back up films, metadata, analyses and your own heads to one file, while others keep working."
    ),
    "restore": Verb("backup", "Restore a backup in place of the present state, and publish it."),
    "doctor": Verb(
        "doctor",
        "Check versions, weights, jobs, state, snapshot, index, parts and disk; exit code 3 if something is wrong.",
    ),
    "worker": Verb("worker", "Run the jobs of this home until stopped; jobs of a killed worker are requeued."),
    "api": Verb(
        "api", "Serve /films, /recommend, /sounds-like, /health, and /jobs with a token; documentation at /docs."
    ),
    "api-token": Verb("api", "Manage the tokens of programs that use the HTTP API."),
    "validity": Verb(
        "validity", "Run the pipeline on a synthetic file with known truth. It tests the pipeline, not the ear."
    ),
    "train": Verb("train", "Train a model on your own labelled recordings."),
    "evaluate": Verb("evaluate", "Evaluate the models on labelled recordings, or the recommender on ratings."),
    "models": Verb("models", "Manage the models in use: shipped models and locally trained heads."),
}
"""In the order of the help: what a newcomer needs first, then sources, upkeep and research.

Each line repeats the first paragraph of the verb's own help, which a test compares; `filmscore --help` prints it
without importing the verb."""
